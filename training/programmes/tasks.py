"""Work in the background."""

from celery import shared_task

from . import actions


@shared_task(name="programmes.advance_all", acks_late=True)
def advance_all() -> int:
    """Note which stages people have passed since the last look."""
    return actions.advance_all()
