"""Who hears of a move: those who have to act next, and the institution."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.selectors import alliance_staff, office_of, staff_with_roles

from .choices import Move, Status
from .models import Purchase, PurchaseEvent

_BY_MOVE = {
    Move.SUBMIT: _("%(house)s applies for %(type)s, %(count)s in number"),
    Move.PASS_ON: _("Purchase of %(type)s by %(house)s: to be evaluated by the third party"),
    Move.RETURN: _("Application for %(type)s returned for completion"),
    Move.EVALUATE: _("Purchase of %(type)s by %(house)s is evaluated: the decision is due"),
    Move.APPROVE: _("Purchase of %(type)s by %(house)s is approved"),
    Move.REFUSE: _("Purchase of %(type)s by %(house)s is not approved"),
    Move.DELIVER: _("%(type)s of %(house)s are delivered"),
    Move.DELIVER_PART: _("%(type)s of %(house)s are delivered in part"),
    Move.WRITE_OFF: _("%(house)s wrote off the rest of its purchase of %(type)s"),
    Move.TAKE_BACK: _("%(house)s took back its application for %(type)s"),
    Move.GIVE_UP: _("%(house)s gave the purchase of %(type)s up"),
}
texts.define(
    {
        f"purchases.{move.value}": (title, pgettext_lazy("notice", "%(by)s: %(reason)s"))
        for move, title in _BY_MOVE.items()
    }
)


def tell(*, event_id: int) -> None:
    """Tell the office, the institution and, where it is their turn, the third party."""
    event = PurchaseEvent.objects.select_related(
        "purchase__institution", "purchase__type", "by"
    ).get(pk=event_id)
    purchase = event.purchase
    notify(
        user_ids=_readers(purchase, event) - {event.by_id},
        kind=NoticeKind.EQUIPMENT,
        text_key=f"purchases.{event.move}",
        values={
            "house": str(purchase.institution),
            "type": purchase.type.name,
            "count": purchase.quantity,
            "by": event.by.name,
            "reason": event.reason or "—",
        },
        url=purchase.get_absolute_url(),
        dedupe=f"purchases:{event.pk}",
    )


def _readers(purchase: Purchase, event: PurchaseEvent) -> set[int]:
    today = timezone.localdate()
    roles = [Role.MANAGER, Role.EQUIPMENT_KEEPER]
    found = {*staff_with_roles(institution_ids=[purchase.institution_id], roles=roles, on=today)}
    if purchase.submitted_at is not None:
        found |= {*office_of(purchase.alliance_id, on=today)}
    if Status.EVALUATION in (event.source, event.target):
        found |= set(alliance_staff(purchase.alliance_id, roles=[Role.QC_MEMBER], on=today))
    return found
