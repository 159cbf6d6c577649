"""Pages of mentoring, as people meet them."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.access.cast import give_second_factor, signed_in
from tests.factories import alliance as make
from tests.factories import logbook, privileges
from tests.factories import mentoring as build
from training.mentoring.models import GuidanceSession, Mentorship, Posting

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in():
    """A browser of one's own for each, with a second factor where the role needs one."""

    def sign(user):
        if not Authenticator.objects.filter(user=user).exists():
            give_second_factor(user)
        return signed_in(user)

    return sign


def day(offset):
    return timezone.localdate() + timedelta(days=offset)


def page(client, row):
    return client.get(row.get_absolute_url()).content.decode()


def test_a_refused_plan_says_so_at_its_field_and_keeps_what_was_typed(world, sign_in):
    client = sign_in(world.township_manager)
    sent = {
        "kind": "rotation",
        "practitioner": "李文",
        "to_institution": world.township2.name,
        "valid_from": day(1),
        "valid_until": day(99),
        "plan": "普外科",
    }
    answer = client.post(reverse("mentoring:posting_new"), sent)
    assert answer.status_code == 422
    assert "Rotation leads to an institution of a higher tier." in answer.content.decode()
    assert "普外科" in answer.content.decode()
    answer = client.post(
        reverse("mentoring:posting_new"), sent | {"to_institution": "云溪县人民医院"}
    )
    assert answer.status_code == 302
    assert Posting.objects.get().practitioner == world.practitioner


def test_planning_begins_with_the_one_who_owes_a_rotation(world, sign_in):
    client = sign_in(world.township_manager)
    html = client.get(reverse("mentoring:year")).content.decode()
    link = re.search(r'href="([^"]*practitioner=[^"]*)"', html)[1]
    assert f'value="{world.practitioner.public_id}"' in client.get(link).content.decode()
    assert client.get(f"{reverse('mentoring:posting_new')}?practitioner=x").status_code == 404


def test_the_posted_doctor_taps_once_a_day(world, sign_in):
    row = build.planned_posting(world, start=-3)
    client = sign_in(world.doctor)
    assert "I am here today" in page(client, row)
    client.post(reverse("mentoring:posting_present", args=[row.public_id]))
    html = page(client, row)
    assert "Present today" in html
    assert "I am here today" not in html
    assert world.county.short_name in client.get(reverse("mentoring:postings")).content.decode()


def test_the_receiving_house_ticks_days_of_a_month(world, sign_in):
    row = build.running_posting(world, start=-40)
    client = sign_in(world.manager)
    first = row.valid_from
    url = reverse("mentoring:posting_days", args=[row.public_id])
    month = f"{first:%Y-%m}-01"
    sent = {"version": row.version, "month": month, "day": [first.day]}
    assert client.post(url, sent).status_code == 302
    assert list(row.days_present.values_list("day", flat=True)) == [first]
    html = client.get(f"{row.get_absolute_url()}?month={first:%Y-%m}").content.decode()
    assert f'value="{first.day}" checked' in html
    stale = client.post(url, sent | {"day": []})
    assert stale.status_code == 412
    row.refresh_from_db()
    bad = client.post(url, {"version": row.version, "month": "2026-02-01", "day": [31]})
    assert bad.status_code == 422
    assert "This month has no such day." in bad.content.decode()


def test_the_calendar_walks_through_the_months_of_the_posting(world, sign_in):
    row = build.running_posting(world, start=-70, days=150)
    client = sign_in(world.township_manager)
    html = client.get(f"{row.get_absolute_url()}?month=1999-01").content.decode()
    assert f"?month={row.valid_from:%Y-%m}" not in html  # it is the first: nothing before it
    assert 'type="checkbox"' not in html
    for asked in ("nonsense", "2026-13", "9999-12"):
        assert client.get(f"{row.get_absolute_url()}?month={asked}").status_code == 200


def test_from_arrival_to_assessment_by_page(world, sign_in):
    row = build.planned_posting(world, start=-30)
    host, sender, doctor = (
        sign_in(user) for user in (world.manager, world.township_manager, world.doctor)
    )

    def send(client, route, *args, **data):
        return client.post(reverse(f"mentoring:posting_{route}", args=[row.public_id, *args]), data)

    answer = send(host, "start", **{"start-version": 1, "start-day": day(-400)})
    assert answer.status_code == 422
    assert "The first day lies within the plan." in answer.content.decode()
    assert send(host, "start", **{"start-version": 1, "start-day": day(-28)}).status_code == 302
    assert "End the posting" in page(sender, row)
    send(host, "finish", **{"finish-version": 2, "finish-day": day(-1)})
    send(host, "evaluate", "host", **{"host-rating": 5, "host-text": "勤学好问"})
    send(doctor, "evaluate", "person", **{"person-rating": 4})
    send(
        sender, "assess", **{"assess-version": 3, "assess-assessment": "good", "assess-text": "好"}
    )
    row.refresh_from_db()
    assert (row.status, row.assessment, row.valid_until) == ("done", "good", day(-1))
    html = page(doctor, row)
    assert "勤学好问" in html
    assert "planned until" in html
    assert sender.get(row.get_absolute_url()).context["posting"].assessed_by


