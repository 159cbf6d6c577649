"""What must never be false of the catalogue: good, then broken on purpose."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.catalogue.models import CatalogueEdition, CatalogueEntry, Technique
from tests.factories import alliance as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make.EditionFactory()


def refused(name):
    return pytest.raises(IntegrityError, match=name)


def publish(edition, on=make.LONG_AGO):
    CatalogueEdition.objects.filter(pk=edition.pk).update(
        status="published", effective_from=on, published_at=timezone.now()
    )


def test_technique_level_is_one_to_four():
    technique = make.TechniqueFactory(national_level=4)
    with refused("catalogue_technique_level"), transaction.atomic():
        Technique.objects.filter(pk=technique.pk).update(national_level=5)


def test_code_once():
    technique = make.TechniqueFactory()
    with refused("code"), transaction.atomic():
        Technique.objects.create(code=technique.code, name="又一")


def test_published_edition_says_since_when(draft):
    with refused("catalogue_edition_published"), transaction.atomic():
        CatalogueEdition.objects.filter(pk=draft.pk).update(status="published")
    with refused("catalogue_edition_published"), transaction.atomic():
        CatalogueEdition.objects.filter(pk=draft.pk).update(published_at=timezone.now())


def test_one_published_edition_a_date(draft):
    publish(draft)
    twin = make.EditionFactory(alliance=draft.alliance)
    with refused("catalogue_edition_one_a_date"), transaction.atomic():
        publish(twin)
    publish(make.EditionFactory())


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"grade": "hard"}, "catalogue_entry_grade"),
        ({"tiers": []}, "catalogue_entry_tiers"),
        ({"tiers": ["heaven"]}, "catalogue_entry_tiers"),
        ({"risk": 6}, "catalogue_entry_scores"),
        ({"grassroots": 0}, "catalogue_entry_scores"),
    ],
)
def test_entry_constraints(draft, values, name):
    good = {"grade": "basic", "tiers": ["township"]}
    technique = make.TechniqueFactory()
    with refused(name), transaction.atomic():
        make.EntryFactory(edition=draft, technique=technique, **{**good, **values})
    make.EntryFactory(edition=draft, technique=technique, **good)
    with refused("catalogue_entry_once"), transaction.atomic():
        make.EntryFactory(edition=draft, technique=technique, **good)


def test_entry_disease_constraints(draft):
    entry = make.EntryFactory(
        edition=draft, technique=make.TechniqueFactory(), grade="basic", tiers=["township"]
    )
    disease = make.DiseaseFactory()
    with refused("catalogue_entrydisease_tier"), transaction.atomic():
        entry.spectrum.create(disease=disease, tier="village")
    entry.spectrum.create(disease=disease, tier="township")
    with refused("catalogue_entrydisease_once"), transaction.atomic():
        entry.spectrum.create(disease=disease, tier="county")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"grade": ""}, "catalogue_requirement_scope"),
        ({"grade": "hard"}, "catalogue_requirement_scope"),
        ({"kind": "beds"}, "catalogue_requirement_kind"),
        ({"side": "patient"}, "catalogue_requirement_kind"),
        ({"minimum": 0}, "catalogue_requirement_whole"),
        ({"source": ""}, "catalogue_requirement_whole"),
    ],
)
def test_requirement_constraints(draft, values, name):
    with refused(name), transaction.atomic():
        make.RequirementFactory(edition=draft, **values)
    make.RequirementFactory(edition=draft)
    with refused("catalogue_requirement_once"), transaction.atomic():
        make.RequirementFactory(edition=draft)
    make.RequirementFactory(edition=draft, grade="", technique=make.TechniqueFactory())


def test_published_edition_is_never_changed(draft):
    entry = make.EntryFactory(
        edition=draft, technique=make.TechniqueFactory(), grade="basic", tiers=["township"]
    )
    requirement = make.RequirementFactory(edition=draft)
    disease = entry.spectrum.create(disease=make.DiseaseFactory(), tier="township")
    disease.tier = "county"
    disease.save()
    publish(draft)
    changes = [
        lambda: CatalogueEdition.objects.filter(pk=draft.pk).update(name="改"),
        lambda: CatalogueEntry.objects.filter(pk=entry.pk).update(grade="complex"),
        lambda: entry.delete(),
        lambda: requirement.delete(),
        lambda: disease.delete(),
        lambda: entry.spectrum.create(disease=make.DiseaseFactory(), tier="county"),
        lambda: make.EntryFactory(
            edition=draft, technique=make.TechniqueFactory(), grade="basic", tiers=["township"]
        ),
    ]
    for change in changes:
        with refused("never changed"), transaction.atomic():
            change()
