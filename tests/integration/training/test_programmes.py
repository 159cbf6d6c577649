"""Pages of programmes: a path from enrolment to done, boards, drafts, records of the past."""

import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from tests.access.cast import give_second_factor
from tests.factories import alliance as make
from tests.factories import programmes as build
from tests.factories.files import cells, png
from tests.factories.privileges import privilege
from tests.integration.core.importing import bring_in
from tests.unit.training.test_programmes_selectors import operated, passed
from training.programmes.models import Enrolment, PriorRecord, Programme

pytestmark = pytest.mark.django_db
HEAD = ["licence_number", "kind", "technique", "part", "amount", "on", "title"]


@pytest.fixture
def office(world, browser_of):
    give_second_factor(world.office)
    return browser_of(world.office)


@pytest.fixture
def manager(world, browser_of):
    give_second_factor(world.township_manager)
    return browser_of(world.township_manager)


def text(answer):
    return answer.content.decode()


def test_from_an_empty_page_to_the_way_to_the_committee(world, browser_of):
    made = build.published(world)
    doctor = browser_of(world.doctor)
    assert "You are in no programme" in text(doctor.get(reverse("programmes:mine")))
    joined = doctor.post(
        reverse("programmes:enrol"),
        {
            "practitioner": str(world.practitioner.public_id),
            "programme": made.pk,
            "started_on": build.today().isoformat(),
        },
        follow=True,
    )
    assert "The enrolment is noted." in text(joined)
    row = Enrolment.objects.get()
    Enrolment.objects.update(started_on=build.ago(90))
    shown = text(doctor.get(reverse("programmes:mine")))
    assert "Exam passed" in shown
    assert "Nobody teaches you in this yet" in shown
    passed(world, technique=world.debridement, days=50)
    operated(world, days=60)
    operated(world, days=40)
    operated(world, days=30)
    shown = text(doctor.get(row.get_absolute_url()))
    assert "1 before the stages before it were passed" in shown
    trainer = browser_of(world.trainer)
    assert "Sign off" in text(trainer.get(reverse("programmes:board")))
    need = build.need(row, "sign_off")
    url = reverse("programmes:enrolment_sign", args=[row.public_id, need.pk])
    refused = trainer.post(url, {"on": build.ago(200).isoformat()})
    assert refused.status_code == 422
    assert "between the enrolment and today" in text(refused)
    trainer.post(url, {"on": build.today().isoformat()})
    done = text(browser_of(world.doctor).get(reverse("programmes:mine")))
    assert "Every requirement is met" in done


def test_an_account_without_a_doctor(browser_of, world):
    shown = text(browser_of(world.township_liaison).get(reverse("programmes:mine")))
    assert "belongs to no doctor" in shown


def test_the_home_page_fetches_my_path_and_my_trainees(world, browser_of):
    there = reverse("programmes:home")
    teacher = make.staff("trainer", institution=world.township)
    assert "Nobody learns here yet" in text(browser_of(teacher).get(there))
    assert "You are in no programme" in text(browser_of(world.doctor).get(there))
    row = build.enrolment(world, mentor=world.county_doctor.practitioner)
    mine = text(browser_of(world.doctor).get(there))
    assert row.get_absolute_url() in mine
    assert "0 / 1" in mine
    assert "Go to the exam" in mine
    for user in (teacher, world.county_doctor):
        shown = text(browser_of(user).get(there))
        assert "My trainees" in shown
        assert "李文" in shown
    assert "李文" not in text(browser_of(world.township2_doctor).get(there))


