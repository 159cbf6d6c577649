"""Editions, code tables and starter data: state after, ledger line, refusals leave nothing."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from alliance.catalogue import actions, selectors, starter
from alliance.catalogue.models import CatalogueEdition, CatalogueEntry, Disease, Technique
from alliance.catalogue.signals import edition_published
from alliance.core.errors import DomainError
from alliance.core.exchange.plan import Row
from alliance.core.models import AuditEntry
from alliance.institutions.models import Specialty
from tests.factories import alliance as make


def last_line():
    return AuditEntry.objects.order_by("-pk").first()


def today():
    return timezone.localdate()


@pytest.fixture
def draft(world):
    return actions.draft_edition(alliance=world.alliance, name="第二版", by=world.office)


@pytest.fixture
def announced():
    heard = []

    def listen(sender, *, edition_id, **kwargs):
        heard.append(edition_id)

    edition_published.connect(listen)
    yield heard
    edition_published.disconnect(listen)


def grades(edition):
    return dict(edition.entries.values_list("technique__name", "grade"))


def test_draft_edition_copies_the_newest_published(world, draft):
    assert draft.status == "draft"
    assert grades(draft) == grades(world.edition)
    assert last_line().data["base"] == str(world.edition.public_id)


def test_draft_edition_builds_on_one_that_is_to_come(world, draft):
    actions.remove_entry(edition=draft, technique=world.gastrectomy, by=world.office)
    actions.publish(edition=draft, effective_from=today() + timedelta(days=30), by=world.office)
    third = actions.draft_edition(alliance=world.alliance, name="第三版", by=world.office)
    assert grades(third) == grades(draft) != grades(world.edition)


def test_draft_edition_first_of_an_alliance_is_empty(world):
    other = make.AllianceFactory()
    office = make.staff("alliance_office", alliance=other)
    first = actions.draft_edition(alliance=other, name="第一版", by=office)
    assert not first.entries.exists()


@pytest.mark.parametrize("name", [" ", "长" * 61])
def test_draft_edition_needs_a_name_that_fits(world, name):
    with pytest.raises(ValidationError) as refused:
        actions.draft_edition(alliance=world.alliance, name=name, by=world.office)
    assert list(refused.value.message_dict) == ["name"]


@pytest.mark.parametrize("who", ["manager", "qc", "outsider", "system_admin"])
def test_draft_edition_is_the_offices(world, who):
    with pytest.raises(PermissionDenied):
        actions.draft_edition(alliance=world.alliance, name="第二版", by=getattr(world, who))


def test_rename_draft(world, draft):
    actions.rename_draft(edition=draft, name=" 2027 版 ", note="征求意见", by=world.office)
    draft.refresh_from_db()
    assert (draft.name, draft.note) == ("2027 版", "征求意见")


def test_discard_draft_takes_its_entries_along(world, draft):
    actions.discard_draft(edition=draft, by=world.office)
    assert CatalogueEdition.objects.count() == 1
    assert last_line().action == "edition.discarded"


def test_set_entry_changes_a_grade_and_records_both(world, draft):
    actions.set_entry(
        edition=draft,
        technique=world.appendectomy,
        grade="basic",
        tiers=["tertiary", "county", "township"],
        by=world.office,
    )
    entry = draft.entries.get(technique=world.appendectomy)
    assert (entry.grade, entry.tiers) == ("basic", ["township", "county", "tertiary"])
    assert last_line().data["before"] == {"grade": "advanced", "tiers": ["county", "tertiary"]}


def test_set_entry_adds_a_technique(world, draft):
    technique = make.TechniqueFactory()
    actions.set_entry(
        edition=draft, technique=technique, grade="complex", tiers=["tertiary"], by=world.office
    )
    assert last_line().data["before"] is None
    assert draft.entries.count() == 4


def test_set_entry_unusual_tiers_need_a_note(world, draft):
    values = {
        "edition": draft,
        "technique": world.gastrectomy,
        "grade": "complex",
        "tiers": ["county", "tertiary"],
        "by": world.office,
    }
    with pytest.raises(ValidationError) as refused:
        actions.set_entry(**values)
    assert list(refused.value.message_dict) == ["note"]
    actions.set_entry(note="县医院与市一院共建", **values)
    assert draft.entries.get(technique=world.gastrectomy).note == "县医院与市一院共建"


def test_remove_entry_once(world, draft):
    for _again in range(2):
        actions.remove_entry(edition=draft, technique=world.gastrectomy, by=world.office)
    assert AuditEntry.objects.filter(action="edition.entry_removed").count() == 1


def test_publish_counts_from_its_date_on(world, draft, announced):
    actions.set_entry(
        edition=draft,
        technique=world.appendectomy,
        grade="basic",
        tiers=["township", "county", "tertiary"],
        by=world.office,
    )
    published = actions.publish(
        edition=draft, effective_from=today() + timedelta(days=10), by=world.office
    )
    assert (published.published_by, announced) == (world.office, [draft.pk])
    assert last_line().data["entries"] == 3
    ask = {"alliance_id": world.alliance.pk}
    before = selectors.technique_grade(world.appendectomy.pk, on=today(), **ask)
    after = selectors.technique_grade(world.appendectomy.pk, on=today() + timedelta(days=10), **ask)
    assert (before.grade, after.grade) == ("advanced", "basic")


def test_publish_refuses_an_empty_edition(world, draft):
    draft.entries.all().delete()
    with pytest.raises(DomainError) as refused:
        actions.publish(edition=draft, effective_from=today(), by=world.office)
    assert refused.value.code == "edition_empty"


def test_publish_refuses_to_rewrite_the_past(world, draft):
    with pytest.raises(ValidationError) as refused:
        actions.publish(edition=draft, effective_from=today() - timedelta(days=1), by=world.office)
    assert list(refused.value.message_dict) == ["effective_from"]
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_publish_first_of_an_alliance_may_look_back(world):
    other = make.AllianceFactory()
    office = make.staff("alliance_office", alliance=other)
    first = actions.draft_edition(alliance=other, name="第一版", by=office)
    actions.set_entry(
        edition=first, technique=world.gastrectomy, grade="complex", tiers=["tertiary"], by=office
    )
    published = actions.publish(edition=first, effective_from=date(2025, 1, 1), by=office)
    assert published.effective_from == date(2025, 1, 1)


def test_publish_refuses_a_date_taken_by_name(world, draft):
    actions.publish(edition=draft, effective_from=today(), by=world.office)
    third = actions.draft_edition(alliance=world.alliance, name="第三版", by=world.office)
    with pytest.raises(ValidationError, match="第二版"):
        actions.publish(edition=third, effective_from=today(), by=world.office)


def test_published_edition_refuses_every_change(world):
    edition, by = world.edition, world.office
    changes = [
        lambda: actions.publish(edition=edition, effective_from=today(), by=by),
        lambda: actions.rename_draft(edition=edition, name="x", note="", by=by),
        lambda: actions.discard_draft(edition=edition, by=by),
        lambda: actions.remove_entry(edition=edition, technique=world.gastrectomy, by=by),
        lambda: actions.set_entry(
            edition=edition, technique=world.gastrectomy, grade="complex", tiers=["tertiary"], by=by
        ),
    ]
    for change in changes:
        with pytest.raises(DomainError) as refused:
            change()
        assert refused.value.code == "edition_published"


def test_save_technique_adds_then_changes_by_code(world):
    made = actions.save_technique(by=world.office, code="45.2300", name="结肠镜检查")
    assert (made.pinyin, last_line().action) == ("jcjjc", "technique.created")
    again = actions.save_technique(by=world.system_admin, code="45.2300", name="纤维结肠镜检查")
    assert again.pk == made.pk
    assert (again.pinyin, last_line().action) == ("xwjcjjc", "technique.changed")


def test_save_disease_refuses_wrong_values(world):
    with pytest.raises(ValidationError) as refused:
        actions.save_disease(by=world.office, code="K35.9", name="", best_tier="heaven")
    assert set(refused.value.message_dict) == {"name", "best_tier"}


@pytest.mark.parametrize("who", ["manager", "doctor", "qc", "auditor"])
def test_save_disease_is_for_offices_and_importers(world, who):
    with pytest.raises(PermissionDenied):
        actions.save_disease(by=getattr(world, who), code="K35.9", name="急性阑尾炎")


def test_load_starter_fills_and_publishes_once(db):
    group = make.AllianceFactory()
    loaded = actions.load_starter(alliance=group, effective_from=date(2025, 1, 1))
    assert loaded.techniques == Technique.objects.count() == len(starter.techniques())
    assert loaded.diseases == Disease.objects.count() == len(starter.diseases())
    assert loaded.specialties == Specialty.objects.count()
    assert loaded.edition.entries.count() == len(starter.techniques())
    assert not loaded.edition.entries.filter(operation=None).exists()
    assert loaded.edition.requirements.count() == len(starter.requirements())
    treated = loaded.edition.entries.get(technique__code="47.0901").spectrum.all()
    assert {row.disease.code for row in treated} == {"K35.800x001", "K36.x00"}
    assert last_line().actor is None
    again = actions.load_starter(alliance=group)
    assert (again.specialties, again.diseases, again.techniques) == (0, 0, 0)
    assert again.edition is None


def test_load_starter_leaves_what_is_there(db):
    row = starter.diseases()[0]
    make.DiseaseFactory(code=row.code, name="本院自定名称")
    actions.load_starter()
    assert Disease.objects.get(code=row.code).name == "本院自定名称"
    assert not CatalogueEntry.objects.exists()


def test_load_starter_command_says_what_it_did(db):
    group, out = make.AllianceFactory(), StringIO()
    call_command(
        "load_starter", "--alliance", group.name, "--effective-from=2025-01-01", stdout=out
    )
    assert f"added {len(starter.specialties())} specialties" in out.getvalue()
    assert "from 2025-01-01" in out.getvalue()
    call_command("load_starter", stdout=out)
    assert "added 0 specialties, 0 diseases, 0 techniques" in out.getvalue()


def test_load_starter_command_unknown_alliance(db):
    with pytest.raises(CommandError, match="no alliance"):
        call_command("load_starter", "--alliance", "无此联盟")


EASY = {"operation": 1, "risk": 1, "equipment": 1}
BASIC = {"grade": "basic", "tiers": ["township", "county", "tertiary"]}


def test_set_entry_another_grade_than_proposed_needs_its_reason(world, draft):
    values = {"edition": draft, "technique": world.appendectomy, "by": world.office}
    advanced = {"grade": "advanced", "tiers": ["county", "tertiary"], "scores": EASY}
    with pytest.raises(ValidationError) as refused:
        actions.set_entry(**values, **advanced)
    assert list(refused.value.message_dict) == ["reason"]
    entry = actions.set_entry(**values, **advanced, reason=" 设备集中在县级 ")
    assert (entry.risk, entry.frequency, entry.reason) == (1, None, "设备集中在县级")
    assert last_line().data["after"]["risk"] == 1
    kept = actions.set_entry(**values, **BASIC)
    assert kept.operation == 1


def test_set_entry_diseases_are_kept_unless_given(world, draft):
    values = {"edition": draft, "technique": world.appendectomy, "by": world.office, **BASIC}
    pk = world.appendicitis.pk
    entry = actions.set_entry(**values, diseases={pk: "township"})
    assert actions.set_entry(**values, diseases={pk: "township"}) == entry
    assert entry.spectrum.get().tier == "township"
    actions.set_entry(**values)
    assert entry.spectrum.get().disease == world.appendicitis
    with pytest.raises(ValidationError) as refused:
        actions.set_entry(**values, scores=EASY, diseases={pk: "county"})
    assert list(refused.value.message_dict) == ["reason"]
    with pytest.raises(ValidationError) as refused:
        actions.set_entry(**values, diseases={pk: "village"})
    assert list(refused.value.message_dict) == ["diseases"]
    with pytest.raises(ValidationError) as refused:
        actions.set_entry(**values, scores={"risk": 6})
    assert list(refused.value.message_dict) == ["risk"]
    actions.set_entry(**values, diseases={})
    assert not entry.spectrum.exists()


def test_draft_edition_copies_scores_diseases_and_requirements(world, draft):
    actions.set_entry(
        edition=draft,
        technique=world.debridement,
        scores=EASY,
        diseases={world.appendicitis.pk: "township"},
        by=world.office,
        **BASIC,
    )
    actions.publish(edition=draft, effective_from=today(), by=world.office)
    third = actions.draft_edition(alliance=world.alliance, name="第三版", by=world.office)
    entry = third.entries.get(technique=world.debridement)
    assert (entry.operation, entry.spectrum.get().disease) == (1, world.appendicitis)
    assert third.requirements.count() == draft.requirements.count() == 2
    assert selectors.compare(third, draft) == []
    assert selectors.compare_requirements(third, draft) == []


ASKED = {"side": "operator", "kind": "years", "minimum": 6, "source": "联盟规定"}


def test_set_requirement_adds_changes_and_removes(world, draft):
    ask = {"edition": draft, "by": world.office}
    changed = actions.set_requirement(**ask, **ASKED, grade="basic")
    own = actions.set_requirement(**ask, **ASKED, technique=world.debridement, unit="年")
    assert draft.requirements.count() == 3
    found = selectors.compare_requirements(draft, world.edition)
    assert [(one.scope, one.kind) for one in found] == [
        (world.debridement.code, "added"),
        ("basic", "changed"),
    ]
    actions.remove_requirement(requirement=changed, by=world.office)
    assert last_line().action == "edition.requirement_removed"
    found = selectors.compare_requirements(draft, world.edition)
    assert [one.kind for one in found] == ["added", "removed"]
    assert own.unit == "年"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "beds"}, "kind"),
        ({"side": "patient"}, "side"),
        ({"minimum": 0}, "minimum"),
        ({"source": " "}, "source"),
        ({"grade": ""}, "technique"),
    ],
)
def test_set_requirement_names_what_is_wrong(world, draft, values, field):
    with pytest.raises(ValidationError) as refused:
        actions.set_requirement(
            edition=draft, by=world.office, **{**ASKED, "grade": "basic", **values}
        )
    assert field in refused.value.message_dict


def rows_of(*cells):
    return [Row(number, dict(values)) for number, values in enumerate(cells, start=2)]


def test_grades_come_in_from_a_file_into_the_draft(world, draft):
    ask = {"alliance_id": world.alliance.pk, "by": world.office}
    made = make.TechniqueFactory(code="45.2300")
    cells = [
        {"code": "47.0100", "grade": "advanced", "tiers": (), "operation": 3, "risk": 3,
         "equipment": 4},
        {"code": made.code, "grade": "complex", "note": "新增"},
        {"code": "86.2200x011", "grade": "basic"},
    ]  # fmt: skip
    plan = actions.plan_grades(rows=rows_of(*cells), **ask)
    assert plan.counts == {"new": 1, "changed": 1, "same": 1}
    seen = []
    actions.import_grades(rows=rows_of(*cells), progress=seen.append, **ask)
    assert seen == [1, 2]
    assert draft.entries.get(technique=made).tiers == ["tertiary"]
    assert draft.entries.get(technique=world.appendectomy).equipment == 4


def test_grades_of_a_file_are_refused_by_row_and_column(world, draft):
    wrong = rows_of(
        {"code": "99.9999", "grade": "basic"},
        {"code": "47.0100", "grade": "complex", **EASY},
        {"code": "43.7x03", "grade": "complex", "tiers": ("county",)},
    )
    plan = actions.plan_grades(rows=wrong, alliance_id=world.alliance.pk, by=world.office)
    assert [(one.number, one.column) for one in plan.errors] == [
        (2, "code"),
        (3, "reason"),
        (4, "note"),
    ]
    actions.discard_draft(edition=draft, by=world.office)
    plan = actions.plan_grades(rows=wrong, alliance_id=world.alliance.pk, by=world.office)
    assert [(one.number, one.column) for one in plan.errors] == [(2, "code")]
    with pytest.raises(PermissionDenied):
        actions.plan_grades(rows=wrong, alliance_id=world.alliance.pk, by=world.manager)
