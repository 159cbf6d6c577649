"""The back office of institutions and the catalogue."""

import pytest
from django.urls import reverse

from alliance.catalogue import actions
from alliance.catalogue.models import Disease, Technique
from alliance.core.models import AuditEntry
from alliance.institutions.models import Alliance, Specialty

SHOWN = [
    "institutions_institution",
    "institutions_department",
    "institutions_membership",
    "institutions_relation",
    "institutions_calendarday",
    "catalogue_catalogueedition",
    "catalogue_catalogueentry",
]
KEPT = [
    "institutions_alliance",
    "institutions_specialty",
    "catalogue_disease",
    "catalogue_technique",
]


def here(table, page="changelist", *args):
    return reverse(f"admin:{table}_{page}", args=args)


@pytest.mark.parametrize("table", SHOWN + KEPT)
def test_tables_are_shown_to_the_back_office_only(sign_in, world, table):
    assert sign_in(world.system_admin).get(here(table), {"q": "青山"}).status_code == 200
    assert sign_in(world.doctor).get(here(table)).status_code == 302


@pytest.mark.parametrize("table", SHOWN)
@pytest.mark.parametrize("who", ["system_admin", "office"])
def test_what_actions_write_is_read_only(sign_in, world, table, who):
    assert sign_in(getattr(world, who)).post(here(table, "add"), {}).status_code == 403


def test_alliance_is_founded_by_the_system_administrator(sign_in, world):
    data = {
        "name": "龙泉县医共体",
        "short_name": "龙泉医共体",
        "kind": "county_consortium",
        "division_code": "330100",
        "is_active": "on",
    }
    assert sign_in(world.office).post(here("institutions_alliance", "add"), data).status_code == 403
    sign_in(world.system_admin).post(here("institutions_alliance", "add"), data)
    made = Alliance.objects.get(name="龙泉县医共体")
    line = AuditEntry.objects.get(action="alliance.created")
    assert (line.actor, line.subject_id) == (world.system_admin, str(made.public_id))


def test_specialty_is_mended(sign_in, world):
    url = here("institutions_specialty", "change", world.surgery.pk)
    sign_in(world.system_admin).post(url, {"code": world.surgery.code, "name": "普通外科"})
    assert Specialty.objects.get(pk=world.surgery.pk).name == "普通外科"
    assert AuditEntry.objects.filter(action="specialty.changed").exists()


def test_disease_is_added_by_the_office_with_its_pinyin(sign_in, world):
    data = {"code": "K80.200", "name": "胆囊结石", "best_tier": "county", "is_active": "on"}
    sign_in(world.office).post(here("catalogue_disease", "add"), data)
    made = Disease.objects.get(code="K80.200")
    assert (made.pinyin, made.best_tier) == ("dnjs", "county")
    assert AuditEntry.objects.filter(action="disease.created").exists()


def test_technique_changes_but_its_code_does_not(sign_in, world):
    url = here("catalogue_technique", "change", world.appendectomy.pk)
    data = {"code": "99.9999", "name": "腹腔镜阑尾切除术", "category": "surgery", "is_active": "on"}
    sign_in(world.office).post(url, data)
    changed = Technique.objects.get(pk=world.appendectomy.pk)
    assert (changed.code, changed.name) == ("47.0100", "腹腔镜阑尾切除术")


def test_entries_of_a_draft_are_the_offices(sign_in, world):
    actions.draft_edition(alliance=world.alliance, name="第二版", by=world.office)
    url = here("catalogue_catalogueentry")
    assert sign_in(world.system_admin).get(url).context["cl"].result_count == 3
    assert sign_in(world.office).get(url).context["cl"].result_count == 6
