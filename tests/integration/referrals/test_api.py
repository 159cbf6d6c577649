"""The referrals API: the loop, refusals by field and code, scope, versions, keys, query counts."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from alliance.core.choices import Role
from alliance.people.models import User
from referrals.models import ReasonCode, Referral
from tests import worlds
from tests.factories import alliance as make

URL = "/api/v1/referrals/"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def api(user):
    """A caller signed in as `user`, reading English."""
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(user)
    return client


@pytest.fixture
def systems(world):
    """The interface accounts of township, county and second township."""
    return {
        name: make.staff(Role.INTERFACE, institution=getattr(world, name), is_service=True)
        for name in ("township", "county", "township2")
    }


@pytest.fixture
def reasons(world):
    for move, code in [("reject", "no_capacity"), ("cancel", "patient_wish")]:
        ReasonCode.objects.create(
            move=move, code=code, label_zh=code, label_en=code, valid_from="2020-01-01"
        )


def body(world, **more):
    filing = {
        "patient": str(worlds.patient(world).public_id),
        "direction": "up",
        "urgency": "urgent",
        "sender": str(world.township.public_id),
        "receiver": str(world.county.public_id),
        "diagnoses": ["K35.800x001"],
        "preliminary_impression": "急性阑尾炎可能",
        "present_illness": "转移性右下腹痛 12 小时",
        "indication": "需手术治疗",
        "consent": {"given": True, "method": "written", "given_by": "patient"},
    }
    return filing | more


def post(user, url, data, **headers):
    return api(user).post(url, data, format="json", headers=headers)


def move(user, row, name, **data):
    return post(
        user,
        f"{URL}{row['id']}/moves/",
        {"move": name, **data},
        **{"if-match": f'"{row["version"]}"'},
    )


def test_create_answers_the_row_with_its_version_and_address(world, systems):
    answer = post(systems["township"], URL, body(world))
    assert answer.status_code == 201, answer.json()
    row = answer.json()
    assert (row["status"], row["holder"]) == ("pending", str(world.county.public_id))
    assert answer["ETag"] == '"1"'
    assert row["id"] in answer["Location"]
    assert row["actions"] == ["cancel", "mark_deceased", "mark_error"]
    assert "王小兰" not in answer.content.decode()


def test_create_repeats_under_its_key_and_refuses_another_body(world, systems):
    filing, key = body(world), str(uuid.uuid4())
    first = post(systems["township"], URL, filing, **{"idempotency-key": key})
    again = post(systems["township"], URL, filing, **{"idempotency-key": key})
    other = post(
        systems["township"], URL, filing | {"urgency": "routine"}, **{"idempotency-key": key}
    )
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json()["id"] == again.json()["id"]
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"diagnoses": ["Z99.999x999"]}, "diagnoses"),
        ({"patient": str(uuid.uuid4())}, "patient"),
        ({"receiver": "nonsense"}, "receiver"),
        ({"urgency": "soon"}, "urgency"),
        ({"indication": ""}, "indication"),
        ({"consent": None}, "consent"),
        ({"consent": {"given": "perhaps"}}, "consent.given"),
        ({"consent": {"given": True, "method": "emergency"}}, "consent.method"),
        ({"consent": {"given": True, "given_by": "nobody"}}, "consent.given_by"),
        ({"consent": {"given": True, "given_at": "2999-01-01T00:00:00Z"}}, "consent.given_at"),
        ({"diagnoses": [{}]}, "diagnoses.0"),
        ({"alergies": "青霉素"}, "alergies"),
        ({"consent": {"given": True, "by": "patient"}}, "consent.by"),
    ],
)
def test_create_names_the_field(world, systems, change, field):
    answer = post(systems["township"], URL, body(world) | change)
    assert answer.status_code == 400, answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert field in answer.json()["errors"]
    assert not Referral.objects.exists()


@pytest.mark.parametrize("person", ["office", "qc"])
def test_overseers_read_the_leg_and_nothing_that_was_written(world, person):
    texts = {"contact_phone": "13812345678", "allergies": "青霉素", "stability": "平稳"}
    leg = worlds.pending_referral(world, **texts)
    shown = api(getattr(world, person)).get(f"{URL}{leg.public_id}/").json()
    assert shown["diagnosis"] == leg.diagnosis.code
    assert {shown[name] for name in (*texts, "present_illness", "indication")} == {""}
    mine = api(world.liaison).get(f"{URL}{leg.public_id}/").json()
    assert {name: mine[name] for name in texts} == texts


def test_create_for_another_sender_is_refused_by_field(world, systems):
    answer = post(systems["township2"], URL, body(world))
    assert answer.status_code == 400
    assert {"sender", "patient"} <= answer.json()["errors"].keys()


def test_refused_receiver_has_a_code_and_alternatives(world, systems):
    answer = post(systems["township"], URL, body(world, receiver=str(world.outside.public_id)))
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "relation_missing"
    assert problem["alternatives"][0]["name"]


def test_whole_loop_over_the_api(world, systems):
    row = post(systems["township"], URL, body(world)).json()
    soon = (timezone.now() + timedelta(hours=2)).isoformat()
    for who, name, data, status in [
        ("county", "ask", {"question": "有无发热？"}, "info_requested"),
        ("township", "answer", {"answer": "38.2"}, "pending"),
        ("county", "accept", {}, "accepted"),
        ("county", "reserve", {"at": soon, "place": "普外科 3 床"}, "reserved"),
        ("county", "arrive", {}, "arrived"),
        ("county", "start_care", {}, "in_care"),
        ("county", "finish_care", {"outcome": "recovered", "summary": "好"}, "care_done"),
        (
            "county",
            "refer_back",
            {"receiver": str(world.township.public_id), "stability": "稳定", "plan": "拆线"},
            "back_referred",
        ),
    ]:
        row = api(systems[who]).get(f"{URL}{row['id']}/").json()
        assert name in row["actions"]
        answer = move(systems[who], row, name, **data)
        assert answer.status_code == 200, answer.json()
        row = answer.json()
        assert row["status"] == status
    child = api(systems["township"]).get(f"{URL}?direction=down").json()["results"][0]
    assert child["parent"] == row["id"]
    for name in ("accept", "arrive", "start_care"):
        child = move(systems["township"], child, name).json()
    child = move(systems["township"], child, "follow_up", note="好", outcome="recovered").json()
    child = move(systems["township"], child, "close").json()
    assert child["status"] == "closed"
    assert api(systems["county"]).get(f"{URL}{row['id']}/").json()["status"] == "closed"
    events = api(systems["county"]).get(f"{URL}{row['id']}/events/").json()["results"]
    assert [event["move"] for event in events] == [
        "submit", "ask", "answer", "accept", "reserve", "arrive", "start_care", "finish_care",
        "refer_back", "close",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "name", "version", "status"),
    [
        ("township", "accept", 1, 403),
        ("county", "accept", None, 428),
        ("county", "accept", 8, 412),
        ("county", "finish_care", 1, 409),
        ("county", "fly", 1, 400),
        ("county", "lapse", 1, 403),
        ("township2", "accept", 1, 404),
    ],
)
def test_moves_refused(world, systems, who, name, version, status):
    row = post(systems["township"], URL, body(world)).json()
    headers = {} if version is None else {"if-match": f'"{version}"'}
    answer = post(systems[who], f"{URL}{row['id']}/moves/", {"move": name}, **headers)
    assert answer.status_code == status, answer.json()
    assert answer.json()["code"]
    assert Referral.objects.get().version == 1


def test_a_move_refuses_what_it_does_not_know_by_name(world, systems):
    leg = worlds.pending_referral(world)
    answer = post(
        systems["county"], f"{URL}{leg.public_id}/moves/", {"move": "accept", "dept": "外科"},
        **{"if-match": f'"{leg.version}"'},
    )  # fmt: skip
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["dept"])
    leg.refresh_from_db()
    assert leg.status == "pending"


def test_repeated_move_under_one_key_is_one_move(world, systems):
    row = post(systems["township"], URL, body(world)).json()
    headers = {"if-match": '"1"', "idempotency-key": "k1"}
    for _round in range(2):
        answer = post(systems["county"], f"{URL}{row['id']}/moves/", {"move": "accept"}, **headers)
        assert (answer.status_code, answer.json()["version"]) == (200, 2)


def test_reject_needs_a_reason_and_offers_alternatives(world, systems, reasons):
    row = post(systems["township"], URL, body(world)).json()
    bare = move(systems["county"], row, "reject")
    assert bare.status_code == 400
    assert "reason_code" in bare.json()["errors"]
    codes = api(systems["county"]).get("/api/v1/reason-codes/?move=reject").json()["results"]
    answer = move(systems["county"], row, "reject", reason_code=codes[0]["code"])
    assert answer.json()["status"] == "rejected"
    assert str(world.county2.public_id) in [a["id"] for a in answer.json()["alternatives"]]


@pytest.mark.parametrize(
    "query", ["cursor=nonsense", "status=flying", "updated_since=x", "ordering=id"]
)
def test_list_refuses_what_it_does_not_know(world, systems, query):
    answer = api(systems["township"]).get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"]


def test_list_is_the_callers_own_and_pages_by_cursor(world, systems):
    for serial in range(1, 6):
        worlds.pending_referral(world, patient=worlds.patient(world, serial, f"病人{serial}"))
    seen, url = [], f"{URL}?page_size=2"
    while url:
        page = api(systems["county"]).get(url).json()
        seen += [row["number"] for row in page["results"]]
        url = page["next"]
    assert seen == list(
        Referral.objects.order_by("-created_at", "-id").values_list("number", flat=True)
    )
    assert api(systems["township2"]).get(URL).json()["results"] == []


def test_office_sees_steps_and_no_words(world, systems):
    row = post(systems["township"], URL, body(world)).json()
    move(systems["county"], row, "ask", question="有无发热？")
    events = api(world.office).get(f"{URL}{row['id']}/events/")
    assert events.status_code == 200
    assert "发热" not in events.content.decode()


def test_list_costs_the_same_for_one_and_for_twenty(world, systems):
    api(systems["county"]).get(URL)  # the rate limit in force is remembered for a minute
    counts = []
    for serials in (range(1, 2), range(2, 21)):
        for serial in serials:
            worlds.pending_referral(world, patient=worlds.patient(world, serial, f"病人{serial}"))
        caller = api(User.objects.get(pk=systems["county"].pk))
        with CaptureQueriesContext(connection) as queries:
            assert caller.get(URL).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_filing_and_accepting_cost_the_same_however_many_were_filed(world, systems):
    api(systems["county"]).get(URL)  # the rate limit in force is remembered for a minute
    counts = []
    for serials in (range(2, 4), range(4, 14)):
        for serial in serials:
            patient = worlds.patient(world, serial, f"病人{serial}")
            filing = body(world, patient=str(patient.public_id))
            with CaptureQueriesContext(connection) as filed:
                row = post(fresh(systems["township"]), URL, filing).json()
            with CaptureQueriesContext(connection) as accepted:
                assert move(fresh(systems["county"]), row, "accept").status_code == 200
        counts.append((len(filed), len(accepted)))
    assert counts == [(28, 16)] * 2


def fresh(user):
    """The same person, of whom nothing is remembered."""
    return User.objects.get(pk=user.pk)


def test_attachment_is_kept_downloaded_safely_and_removed(world, systems):
    row = post(systems["township"], URL, body(world)).json()
    url = f"{URL}{row['id']}/attachments/"
    file = SimpleUploadedFile("片子.png.exe", PNG)
    made = api(systems["township"]).post(url, {"file": file}, format="multipart")
    assert made.status_code == 201, made.json()
    assert made.json()["name"] == "片子.png.png"
    got = api(systems["county"]).get(f"{url}{made.json()['id']}/")
    assert b"".join(got.streaming_content) == PNG
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in got["Content-Disposition"]
    assert api(systems["township2"]).get(url).status_code == 404
    assert api(world.office).get(f"{url}{made.json()['id']}/").status_code == 404
    assert api(systems["county"]).delete(f"{url}{made.json()['id']}/").status_code == 403
    assert api(systems["township"]).delete(f"{url}{made.json()['id']}/").status_code == 204
    assert api(systems["county"]).get(url).json()["results"] == []


def test_attachment_honours_the_idempotency_key(world, systems):
    row = post(systems["township"], URL, body(world)).json()
    url, key = f"{URL}{row['id']}/attachments/", {"HTTP_IDEMPOTENCY_KEY": "film-1"}

    def send(content, name="片子.png"):
        file = SimpleUploadedFile(name, content)
        return api(systems["township"]).post(url, {"file": file}, format="multipart", **key)

    first, again, other = send(PNG), send(PNG), send(PNG + b"x")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert other.json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"filed_until": "9999-12-31"}, 1),
        ({"filed_from": "0001-01-01"}, 1),
        ({"filed_from": "9999-12-31"}, 0),
        ({"overdue": "False"}, 1),
        ({"overdue": "1"}, 0),
    ],
)
def test_filters_take_the_first_and_the_last_day_of_the_calendar(world, systems, query, found):
    post(systems["township"], URL, body(world))
    answer = api(systems["township"]).get(URL, query)
    assert answer.status_code == 200, answer.json()
    assert len(answer.json()["results"]) == found


def test_attachment_of_another_kind_is_refused_by_field(world, systems):
    row = post(systems["township"], URL, body(world)).json()
    file = SimpleUploadedFile("a.pdf", b"<html><script>alert(1)</script>")
    answer = api(systems["township"]).post(
        f"{URL}{row['id']}/attachments/", {"file": file}, format="multipart"
    )
    assert answer.status_code == 400
    assert "file" in answer.json()["errors"]


def test_draft_is_kept_incomplete_and_submitted_by_a_move(world, systems):
    answer = post(systems["township"], URL, body(world, submit=False, indication="", consent=None))
    draft = answer.json()
    assert (answer.status_code, draft["status"]) == (201, "draft")
    assert api(systems["county"]).get(f"{URL}{draft['id']}/").status_code == 404
    refused = move(systems["township"], draft, "submit")
    assert refused.status_code == 400
    assert {"indication", "consent"} <= refused.json()["errors"].keys()
    assert Referral.objects.get().version == 1


def test_draft_is_submitted_by_a_move_with_consent(world, systems):
    draft = post(systems["township"], URL, body(world, submit=False, consent=None)).json()
    sent = move(systems["township"], draft, "submit", consent={"given": True})
    assert (sent.status_code, sent.json()["status"]) == (200, "pending"), sent.json()
    assert sent.json()["diagnoses"][0]["code"] == "K35.800x001"


def test_township_doctor_takes_back_who_comes_home_and_nobody_else(world):
    leg = worlds.back_leg(world)
    row = api(world.doctor).get(f"{URL}{leg.public_id}/").json()
    assert "accept" in row["actions"]
    assert "reject" not in row["actions"]
    assert move(world.doctor, row, "accept").json()["status"] == "accepted"
