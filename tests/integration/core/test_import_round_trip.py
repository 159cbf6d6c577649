"""What goes out of any table comes in again, and no cell of it calculates."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from alliance.catalogue.models import Disease
from alliance.core.choices import ImportState
from alliance.core.exchange import actions, exporting, sheets, spec, work
from alliance.institutions.models import Department, Institution
from alliance.people.models import Practitioner, User
from tests.factories import alliance as make
from tests.factories.files import cells, csv_file
from tests.integration.core.importing import bring_in, counts, speak_english


@pytest.fixture(autouse=True)
def speaking_english(world):
    speak_english(world.office, world.manager, world.system_admin, world.township_manager)


EXPORTED = {
    "institutions": "office",
    "departments": "manager",
    "practitioners": "manager",
    "users": "system_admin",
    "invitations": "manager",
    "diseases": "office",
    "techniques": "system_admin",
}


def exported(by, table):
    request = SimpleNamespace(GET={})
    with exporting.export(by=by, table=spec.find(table), request=request) as file:
        return ContentFile(file.read(), name="export.xlsx")


def nasty_rows(world):
    """Rows whose cells a spreadsheet would calculate, and every optional field filled or empty."""
    make.DiseaseFactory(code="K80.200", name="=1+1", group="+86", specialty=None)
    make.DiseaseFactory(code="M80000/3", name="'quoted'", best_tier="county", is_first_visit=True)
    make.TechniqueFactory(
        code="00.0", name="@SUM(A1)", national_level=4, is_restricted=True, specialty=None
    )
    make.DepartmentFactory(
        institution=world.county, code="0301", name="-骨科", phone="+86 571 1234"
    )
    Department.objects.exclude(institution=world.county).delete()
    Practitioner.objects.exclude(institution=world.county).filter(user=None).delete()
    User.objects.filter(pk=world.doctor.pk).update(practitioner=None)
    Practitioner.objects.exclude(institution=world.county).delete()
    person = make.PractitionerFactory(
        institution=world.county, department=world.county_surgery, name="李四", phone="13800000000",
        licence_valid_until=date(2031, 5, 6),
    )  # fmt: skip
    person.specialties.set([world.surgery, world.medicine])
    make.PractitionerFactory(institution=world.county, sex="female", is_active=False)
    Institution.objects.filter(pk=world.county.pk).update(
        grade=6, beds=0, email="desk@hospital.test", address="=HYPERLINK(1)", reviews_referrals=True
    )
    User.objects.filter(email="").update(email="filled@hospital.test")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("table", EXPORTED)
def test_what_goes_out_comes_in_again_unchanged(world, table, language):
    nasty_rows(world)
    by = getattr(world, EXPORTED[table])
    if table == "invitations":
        counts(
            bring_in(by, table, ["email", "name", "role"], ["w@hospital.test", "王五", "doctor"])
        )
    with translation.override(language):
        file = exported(by, table)
    rows = cells(file)
    file.seek(0)
    job = actions.upload(by=by, table=spec.find(table), file=file)
    work.check(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.CHECKED, job.errors
    assert job.summary["unknown"] == []
    assert (job.summary["new"], job.summary["changed"]) == (0, 0), job.summary["sample"]
    assert job.summary["same"] == len(rows) - 1 > 0


@pytest.mark.parametrize("table", EXPORTED)
def test_no_exported_cell_begins_a_formula(world, table):
    nasty_rows(world)
    for row in cells(exported(getattr(world, EXPORTED[table]), table)):
        for cell in row:
            assert not str(cell or "").startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("table", EXPORTED)
def test_the_template_is_a_file_that_can_be_filled_in(world, table, language):
    by = getattr(world, EXPORTED[table])
    with translation.override(language), sheets.template(spec.find(table)) as file:
        filled = ContentFile(file.read(), name="template.xlsx")
    job = actions.upload(by=by, table=spec.find(table), file=filled)
    work.check(job_id=job.pk)
    job.refresh_from_db()
    # Headers are understood and the example is left out: nothing remains but the sentence for that.
    assert "no rows below" in job.errors[0]["reason"]


def test_starter_and_national_tables_share_their_rows(world):
    bring_in(
        world.office, "diseases", ["code", "name"], [world.appendicitis.code, "急性阑尾炎，未特指"]
    )
    disease = Disease.objects.get(pk=world.appendicitis.pk)
    assert (disease.is_common, disease.specialty) == (True, world.surgery)


def test_large_file_asks_the_database_few_times(world, django_assert_max_num_queries):
    rows = [
        [f"Y{number // 1000:02d}.900x{number % 1000:03d}", f"病种{number}"]
        for number in range(3000)
    ]
    job = actions.upload(
        by=world.office, table=spec.find("diseases"), file=csv_file(["code", "name"], *rows)
    )
    with django_assert_max_num_queries(25):
        work.check(job_id=job.pk)
    actions.confirm(job=job, by=world.office)
    with django_assert_max_num_queries(40):
        work.run(job_id=job.pk)
    assert Disease.objects.filter(code__startswith="Y").count() == 3000
