"""The pages of the logbook as people use them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.core.models import AuditEntry
from alliance.notices.models import Notice
from tests import worlds
from tests.access.cast import give_second_factor
from tests.factories import logbook as make
from training.logbook import actions, notices
from training.logbook.models import Case, CaseDraft, CurveReview

pytestmark = pytest.mark.django_db
NEW = reverse("logbook:new")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def taught(world, today):
    make.teach(world, valid_from=today - timedelta(days=30))
    return world


@pytest.fixture
def manager_of(browser_of):
    """Sign in somebody whose role needs a second factor."""

    def sign_in(user):
        give_second_factor(user)
        return browser_of(user)

    return sign_in


def typed(world, today, **more):
    surgeon = world.county_doctor.practitioner
    return {
        "technique": world.appendectomy.code,
        "performed_on": str(today),
        "external_case_number": "ZY1",
        "role": "supervised",
        "supervisor": str(surgeon.public_id),
        "outcome": "good",
        "institution": str(world.county.public_id),
        "operator": str(world.practitioner.public_id),
        "idempotency_key": "a",
        **more,
    }


def test_a_case_is_entered_once_and_the_next_form_begins_like_it(taught, browser_of, today):
    doctor = browser_of(taught.doctor)
    asked = {"technique": taught.appendectomy.code, "role": "supervised", "supervisor": "nobody"}
    form = doctor.get(NEW, asked).context["form"]
    assert [form.initial.get(name) for name in asked] == [*list(asked.values())[:2], None]
    for _tap in range(2):
        assert doctor.post(NEW, typed(taught, today)).url == reverse("logbook:mine")
    case = Case.objects.get()
    assert (case.role, case.institution) == ("supervised", taught.county)
    form = doctor.get(NEW).context["form"]
    assert form["technique"].value() == taught.appendectomy.code
    assert form["role"].value() == "supervised"
    assert form["external_case_number"].value() is None
    page = doctor.get(reverse("logbook:mine")).content.decode()
    assert "ZY1" in page
    assert "Waits for confirmation" in page


def test_what_is_refused_stands_at_its_field(taught, browser_of, today):
    answer = browser_of(taught.doctor).post(
        NEW, typed(taught, today + timedelta(days=1), patient="x")
    )
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert "patient" in errors
    answer = browser_of(taught.doctor).post(NEW, typed(taught, today + timedelta(days=1)))
    assert answer.context["form"].errors == {"performed_on": ["This day has not come yet."]}


def test_a_draft_comes_back_until_it_is_dropped_or_recorded(taught, browser_of, today):
    doctor = browser_of(taught.doctor)
    half = {
        "technique": taught.appendectomy.code,
        "notes": "half",
        "converted": "on",
        "patient": "x",
    }
    answer = doctor.post(reverse("logbook:draft"), half)
    assert answer.json()["saved_at"]
    form = doctor.get(NEW).context["form"]
    assert form["notes"].value() == "half"
    assert form["converted"].value() is True
    doctor.post(reverse("logbook:draft_drop"))
    assert doctor.get(NEW).context["form"]["notes"].value() is None
    doctor.post(reverse("logbook:draft"), half)
    doctor.post(NEW, typed(taught, today))
    assert not CaseDraft.objects.exists()


def test_who_has_no_practitioner_is_told_kindly(world, manager_of):
    manager = manager_of(world.township_manager)
    page = manager.get(reverse("logbook:mine"))
    assert "Your account belongs to no practitioner" in page.content.decode()
    form = manager.get(NEW).context["form"]
    assert form["institution"].value() == world.township.public_id


def test_confirm_and_next(taught, browser_of, today):
    first, second = (
        make.record(taught, performed_on=today - timedelta(days=days)) for days in (2, 1)
    )
    actions.load_scales()
    surgeon = browser_of(taught.county_doctor)
    waiting = reverse("logbook:waiting")
    page = surgeon.get(waiting)
    assert page.context["case"] == first
    assert surgeon.get(page.context["skip_url"]).context["case"] == second
    assert surgeon.get(f"{waiting}?after=x").context["case"] == first
    scale = page.context["confirm_form"].scales[0]
    marks = {f"rate-{scale.pk}-{item['code']}": 4 for item in scale.items}
    confirm = reverse("logbook:case_confirm", args=[first.public_id])
    partly = dict(list(marks.items())[:1])
    stopped = surgeon.post(confirm, {"version": 1, "next": "waiting", **partly})
    assert stopped.status_code == 422
    assert stopped.context["onward"]
    begun = [begun for _scale, _fields, begun in stopped.context["confirm_form"].groups()]
    assert sorted(begun) == [False] * (len(begun) - 1) + [True]
    assert surgeon.post(confirm, {"version": 1, "next": "waiting", **marks}).url == waiting
    first.refresh_from_db()
    assert (first.status, first.rating) == ("confirmed", 4)
    reject = reverse("logbook:case_reject", args=[second.public_id])
    assert surgeon.post(reject, {"version": 1}).status_code == 422
    surgeon.post(reject, {"version": 1, "reason": "日期不对"})
    assert surgeon.get(waiting).context["case"] is None
    assert surgeon.get(first.get_absolute_url()).context["ratings"]


def test_an_amended_case_shows_before_and_after(taught, browser_of, today):
    case = make.done(taught, performed_on=today, notes="原记录")
    surgeon = browser_of(taught.county_doctor)
    change = reverse("logbook:case_change", args=[case.public_id])
    assert surgeon.get(change).context["form"]["notes"].value() == "原记录"
    late = typed(taught, today, outcome="complication", clavien_dindo="IIIa", version=2)
    late["external_case_number"] = case.external_case_number
    assert surgeon.post(change, late).status_code == 422
    assert surgeon.post(change, {**late, "reason": "胆漏"}).url == case.get_absolute_url()
    page = surgeon.get(case.get_absolute_url()).content.decode()
    assert "原记录" in page
    assert "胆漏" in page
    void = reverse("logbook:case_void", args=[case.public_id])
    assert surgeon.post(void, {"version": 3}).status_code == 422
    surgeon.post(void, {"version": 3, "reason": "重复"})
    assert surgeon.post(void, {"version": 4, "reason": "重复"}).status_code == 403
    assert browser_of(taught.doctor).post(void, {"version": 4, "reason": "重复"}).status_code == 409


def test_patients_are_named_to_their_carers_alone_and_reading_is_noted(taught, browser_of, today):
    patient = worlds.patient(taught)
    case = make.record(
        taught,
        patient=patient,
        institution=taught.township,
        performed_on=today,
        role="independent",
        supervisor=None,
    )
    name = patient.masked_name
    url = case.get_absolute_url()
    assert name in browser_of(taught.doctor).get(url).content.decode()
    assert AuditEntry.objects.filter(action="patient.read").count() == 1
    for reader in (taught.trainer, taught.office):
        page = browser_of(reader).get(url).content.decode()
        assert name not in page
    assert case.external_case_number not in page
    found = browser_of(taught.doctor).get(
        reverse("logbook:lookup", args=["patients"]), {"search": "王"}
    )
    assert [one["name"] for one in found.json()["results"]] == [name]


def test_search_boxes_find_people_techniques_and_nothing_else(taught, browser_of):
    doctor = browser_of(taught.doctor)

    def results(kind, **query):
        return doctor.get(reverse("logbook:lookup", args=[kind]), query).json()["results"]

    assert results("techniques", search="47.01")[0]["code"] == taught.appendectomy.code
    assert results("techniques") == []
    (surgeon,) = results("people", search="王建", technique=taught.appendectomy.code)
    assert "privileged" in surgeon["hint"]
    assert len(results("people")) >= 2
    assert results("patients") == []
    assert doctor.get(reverse("logbook:lookup", args=["devices"])).status_code == 404


def test_the_list_is_filtered_by_what_people_ask(taught, manager_of, today):
    case = make.record(taught, performed_on=today, institution=taught.township)
    manager = manager_of(taught.township_manager)

    def rows(**query):
        answer = manager.get(reverse("logbook:list"), query)
        return answer.status_code, [row.case for row in answer.context["rows"]]

    number = case.external_case_number
    for query in ({"search": "李"}, {"search": number}, {"role": "supervised"}, {}):
        assert rows(**query) == (200, [case]), query
    for query in ({"search": "赵"}, {"search": "ZY999"}, {"status": "confirmed"}):
        assert rows(**query) == (200, []), query
    assert rows(role="boss")[1] == []


def test_a_curve_is_drawn_on_the_server_and_in_words(taught, browser_of, today):
    for days in range(3):
        make.done(taught, performed_on=today - timedelta(days=days), converted=days == 1)
    doctor = browser_of(taught.doctor)
    assert len(doctor.get(reverse("logbook:curves")).context["rows"]) == 1
    url = reverse("logbook:curve", args=[taught.practitioner.public_id, "47.0100"])
    page = doctor.get(url).content.decode()
    assert "3 cases say nothing yet." in page
    assert "<polyline" in page
    assert "3 cases, 1 of them failed." in page
    assert browser_of(taught.township2_doctor).get(url).status_code == 403


def test_a_signal_is_decided_on_its_page_and_people_are_told(taught, browser_of, today):
    case = make.done(taught, performed_on=today)
    review = CurveReview.objects.create(
        alliance=taught.alliance,
        practitioner=taught.practitioner,
        technique=taught.appendectomy,
        cause="loss",
        case=case,
        case_number=1,
    )
    notices.signal(review_id=review.pk)
    told = set(Notice.objects.values_list("user", flat=True))
    assert told == {taught.doctor.pk, taught.township_manager.pk}
    good = CurveReview.objects.create(
        alliance=taught.alliance,
        practitioner=taught.practitioner,
        technique=taught.gastrectomy,
        cause="competence",
        case=case,
        case_number=1,
    )
    qc, listed = browser_of(taught.qc), reverse("logbook:reviews")
    assert qc.get(listed).context["listing"].rows == [review, good]  # the gravest first
    url = review.get_absolute_url()
    assert qc.post(url, {"version": 1, "decision": "learn"}).status_code == 422
    assert qc.post(url, {"version": 1, "decision": "learn", "note": "复核"}).url == url
    notices.decided(review_id=review.pk)
    assert Notice.objects.filter(text_key="logbook.decided", user=taught.doctor).exists()
    assert qc.get(listed).context["listing"].rows == [good]
    assert qc.get(listed, {"is_open": "false"}).context["listing"].rows == [review]
    assert qc.get(listed, {"is_open": "x"}).context["listing"].rows == []


def test_people_hear_of_cases_that_wait_and_that_came_back(taught, today):
    case = make.record(taught, performed_on=today)
    for _twice in range(2):
        notices.recorded(case_id=case.pk)
    assert Notice.objects.get().user == taught.county_doctor
    case = actions.reject_case(case=case, by=taught.county_doctor, version=1, reason="日期")
    notices.recorded(case_id=case.pk)
    notices.rejected(case_id=case.pk)
    assert Notice.objects.get(text_key="logbook.rejected").user == taught.doctor


def test_the_api_enters_a_case_once_per_key(taught, browser_of, today):
    doctor = browser_of(taught.doctor)
    body = {
        "technique": "47.0100",
        "institution": str(taught.county.public_id),
        "performed_on": str(today),
        "external_case_number": "ZY1",
        "operator": str(taught.practitioner.public_id),
        "supervisor": str(taught.county_doctor.practitioner.public_id),
        "role": "supervised",
    }
    url = reverse("api:case-list")
    key = {"Idempotency-Key": "k"}
    answers = [
        doctor.post(url, body, content_type="application/json", headers=key) for _i in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1]["Idempotency-Replayed"] == "true"
    case = Case.objects.get()
    assert (case.source, case.status) == ("api", "recorded")
    assert answers[0].json()["actions"] == ["correct", "void"]
    late = {**body, "performed_on": str(today + timedelta(days=1))}
    refused = doctor.post(url, late, content_type="application/json")
    assert refused.status_code == 400
    assert "performed_on" in refused.json()["errors"]


def test_cases_leave_in_a_file_for_those_who_keep_the_book(taught, browser_of, manager_of, today):
    make.record(taught, performed_on=today, institution=taught.township)
    export = reverse("core:export", args=["cases"])
    answer = manager_of(taught.township_manager).get(export)
    assert answer.status_code == 200
    assert answer.getvalue()
    assert browser_of(taught.doctor).get(export).status_code == 403


def test_an_absence_is_noted_and_ended(world, manager_of, today):
    manager = manager_of(world.township_manager)
    url = reverse("people:practitioner_absences", args=[world.practitioner.public_id])
    leave = {"kind": "leave", "valid_from": str(today), "valid_until": str(today)}
    assert manager.post(url, leave).status_code == 422
    began = {**leave, "valid_from": str(today - timedelta(days=2))}
    back = str(today + timedelta(days=5))
    assert manager.post(url, {**began, "valid_until": back}).url == url
    assert manager.post(url, {**began, "valid_until": back}).status_code == 422
    later = {"valid_from": back, "valid_until": str(today + timedelta(days=9))}
    manager.post(url, {**leave, **later})
    coming, running = world.practitioner.absences.order_by("-valid_from")
    for absence in (running, coming):
        manager.post(reverse("people:absence_end", args=[absence.pk]))
    running.refresh_from_db()
    assert running.valid_until == today
    assert world.practitioner.absences.count() == 1
    end = reverse("people:absence_end", args=[running.pk])
    assert manager.post(end).status_code == 409
