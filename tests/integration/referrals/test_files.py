"""Papers on pages: added while drafting or later, opened by the two houses, taken away."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.core.choices import Role
from alliance.core.models import AuditEntry
from referrals import actions
from referrals.models import Attachment, Referral
from tests import worlds
from tests.factories import alliance as make

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
HTMX = {"hx-request": "true"}


def png(name="片子.png", more=b""):
    return SimpleUploadedFile(name, PNG + more)


def files_url(leg):
    return f"/referrals/{leg.public_id}/files/"


def file_url(paper, part=""):
    return f"{files_url(paper.referral)}{paper.public_id}/{part}"


def opens(browser, paper):
    """Whether the file is handed out; closes it again."""
    answer = browser.get(file_url(paper))
    answer.close()
    return answer.status_code


@pytest.fixture
def leg(world):
    return worlds.pending_referral(world)


@pytest.fixture
def paper(world, leg):
    return actions.attach(referral=leg, file=png(), name="片子.png", by=world.doctor)


@pytest.fixture
def draft(world):
    return actions.save_draft(by=world.doctor, institution=world.township, form_data={})


# --- Adding --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["doctor", "liaison"])
def test_both_houses_add_papers(world, leg, sign_in, who):
    answer = sign_in(getattr(world, who)).post(files_url(leg), {"file": png()})
    assert answer["Location"] == leg.get_absolute_url()
    assert leg.attachments.get().name == "片子.png"


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 404), ("township2_doctor", 404), ("office", 403), ("qc", 403)]
)
def test_others_add_none(world, leg, sign_in, who, status):
    answer = sign_in(getattr(world, who)).post(files_url(leg), {"file": png()})
    assert answer.status_code == status
    assert not Attachment.objects.exists()


def test_strangers_sign_in_first(client, world, leg, paper):
    for url in (files_url(leg), file_url(paper), file_url(paper, "remove/")):
        assert client.post(url)["Location"].startswith("/accounts/login/")


def test_keepers_of_equipment_see_no_papers(world, leg, paper, sign_in):
    keeper = sign_in(make.staff(Role.EQUIPMENT_KEEPER, institution=world.township))
    assert keeper.post(files_url(leg), {"file": png()}).status_code == 404
    assert keeper.get(file_url(paper)).status_code == 404


def test_the_receiver_adds_nothing_to_a_draft(world, draft, sign_in):
    assert sign_in(world.liaison).post(files_url(draft), {"file": png()}).status_code == 404


def test_an_ended_leg_takes_none(world, leg, sign_in, reasons):
    worlds.step(leg, "mark_error", world.township_manager, reason="误建", reason_code="other")
    answer = sign_in(world.doctor).post(files_url(leg), {"file": png()})
    assert answer.status_code == 409


def test_several_at_once_and_each_refused_one_says_why(world, draft, sign_in):
    files = [
        png(),
        png("同一张.png"),
        SimpleUploadedFile("病历.docx", b"PK\x03\x04"),
        png("b.png", b"x"),
    ]
    answer = sign_in(world.doctor).post(files_url(draft), {"file": files}, headers=HTMX)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "病历.docx: Only PDF, JPEG and PNG files are accepted." in page
    assert draft.attachments.count() == 2  # the same picture twice is one
    assert page.count("files__item") == 2


def test_refused_without_scripts_is_a_page_of_its_own(world, draft, sign_in):
    answer = sign_in(world.doctor).post(
        files_url(draft), {"file": SimpleUploadedFile("a.exe", b"MZ")}
    )
    assert answer.status_code == 422
    assert f"/referrals/drafts/{draft.public_id}/" in answer.content.decode()


def test_page_not_saved_yet_makes_its_draft_first(world, sign_in):
    browser = sign_in(world.doctor)
    held = {"idempotency_key": "page-1", "indication": "半句"}
    for index in range(2):
        answer = browser.post(
            "/referrals/new/files/", held | {"file": png(more=bytes([index]))}, headers=HTMX
        )
    draft = Referral.objects.get()
    assert answer.status_code == 200
    assert answer["HX-Replace-Url"] == f"/referrals/drafts/{draft.public_id}/"
    assert "半句" in draft.form_data
    assert draft.attachments.count() == 2
    assert files_url(draft) in answer.content.decode()  # from now on to the draft


def test_papers_of_a_draft_leave_with_it(world, sign_in):
    browser = sign_in(world.doctor)
    held = {"idempotency_key": "page-1", "file": png()}
    browser.post("/referrals/new/files/", held, headers=HTMX)
    draft = Referral.objects.get()
    actions.submit_draft(draft=draft, data=worlds.filing(world), by=world.doctor)
    paper = draft.attachments.get()
    assert opens(sign_in(world.liaison), paper) == 200


# --- Opening -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("doctor", 200), ("liaison", 200), ("outsider", 404), ("office", 404), ("qc", 404)],
)
def test_only_the_two_houses_open_papers(world, paper, sign_in, who, status):
    answer = sign_in(getattr(world, who)).get(file_url(paper))
    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == PNG
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert AuditEntry.objects.filter(action="patient.read", data__via="attachment").exists()
    answer.close()


def test_papers_of_a_draft_open_before_anybody_is_named(world, draft, sign_in):
    paper = actions.attach(referral=draft, file=png(), name="片子.png", by=world.doctor)
    assert opens(sign_in(world.township_liaison), paper) == 200


def test_a_paper_is_found_under_its_own_leg_only(world, paper, sign_in):
    other = worlds.pending_referral(world, patient=worlds.patient(world, 3, "另一人"))
    url = f"{files_url(other)}{paper.public_id}/"
    assert sign_in(world.doctor).get(url).status_code == 404


# --- Taking away ---------------------------------------------------------------------------------


def test_whoever_added_it_takes_it_away(world, leg, paper, sign_in):
    browser = sign_in(world.doctor)
    answer = browser.post(file_url(paper, "remove/"), headers=HTMX)
    assert answer.status_code == 200
    assert paper.name not in answer.content.decode()
    assert browser.get(file_url(paper)).status_code == 404
    assert browser.post(file_url(paper, "remove/")).status_code == 404
    assert AuditEntry.objects.filter(action="referral.attachment_removed").exists()


def test_the_other_house_does_not(world, leg, paper, sign_in):
    browser = sign_in(world.liaison)
    assert browser.post(file_url(paper, "remove/")).status_code == 403
    assert opens(browser, paper) == 200


def test_removing_asks_first(world, draft, sign_in):
    browser = sign_in(world.doctor)
    page = browser.post(files_url(draft), {"file": png()}, headers=HTMX).content.decode()
    assert "data-dialog" in page
    assert "Remove the file" in page


def test_list_costs_the_same_for_one_and_for_ten(world, draft, sign_in):
    browser, counts = sign_in(world.doctor), []
    for batch in (range(1), range(1, 10)):
        for index in batch:
            actions.attach(
                referral=draft, file=png(more=bytes([index])), name="a.png", by=world.doctor
            )
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/referrals/drafts/{draft.public_id}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