def test_the_matrix_and_its_workbook(world, manager):
    build.enrolment(world)
    privilege(world, practitioner=world.practitioner, technique=world.appendectomy,
              institution=world.township)  # fmt: skip
    url = reverse("programmes:matrix")
    shown = text(manager.get(url))
    why = "Graded Advanced: institutions of this tier may not do it."
    assert shown.count(why) == 1
    assert f"practitioner={world.practitioner.public_id}" in shown
    assert "Nobody stands in any technique here" in text(manager.get(url, {"grade": "complex"}))
    assert manager.get(url, {"grade": "none"}).status_code == 422
    for other in ("x", str(world.county.public_id)):
        assert manager.get(url, {"institution": other}).status_code == 403
    file = manager.get(reverse("programmes:matrix_export"))
    rows = cells(io.BytesIO(b"".join(file.streaming_content)))
    assert rows[0] == [
        "Doctor",
        "Department",
        "清创缝合术 86.2200x011",
        "腹腔镜下阑尾切除术 47.0100",
    ]
    assert ["李文", None, "In training 0 %", f"Privileged, but not now: {why}"] in rows


def test_the_alliance_by_institution(world, office):
    build.enrolment(world)
    url = reverse("programmes:houses")
    assert "清创缝合术" in text(office.get(url, {"tier": "township"}))
    assert office.get(url, {"tier": "moon"}).status_code == 422
    shown = office.get(reverse("programmes:matrix"), {"institution": world.township.public_id})
    assert "李文" in text(shown)


def test_a_programme_is_made_and_compared(world, office):
    made = office.post(
        reverse("programmes:programme_new"), {"name": "岗前培训", "kind": "entry"}, follow=True
    )
    draft = Programme.objects.get().versions.get()
    assert "No stages yet" in text(made)
    add = reverse("programmes:stage_add", args=[draft.public_id])
    office.post(add, {"kind": "theory", "name": "理论", "version": 1})
    stale = office.post(add, {"kind": "theory", "name": "理论", "version": 1})
    assert stale.status_code == 412
    need = reverse("programmes:requirement_add", args=[draft.public_id])
    stage = draft.stages.get()
    values = {"stage": stage.pk, "kind": "exam", "label": "岗前考试", "minimum": 1, "version": 2}
    assert "has to be reached" in text(office.post(need, values))
    assert office.post(need, {**values, "variety": "entry"}).status_code == 302
    first = stage.requirements.get()
    there = reverse("programmes:requirement_edit", args=[draft.public_id, first.pk])
    assert 'value="岗前考试"' in text(office.get(there))
    values |= {"variety": "entry", "version": 3}
    assert "has to be reached" in text(office.post(there, {**values, "variety": ""}))
    put_right = office.post(there, {**values, "minimum": 2})
    assert put_right.url.endswith(f"#need-{first.pk}")
    office.post(need, {**values, "label": "入职考试", "version": 4})
    move = reverse("programmes:requirement_move", args=[draft.public_id, first.pk, "down"])
    assert office.post(move).status_code == 428
    assert office.post(move, {"version": 4}).status_code == 412
    office.post(move, {"version": 5})
    shown = text(office.get(draft.get_absolute_url()))
    assert shown.index("入职考试</b>") < shown.index("岗前考试</b>")
    assert "Move 岗前考试 up" in shown
    assert "Move 岗前考试 down" not in shown
    rename = reverse("programmes:stage_edit", args=[draft.public_id, stage.pk])
    assert 'value="理论"' in text(office.get(rename))
    office.post(rename, {"kind": "theory", "name": "理论学习", "version": 6})
    publish = reverse("programmes:version_publish", args=[draft.public_id])
    late = office.post(publish, {"effective_from": build.ago(1).isoformat(), "version": 7})
    assert late.status_code == 422
    office.post(publish, {"effective_from": build.today().isoformat(), "version": 7})
    programme = Programme.objects.get()
    office.post(reverse("programmes:programme_draft", args=[programme.public_id]))
    second = programme.versions.get(number=2)
    gone = second.stages.get().requirements.get(label="岗前考试")
    remove = reverse("programmes:requirement_remove", args=[second.public_id, gone.pk])
    office.post(remove, {"version": second.version})
    shown = text(office.get(reverse("programmes:version_compare", args=[second.public_id])))
    assert "岗前考试" in shown
    same = reverse("programmes:version_compare", args=[draft.public_id])
    assert "岗前考试" in text(office.get(same))


