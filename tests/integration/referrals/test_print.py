"""The national form: every field of stub and body, for the two houses, each copy recorded."""

import re

import pytest
from django.utils import timezone

from alliance.core.choices import Role
from alliance.core.models import AuditEntry
from alliance.patients.models import Patient
from referrals import actions
from referrals.models import Referral
from referrals.presenters.paper import paper_of
from tests import worlds
from tests.factories import alliance as make

OUT = {"preliminary_impression", "present_illness", "past_history", "treatment_given"}
BACK = {"diagnosis_result", "inpatient_number", "main_results", "care"}
PERSON = {"name", "sex", "age", "address", "phone"}
SIGNED = {"doctor", "contact_phone", "house"}


def url(leg):
    return f"/referrals/{leg.public_id}/print/"


def fields(page):
    return set(re.findall(r'data-paper="(\w+)"', page.content.decode()))


@pytest.fixture
def leg(world):
    filed = worlds.pending_referral(
        world, past_history="无特殊", treatment_given="补液", contact_phone="13800000001"
    )
    Patient.objects.filter(pk=filed.patient_id).update(address="云溪县青山镇 40 号")
    return Referral.objects.get(pk=filed.pk)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("doctor", 200),
        ("liaison", 200),
        ("outsider", 404),
        ("township2_doctor", 404),
        ("office", 403),
        ("qc", 403),
        ("auditor", 404),
    ],
)
def test_the_two_houses_print_and_each_copy_is_recorded(world, leg, sign_in, who, status):
    assert sign_in(getattr(world, who)).get(url(leg)).status_code == status
    entries = AuditEntry.objects.filter(action="referral.printed")
    assert entries.count() == (1 if status == 200 else 0)
    if status == 200:
        assert "王小兰" not in str(entries.get().data)


def test_strangers_sign_in_first(client, leg):
    assert client.get(url(leg))["Location"].startswith("/accounts/login/")


def test_keepers_of_equipment_do_not_print(world, leg, sign_in):
    keeper = make.staff(Role.EQUIPMENT_KEEPER, institution=world.township)
    assert sign_in(keeper).get(url(leg)).status_code == 404


def test_a_draft_is_not_printed(world, sign_in):
    draft = actions.save_draft(by=world.doctor, institution=world.township, form_data={})
    answer = sign_in(world.doctor).get(url(draft))
    assert answer.status_code == 409
    assert not AuditEntry.objects.filter(action="referral.printed").exists()


def test_form_out_has_every_field_of_the_paper(world, leg, sign_in):
    page = sign_in(world.doctor).get(url(leg))
    assert OUT | PERSON | SIGNED | {"record_number"} <= fields(page)
    text = page.content.decode()
    for written in (
        *("王小兰", leg.number, "云溪县人民医院", "普通外科", "13800000000", "13800000001"),
        *(
            "急性阑尾炎可能",
            "转移性右下腹痛 12 小时",
            "无特殊",
            "补液",
            "青山镇卫生院",
            "需手术治疗",
        ),
    ):
        assert written in text, written


def test_form_back_has_every_field_of_the_paper(world, sign_in):
    back = worlds.back_leg(world)
    page = sign_in(world.doctor).get(url(back))
    assert fields(page) >= BACK | PERSON | SIGNED
    assert not fields(page) & OUT
    assert "第 7 天拆线" in page.content.decode()
    assert paper_of(back, on=timezone.localdate()).is_back


def test_empty_fields_are_lines_to_write_on(world, sign_in):
    leg = worlds.pending_referral(world)
    page = sign_in(world.doctor).get(url(leg)).content.decode()
    assert page.count("paper__rule") == 3 + 3  # past history and treatment
    assert "paper__blank--empty" in page  # the receiving doctor


def test_code_leads_back_to_the_referral(world, leg, sign_in):
    page = sign_in(world.doctor).get(url(leg))
    assert page.context["address"] == f"http://testserver{leg.get_absolute_url()}"
    assert "<svg" in page.content.decode()


def test_much_text_is_set_smaller(world, sign_in):
    leg = worlds.pending_referral(world, present_illness="病史" * 600)
    assert "paper--dense" in sign_in(world.doctor).get(url(leg)).content.decode()


def test_printing_costs_a_handful_of_statements(world, leg, queries_of):
    assert queries_of(world.doctor, url(leg)) <= 10
