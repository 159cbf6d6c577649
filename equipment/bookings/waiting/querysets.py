"""Rules about sets of the waiting list."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Prefetch, Q

from alliance.core.access import access_of
from alliance.core.choices import Permission

from .choices import ON_THE_LIST, Answer, EntryState


class EntryQuerySet(models.QuerySet[Any]):
    """Who waits for a device; who came first stands first."""

    def visible_to(self, user: Any) -> Self:
        """One's own, those of houses one books for, those for devices one keeps, and overseen."""
        access = access_of(user)
        kept = access.institutions_with(Permission.EQUIPMENT_KEEP)
        return self.filter(
            Q(created_by=user.pk)
            | Q(institution__in=access.institutions_with(Permission.EQUIPMENT_BOOK))
            | Q(device__owner__in=kept)
            | Q(offers__device__owner__in=kept)
            | Q(alliance__in=access.alliances_with(Permission.EQUIPMENT_OVERSEE))
        ).distinct()

    def on_the_list(self) -> Self:
        """Those still waiting, with or without an offer."""
        return self.filter(state__in=ON_THE_LIST)

    def same_as(self, entry: Any) -> Self:
        """Those by whom the same operator waits for the same, for the same patient."""
        return self.on_the_list().filter(
            institution=entry.institution, operator=entry.operator, device=entry.device,
            type=entry.type, technique=entry.technique, patient=entry.patient,
            wanted_from__lt=entry.wanted_until, wanted_until__gt=entry.wanted_from,
        )  # fmt: skip

    def in_line(self) -> Self:
        """Those without an offer, in the order in which they are served."""
        return self.filter(state=EntryState.WAITING).order_by("pk")

    def for_device(self, device: Any) -> Self:
        """Those whom this device would serve: they want it, or any of its kind."""
        return self.filter(Q(device=device) | Q(device=None, type=device.type_id))

    def over(self, at: datetime) -> Self:
        """Those still without an offer whose time has passed."""
        return self.filter(state=EntryState.WAITING, wanted_until__lte=at)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related(
            "type", "device", "institution", "technique", "operator", "mentor", "place"
        )

    def with_offers(self) -> Self:
        """With every offer that was made, and the booking it became."""
        offers: Any = self.model._meta.get_field("offers").related_model
        made = offers.objects.for_list().select_related("booking")
        return self.prefetch_related(Prefetch("offers", made))


class OfferQuerySet(models.QuerySet[Any]):
    """Times offered to people who wait."""

    def visible_to(self, user: Any) -> Self:
        """Those of entries one sees."""
        entries: Any = self.model._meta.get_field("entry").related_model
        return self.filter(entry__in=entries.objects.visible_to(user))

    def open(self) -> Self:
        """Those nobody has answered yet."""
        return self.filter(answer=Answer.OPEN)

    def asking(self, user: Any, at: datetime) -> Self:
        """Those to be answered still that were made to somebody, or to whom they stand in line for.

        Only while they book for that institution: nobody else may answer.
        """
        own = Q(entry__created_by=user.pk) | Q(entry__operator__user=user.pk)
        houses = access_of(user).institutions_with(Permission.EQUIPMENT_BOOK)
        return self.open().filter(own, entry__institution__in=houses, answer_by__gt=at)

    def late(self, at: datetime) -> Self:
        """Those not answered though the time to answer has passed."""
        return self.open().filter(answer_by__lte=at)

    def holding(self, since: datetime, until: datetime) -> Self:
        """Those that keep a device for somebody at a moment of [since, until)."""
        return self.open().filter(block_from__lt=until, block_until__gt=since)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("device__owner", "device__type")
