"""Programmes, enrolments and records of the past in every state, reached through actions."""

from datetime import timedelta

from django.utils import timezone

from alliance.core import uploads
from tests.factories.files import png
from training.programmes import actions
from training.programmes.choices import Need, Part, ProgrammeKind, StageKind
from training.programmes.models import Programme, ProgrammeVersion, SignOff, StageRequirement


def today():
    return timezone.localdate()


def ago(days):
    return today() - timedelta(days=days)


def programme(world, **more) -> Programme:
    """A programme with an empty draft."""
    values = {"name": "清创缝合术", "kind": ProgrammeKind.TECHNIQUE.value}
    values |= {"technique": world.debridement} | more
    return actions.create_programme(alliance=world.alliance, by=world.office, values=values)


def draft_of(made) -> ProgrammeVersion:
    """The draft as it stands."""
    return made.versions.get(status="draft")


def stage(world, draft, kind, *needs):
    """A stage with what it asks for: (kind, minimum, more) each."""
    draft.refresh_from_db()
    made = actions.add_stage(
        draft=draft,
        values={"kind": kind.value, "name": str(kind.label)},
        version=draft.version,
        by=world.office,
    )
    for need, minimum, more in needs:
        draft.refresh_from_db()
        actions.add_requirement(
            draft=draft,
            stage=made,
            values={"kind": need.value, "label": str(need.label), "minimum": minimum, **more},
            version=draft.version,
            by=world.office,
        )
    return made


THEORY = (StageKind.THEORY, (Need.EXAM, 1, {"variety": "theory"}))
CLINICAL = (StageKind.CLINICAL, (Need.CASES, 2, {"part": Part.SUPERVISED.value}))
ASSESSMENT = (StageKind.ASSESSMENT, (Need.SIGN_OFF, 1, {}))
USUAL = (THEORY, CLINICAL, ASSESSMENT)


def published(world, *stages, on=None, **more) -> Programme:
    """A programme whose first version counts: an exam, two supervised cases, a signature."""
    made = programme(world, **more)
    draft = draft_of(made)
    for kind, *needs in stages or USUAL:
        stage(world, draft, kind, *needs)
    draft.refresh_from_db()
    actions.publish_version(
        draft=draft, effective_from=on or today(), version=draft.version, by=world.office
    )
    if on is None:
        # In force since before anybody enrols, as a version is that was published in time.
        ProgrammeVersion.objects.filter(pk=draft.pk).update(effective_from=ago(400))
    made.refresh_from_db()
    return made


def enrolment(world, made=None, *, days=100, **more):
    """李文 of the township in a programme, begun some days ago."""
    values = {"practitioner": world.practitioner, "by": world.township_manager}
    return actions.enrol(
        programme=made or published(world), started_on=ago(days), **{**values, **more}
    )


def need(row, kind, place=0) -> StageRequirement:
    """A requirement of an enrolment's version."""
    found = StageRequirement.objects.filter(stage__version=row.programme_version, kind=kind)
    return found.order_by("stage__order", "order")[place]


def paper():
    """A checked picture of a certificate."""
    return uploads.check(png(), "证明.png", max_bytes=1_000_000)


def prior(world, **more):
    """Twelve supervised cases from before, as the trainer entered them."""
    values = {
        "kind": Need.CASES.value,
        "technique": world.debridement,
        "part": Part.SUPERVISED.value,
        "amount": 12,
        "on": ago(500),
        "title": "县医院进修证明",
    }
    evidence = more.pop("evidence", True)
    by = more.pop("by", world.trainer)
    return actions.record_prior(
        practitioner=more.pop("practitioner", world.practitioner),
        values=values | more,
        by=by,
        evidence=paper() if evidence else None,
    )


def confirmed_prior(world, **more):
    """The same, confirmed by the manager of the house."""
    made = prior(world, **more)
    return actions.decide_prior(
        record=made, accepted=True, by=world.township_manager, version=made.version
    )


def signed(world, row, **more) -> SignOff:
    """The signature that an enrolment asks for."""
    return actions.sign_off(
        enrolment=row, requirement=need(row, Need.SIGN_OFF), by=world.trainer, **more
    )