def test_standard_programmes_by_one_tap(world, office):
    shown = office.post(reverse("programmes:standard"), follow=True)
    assert "6 programmes were made." in text(shown)


def test_a_paper_is_attached_and_read(world, browser_of):
    trainer = browser_of(world.trainer)
    sent = {
        "practitioner": str(world.practitioner.public_id),
        "kind": "cases",
        "title": "进修证明",
        "on": build.ago(500).isoformat(),
        "amount": "12",
        "technique": world.debridement.code,
        "part": "supervised",
    }
    wrong = trainer.post(reverse("programmes:prior_new"), {**sent, "evidence": _fake()})
    assert "Only PDF, JPEG and PNG" in text(wrong)
    trainer.post(reverse("programmes:prior_new"), sent)
    record = PriorRecord.objects.get()
    assert (
        trainer.get(reverse("programmes:prior_evidence", args=[record.public_id])).status_code
        == 404
    )
    attach = reverse("programmes:prior_attach", args=[record.public_id])
    assert trainer.post(attach, {"version": 1, "evidence": _fake()}).status_code == 422
    trainer.post(attach, {"version": 1, "evidence": png()})
    give_second_factor(world.township_manager)
    boss = browser_of(world.township_manager)
    paper = boss.get(reverse("programmes:prior_evidence", args=[record.public_id]))
    assert b"".join(paper.streaming_content).startswith(b"\x89PNG")
    assert (paper["Content-Type"], paper["X-Content-Type-Options"]) == ("image/png", "nosniff")
    decide = reverse("programmes:prior_decide", args=[record.public_id])
    assert "Say why" in text(boss.post(decide, {"version": 2, "accepted": "no"}))
    boss.post(decide, {"version": 2, "accepted": "yes"})
    assert PriorRecord.objects.get().state == "confirmed"


def _fake():
    return ContentFile(b"MZ not a picture", name="photo.png")


def test_records_come_in_from_excel(world):
    person = world.practitioner.licence_number
    good = [person, "cases", "86.2200x011", "supervised", "12", "2024-06-30", "进修证"]
    bring_in(world.trainer, "prior-records", HEAD, good)
    row = PriorRecord.objects.get()
    assert (row.state, row.amount, row.institution) == ("waiting", 12, world.township)
    bring_in(world.trainer, "prior-records", HEAD, good)
    assert PriorRecord.objects.count() == 1
    stranger = world.county_doctor.practitioner.licence_number
    for bad in (
        [stranger, *good[1:]],
        ["nobody", *good[1:]],
        [*good[:4], "20", *good[5:]],
        [person, "sign_off", "", "", "1", "2024-06-30", "签字"],
        [person, "cases", "", "supervised", "1", "2024-06-30", "缺技术"],
        [person, "hours", "", "", "0", "2024-06-30", "零"],
    ):
        bring_in(world.trainer, "prior-records", HEAD, bad)
    lone = make.PractitionerFactory(institution=world.outside).licence_number
    teacher = make.staff("trainer", institution=world.outside)
    bring_in(teacher, "prior-records", HEAD, [lone, *good[1:]])
    assert PriorRecord.objects.count() == 1


def test_the_api_tells_how_far(world, browser_of):
    row = build.enrolment(world)
    passed(world, technique=world.debridement)
    browser = browser_of(world.trainer)
    (found,) = browser.get(reverse("api:enrolment-list")).json()["results"]
    assert found["id"] == str(row.public_id)
    assert (found["progress"]["percent"], found["progress"]["stage"]) == (33, "Clinical practice")
    assert [one["is_met"] for one in found["progress"]["requirements"]] == [True, False, False]
    one = browser.get(reverse("api:enrolment-detail", args=[row.public_id])).json()
    assert one["progress"] == found["progress"]
    mine = browser.get(reverse("api:enrolment-list"), {"mine": "true"}).json()["results"]
    assert mine == []
    others = browser.get(reverse("api:enrolment-list"), {"mine": "false"}).json()["results"]
    assert len(others) == 1