def test_filters_and_the_year(world, sign_in):
    row = build.running_posting(world, start=-3)
    client = sign_in(world.office)
    listed = reverse("mentoring:postings")

    def found(**query):
        return [one.posting for one in client.get(listed, query).context["rows"]]

    year = timezone.localdate().year
    assert found(kind="rotation", status="running", year=year, search="李") == [row]
    assert found(year=year - 5) == []
    assert found(practitioner=world.practitioner.public_id) == [row]
    assert client.get(listed, {"kind": "x"}).status_code == 422
    page_ = client.get(reverse("mentoring:year"), {"year": year})
    assert page_.context["rows"][0]["months"][timezone.localdate().month - 1]
    assert not client.get(reverse("mentoring:year"), {"year": year - 5}).context["rows"]
    assert client.get(reverse("mentoring:year"), {"year": "x"}).context["year"] == year


def test_a_finding_about_a_rotation_leads_to_the_person_s_postings(world, sign_in):
    client = sign_in(world.township_manager)
    url = reverse("mentoring:rotations_of", args=[world.practitioner.public_id])
    assert client.get(url).url.endswith(f"?practitioner={world.practitioner.public_id}")


def test_the_list_leaves_as_it_is_filtered(world, sign_in):
    row = build.running_posting(world, start=-3)
    row.days_present.create(day=day(0), recorded_by=world.doctor)
    client = sign_in(world.office)
    answer = client.get(reverse("core:export", args=["postings"]), {"kind": "rotation"})
    sheet = load_workbook(BytesIO(b"".join(answer))).active
    cells = [cell.value for line in sheet.iter_rows() for cell in line]
    assert {"李文", "Rotation", "Under way"} <= set(cells)
    none = client.get(reverse("core:export", args=["postings"]), {"kind": "dispatch"})
    cells = [c.value for line in load_workbook(BytesIO(b"".join(none))).active for c in line]
    assert "李文" not in cells


def test_the_card_leads_to_one_s_own_posting(world, sign_in):
    row = build.running_posting(world, start=-3)
    assert (
        row.get_absolute_url()
        in sign_in(world.doctor).get(reverse("training:home")).content.decode()
    )


def test_my_mentors_and_mentees_stand_first(world, sign_in):
    row = build.proposed_mentorship(world)
    client = sign_in(world.doctor)
    index = reverse("mentoring:mentorships")
    page_ = client.get(index)
    assert [one.mentorship for one in page_.context["waiting"]] == [row]
    assert "1 waits for you" in client.get(reverse("training:home")).content.decode()
    url = reverse("mentoring:mentorship_agree", args=[row.public_id])
    assert client.post(url, {"version": row.version}).status_code == 302
    page_ = client.get(index)
    assert [one.mentorship for one in page_.context["mentors"]] == [row]
    assert not page_.context["waiting"]
    theirs = sign_in(world.county_doctor).get(index)
    assert [one.mentorship for one in theirs.context["mentees"]] == [row]
    assert [one.label for one in theirs.context["rows"]] == ["running"]


def test_a_row_says_how_an_agreement_stands_today(world, sign_in):
    build.agreed_mentorship(world, start=3, technique=None)
    client = sign_in(world.office)

    def labels(**query):
        rows = client.get(reverse("mentoring:mentorships"), query).context["rows"]
        return [one.label for one in rows]

    assert labels() == ["to come"]
    Mentorship.objects.update(valid_from=day(-9), valid_until=day(0))
    assert labels(status="agreed", search="王") == ["completed"]
    assert labels(running="true") == []
    assert labels(running="false") == ["completed"]
    assert client.get(reverse("mentoring:mentorships"), {"status": "x"}).status_code == 422


def test_a_trainee_proposes_and_the_mentor_says_why_not(world, sign_in):
    client = sign_in(world.doctor)
    html = client.get(reverse("mentoring:mentorship_new")).content.decode()
    assert f'value="{world.practitioner.public_id}"' in html
    sent = {
        "mentor": "王建国",
        "mentee": "李文",
        "technique": world.appendectomy.code,
        "valid_from": day(0),
        "valid_until": day(200),
        "goals": "独立完成腹腔镜阑尾切除术",
    }
    answer = client.post(reverse("mentoring:mentorship_new"), sent)
    assert answer.status_code == 422
    assert "no independent privilege in force" in answer.content.decode()
    privileges.privilege(world)
    answer = client.post(reverse("mentoring:mentorship_new"), sent)
    row = Mentorship.objects.get()
    assert answer.url == row.get_absolute_url()
    mentor = sign_in(world.county_doctor)
    url = reverse("mentoring:mentorship_decline", args=[row.public_id])
    assert mentor.post(url, {"decline-version": 1, "decline-reason": ""}).status_code == 422
    mentor.post(url, {"decline-version": 1, "decline-reason": "排班已满"})
    assert "排班已满" in page(client, row)


