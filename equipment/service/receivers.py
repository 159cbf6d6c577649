"""What this room does for the outbox."""

from alliance.core import outbox

from . import notices


@outbox.handler("service.order_moved")
def tell_order(*, event_id: int) -> None:
    """Tell those concerned about a work order."""
    notices.tell_order(event_id=event_id)


@outbox.handler("service.checks")
def tell_checks(*, institution_id: int, plan_ids: list[int], news: str, on: str) -> None:
    """Tell keepers about checks that fall due or have passed."""
    notices.tell_checks(institution_id=institution_id, plan_ids=plan_ids, news=news, on=on)


@outbox.handler("service.recalled")
def tell_recalled(*, recall_id: int, institution_id: int) -> None:
    """Tell a house that devices of its are recalled."""
    notices.tell_recalled(recall_id=recall_id, institution_id=institution_id)


@outbox.handler("service.event")
def tell_event(*, event_id: int, news: str) -> None:
    """Tell those concerned about an adverse event and its clock."""
    notices.tell_event(event_id=event_id, news=news)
