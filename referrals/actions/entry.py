"""The filing page: what it typed is kept under its key, and filed together with its patient."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from alliance.core.errors import DomainError, KeyReused
from alliance.core.idempotency import once
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution
from alliance.patients import actions as patients
from alliance.patients.models import Patient

from ..models import Referral
from ..wishes import typed_in
from .filing import save_draft, submit_draft

# Under this name a draft remembers which opened page wrote it last.
KEY = "idempotency_key"


@one_transaction
def keep_draft(
    *,
    by: Any,
    institution: Institution,
    typed: Mapping[str, Any],
    draft: Referral | None = None,
    version: int | None = None,
) -> Referral:
    """Keep what an opened page holds, in the draft it was opened on or in one of its own.

    A page saved twice makes one draft. When an answer was lost on the way the page does not know
    the version it made itself: its key in the draft tells, and only another page's writing since
    is a conflict (StaleVersion).
    """
    if draft is None:
        remembered = once(
            scope=f"draft:{by.pk}",
            key=str(typed[KEY]),
            body={},
            perform=lambda: {"pk": _begin(by, institution, typed)},
        )
        draft = Referral.objects.get(pk=remembered.data["pk"])
        if not remembered.replayed:
            return draft
    if typed_in(draft).get(KEY) == typed[KEY]:
        version = draft.version
    return save_draft(
        by=by, institution=draft.sender, form_data=typed, draft=draft, version=version
    )


def _begin(by: Any, institution: Institution, typed: Mapping[str, Any]) -> int:
    return int(save_draft(by=by, institution=institution, form_data=typed).pk)


@one_transaction
def file_with_patient(
    *,
    by: Any,
    institution: Institution,
    patient: Patient | Mapping[str, Any],
    data: Mapping[str, Any],
    typed: Mapping[str, Any],
    draft: Referral | None = None,
    version: int | None = None,
    parent: Referral | None = None,
) -> Referral:
    """File what an opened page holds, once; a patient not in care here yet is registered with it.

    `patient` is the patient or what `patients.register` takes. Either everything is stored or
    nothing. Raises like `register` and `create_referral`.
    """

    def perform() -> dict[str, Any]:
        kept = keep_draft(by=by, institution=institution, typed=typed, draft=draft, version=version)
        person = patient if isinstance(patient, Patient) else _registered(patient, kept, by)
        filed = submit_draft(draft=kept, data={**data, "patient": person}, by=by, parent=parent)
        return {"pk": filed.pk}

    try:
        remembered = once(
            scope=f"filing:{by.pk}", key=str(typed[KEY]), body=dict(typed), perform=perform
        )
    except KeyReused as error:
        raise DomainError(
            "already_filed",
            _("This form was filed before. What you changed since is not part of that referral."),
        ) from error
    return Referral.objects.get(pk=remembered.data["pk"])


def _registered(person: Mapping[str, Any], draft: Referral, by: Any) -> Patient:
    patient, _new = patients.register(by=by, institution=draft.sender, **person)
    return patient