def test_the_chain_leads_from_the_tertiary_to_the_township(world, sign_in):
    professor = make.PractitionerFactory(
        name="周教授", institution=world.tertiary, title_code="231"
    )
    top = build.proposed_mentorship(
        world, mentor=professor, mentee=world.county_doctor.practitioner, by=world.county_doctor
    )
    Mentorship.objects.filter(pk=top.pk).update(
        status="agreed", mentor_agreed_at=timezone.now(), mentor_agreed_by=world.office
    )
    build.agreed_mentorship(world)
    html = sign_in(world.office).get(reverse("mentoring:chain")).content.decode()
    assert html.index("周教授") < html.index("王建国") < html.index("李文")
    (tree,) = sign_in(world.office).get(reverse("mentoring:chain")).context["chains"]
    assert [tree.person.name, tree.below[0].person.name, tree.below[0].below[0].person.name] == [
        "周教授", "王建国", "李文"
    ]  # fmt: skip
    assert sign_in(world.outsider).get(reverse("mentoring:chain")).context["chains"] == []


def test_ending_keeps_what_was_agreed(world, sign_in):
    row = build.agreed_mentorship(world, start=-5)
    client = sign_in(world.township_manager)
    url = reverse("mentoring:mentorship_end", args=[row.public_id])
    client.post(url, {"end-version": row.version, "end-reason": "调离"})
    html = page(client, row)
    assert "planned until" in html
    assert "调离" in html


def test_mentorships_leave_in_a_file(world, sign_in):
    build.agreed_mentorship(world)
    answer = sign_in(world.office).get(reverse("core:export", args=["mentorships"]))
    lines = load_workbook(BytesIO(b"".join(answer))).active.iter_rows()
    assert "王建国" in {cell.value for line in lines for cell in line}


def test_findings_lead_to_a_mentor_s_mentorships(world, sign_in):
    url = reverse("mentoring:mentor_of", args=[world.practitioner.public_id])
    assert sign_in(world.manager).get(url).url.endswith(f"?mentor={world.practitioner.public_id}")


def session_data(world, **more):
    began = timezone.localtime() - timedelta(hours=3)
    data = {
        "mentor": "王建国",
        "institution": "青山镇卫生院",
        "participants": [str(world.practitioner.public_id)],
        "mode": "onsite",
        "starts_at": f"{began:%Y-%m-%dT%H:%M}",
        "minutes_taken": 90,
        "minutes": "示范清创缝合",
    }
    return data | more


def test_the_mentor_enters_a_session_from_the_mentorship(world, sign_in):
    pair = build.agreed_mentorship(world)
    client = sign_in(world.county_doctor)
    link = re.search(r'href="([^"]*guidance/new/[^"]*)"', page(client, pair))[1]
    html = client.get(link).content.decode()
    assert f'value="{world.practitioner.public_id}" selected' in html
    answer = client.post(link, session_data(world))
    row = GuidanceSession.objects.get()
    assert (answer.url, row.mentorship) == (row.get_absolute_url(), pair)
    assert "90 minutes" in page(client, pair)
    index = client.get(reverse("mentoring:sessions"))
    assert (index.context["totals"]["sessions"], index.context["hours"]) == (1, "1.5")
    assert client.get(reverse("mentoring:sessions"), {"mode": "x"}).status_code == 422
    assert client.get(f"{reverse('mentoring:session_new')}?mentorship=x").status_code == 404


def test_a_session_is_refused_at_its_field(world, sign_in):
    client = sign_in(world.county_doctor)
    url = reverse("mentoring:session_new")
    for change, words in [
        ({"participants": []}, "This field is required."),
        ({"participants": ["x"]}, "One of them is not to be found."),
        ({"minutes_taken": 5000}, "Enter 1 to 720 minutes."),
        ({"participants": [str(world.county_doctor.practitioner.public_id)]}, "The mentor is not"),
    ]:
        answer = client.post(url, session_data(world, **change))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not GuidanceSession.objects.exists()


def test_cases_of_a_session_are_shown_to_those_who_may_see_the_logbook(world, sign_in):
    entry = logbook.case(world)
    row = build.guidance_session(world, cases=[entry])
    assert entry.technique.name in page(sign_in(world.qc), row)
    url = reverse("mentoring:session_strike", args=[row.public_id])
    client = sign_in(world.county_doctor)
    assert client.post(url, {"strike-version": 1, "strike-reason": ""}).status_code == 422
    client.post(url, {"strike-version": 1, "strike-reason": "重复录入"})
    assert "重复录入" in page(client, row)
    answer = sign_in(world.office).get(reverse("core:export", args=["guidance-sessions"]))
    lines = load_workbook(BytesIO(b"".join(answer))).active.iter_rows()
    assert {"王建国", "重复录入", 60} <= {cell.value for line in lines for cell in line}
