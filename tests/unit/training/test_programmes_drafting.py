"""A draft is put right and put in order; what is published, and what others changed, is refused."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import AuditEntry
from tests.factories import programmes as build
from training.programmes import actions
from training.programmes.choices import Need, StageKind, Way

pytestmark = pytest.mark.django_db

SIMULATION = (
    StageKind.SIMULATION,
    (Need.STATION, 1, {"station_code": "peg"}),
    (Need.ANIMAL_CASES, 20, {"station_code": "animal"}),
    (Need.EXAM, 1, {"variety": "animal"}),
)


@pytest.fixture
def draft(world):
    made = build.draft_of(build.programme(world))
    for kind, *needs in (build.CLINICAL, SIMULATION, build.THEORY):
        build.stage(world, made, kind, *needs)
    made.refresh_from_db()
    return made


def order(rows):
    return [one.kind for one in rows.order_by("order")]


def test_stages_change_places_with_their_neighbours(world, draft):
    for kind, way, expected in (
        ("theory", Way.UP, ["clinical", "theory", "simulation"]),
        ("theory", Way.UP, ["theory", "clinical", "simulation"]),
        ("theory", Way.UP, ["theory", "clinical", "simulation"]),
        ("clinical", Way.DOWN, ["theory", "simulation", "clinical"]),
        ("clinical", Way.DOWN, ["theory", "simulation", "clinical"]),
    ):
        one = draft.stages.get(kind=kind)
        before = (draft.version, order(draft.stages))
        draft = actions.move_stage(
            draft=draft, stage=one, way=way, version=draft.version, by=world.office
        )
        assert order(draft.stages) == expected
        assert draft.version == before[0] + (before[1] != expected)
    assert [one.order for one in draft.stages.order_by("order")] == [1, 2, 3]


def test_requirements_change_places_within_their_stage(world, draft):
    stage = draft.stages.get(kind="simulation")
    for kind, way, expected in (
        ("exam", Way.DOWN, ["station", "animal_cases", "exam"]),
        ("exam", Way.UP, ["station", "exam", "animal_cases"]),
        ("station", Way.DOWN, ["exam", "station", "animal_cases"]),
    ):
        need = stage.requirements.get(kind=kind)
        draft = actions.move_requirement(
            draft=draft, requirement=need, way=way, version=draft.version, by=world.office
        )
        assert order(stage.requirements) == expected


def test_stages_and_requirements_are_put_right(world, draft):
    stage, other = draft.stages.get(kind="simulation"), draft.stages.get(kind="clinical")
    need = stage.requirements.get(kind="station")
    by = {"draft": draft, "by": world.office}
    told = {"kind": "station", "label": "移豆", "minimum": 3, "station_code": "peg"}
    change = {"requirement": need, "stage": other, **by}
    found = actions.update_requirement(values=told, version=draft.version, **change)
    assert (found.stage, found.order, found.minimum, found.label) == (other, 2, 3, "移豆")
    draft.refresh_from_db()
    seen = draft.version
    actions.update_requirement(values=told, version=seen, **change)
    actions.update_stage(stage=stage, values={"name": "Simulation"}, version=seen, **by)
    draft.refresh_from_db()
    assert draft.version == seen
    renamed = actions.update_stage(stage=stage, values={"name": "模拟训练"}, version=seen, **by)
    assert renamed.name == "模拟训练"
    assert AuditEntry.objects.latest("pk").data["edited"] == ["name"]
    with pytest.raises(StaleVersion):
        actions.update_requirement(values=told, version=seen, **change)
    draft.refresh_from_db()
    with pytest.raises(ValidationError, match="has to be reached"):
        values = {**told, "station_code": ""}
        actions.update_requirement(values=values, version=draft.version, **change)


def test_what_is_refused_about_a_draft(world, draft):
    stage = draft.stages.get(kind="theory")
    asked = {"draft": draft, "stage": stage, "version": draft.version}
    for act, more in (
        (actions.move_stage, {"way": Way.UP}),
        (actions.update_stage, {"values": {"name": "x"}}),
    ):
        with pytest.raises(PermissionDenied):
            act(by=world.qc, **asked, **more)
    foreign = build.published(world, name="另一", kind="entry", technique=None).versions.get()
    need = stage.requirements.get()
    with pytest.raises(ValidationError, match="stage of this version"):
        actions.update_requirement(
            draft=draft,
            requirement=need,
            stage=foreign.stages.first(),
            values={},
            version=draft.version,
            by=world.office,
        )
    with pytest.raises(DomainError) as told:
        actions.move_stage(
            draft=foreign,
            stage=foreign.stages.first(),
            way=Way.DOWN,
            version=foreign.version,
            by=world.office,
        )
    assert told.value.code == "version_published"
