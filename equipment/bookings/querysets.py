"""Rules about sets of bookings."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery, Sum

from alliance.core.access import access_of
from alliance.core.choices import Permission

from .choices import LIVE, LONGEST, OPEN, WAITING, MentorWord, Status


class BookingQuerySet(models.QuerySet[Any]):
    """Bookings; half-open periods: what ends at ten does not meet what begins at ten."""

    def visible_to(self, user: Any) -> Self:
        """One's houses' bookings, those of their devices, one's own, and of alliances overseen.

        Each way is asked of one booking after the other, so that the first page of a list reads the
        first bookings and not all there are.
        """
        access = access_of(user)
        houses = access.institutions_with(Permission.EQUIPMENT_VIEW)
        people: Any = self.model._meta.get_field("people").related_model
        mine = people.objects.filter(booking=OuterRef("pk"), practitioner__user=user.pk)
        # Who declined to be the mentor is bound no more, but sees what becomes of it.
        declined = Q(mentor_word=MentorWord.DECLINED)
        declined &= Q(mentor=getattr(user, "practitioner_id", None))
        return self.filter(
            Q(institution__in=houses)
            | Q(self._on_devices_of(houses))
            | Q(Exists(mine))
            | declined
            | Q(alliance__in=access.alliances_with(Permission.EQUIPMENT_OVERSEE))
        )

    def of_devices_kept_by(self, user: Any) -> Self:
        """Those of devices that one keeps."""
        houses = access_of(user).institutions_with(Permission.EQUIPMENT_KEEP)
        return self.filter(self._on_devices_of(houses))

    def waiting_for(self, user: Any) -> Self:
        """Requests in which a device waits for one's approval."""
        houses = access_of(user).institutions_with(Permission.EQUIPMENT_KEEP)
        lines: Any = self.model._meta.get_field("lines").related_model
        waiting = lines.objects.waiting().filter(device__owner__in=houses)
        return self.filter(pk__in=waiting.values("booking"), status=Status.REQUESTED)

    def asking_mentor(self, user: Any, at: datetime) -> Self:
        """Those not over in which one's own word as mentor is asked for."""
        person = getattr(user, "practitioner_id", None)
        own = self.filter(mentor=person, mentor_word=MentorWord.ASKED)
        return own.filter(status__in=WAITING, ends_at__gt=at)

    def _on_devices_of(self, houses: Collection[int]) -> Exists:
        lines: Any = self.model._meta.get_field("lines").related_model
        return Exists(lines.objects.filter(booking=OuterRef("pk"), device__owner__in=houses))

    def with_device(self, public_id: Any) -> Self:
        """Those of one device."""
        lines: Any = self.model._meta.get_field("lines").related_model
        own = lines.objects.filter(device__public_id=public_id)
        return self.filter(pk__in=own.values("booking"))

    def of_owner(self, public_id: Any) -> Self:
        """Those of a device of one institution."""
        lines: Any = self.model._meta.get_field("lines").related_model
        own = lines.objects.filter(device__owner__public_id=public_id)
        return self.filter(pk__in=own.values("booking"))

    def meeting(self, since: datetime, until: datetime) -> Self:
        """Those whose period shares a moment with [since, until)."""
        return self.filter(starts_at__gt=since - LONGEST, starts_at__lt=until, ends_at__gt=since)

    def live(self) -> Self:
        """Those that hold their devices and people."""
        return self.filter(status__in=LIVE)

    def open(self) -> Self:
        """Those to come or going on."""
        return self.filter(status__in=OPEN)

    def borrowed_by(self, institution_id: int) -> Self:
        """Those of an institution that hold a device of another."""
        lines: Any = self.model._meta.get_field("lines").related_model
        others = lines.objects.exclude(device__owner=institution_id)
        own = others.filter(booking=OuterRef("pk"))
        return self.filter(Exists(own), institution=institution_id)

    def missed(self, at: datetime, *, patience: timedelta) -> Self:
        """Confirmed ones whose use did not begin, though it is so late or over altogether."""
        late = Q(starts_at__lte=at - patience) | Q(ends_at__lte=at)
        return self.filter(late, status=Status.CONFIRMED, starts_at__lt=at)

    def unanswered(self, at: datetime, *, patience: timedelta) -> Self:
        """Requests that nobody answered before their start, or for so long."""
        late = Q(starts_at__lte=at) | Q(created_at__lte=at - patience)
        return self.filter(late, status=Status.REQUESTED)

    def strikes(self, since: datetime, until: datetime) -> Self:
        """Those of [since, until) that count against who booked: missed, or cancelled too late."""
        return self.counting().filter(starts_at__gte=since, starts_at__lt=until)

    def counting(self) -> Self:
        """Those that count against who booked, whenever they were."""
        counts = Q(status=Status.NO_SHOW) | Q(status=Status.CANCELLED, is_late=True)
        return self.filter(counts, is_excused=False)

    def with_agreed_amount(self) -> Self:
        """With what each was agreed to cost; None where nothing was."""
        lines: Any = self.model._meta.get_field("lines").related_model
        own = lines.objects.filter(booking=OuterRef("pk")).order_by().values("booking")
        total = own.annotate(total=Sum("agreed__amount")).values("total")
        return self.annotate(agreed_amount=Subquery(total))

    def for_list(self) -> Self:
        """With what a row shows."""
        lines: Any = self.model._meta.get_field("lines").related_model
        return self.select_related(
            "institution", "place", "technique", "operator", "mentor"
        ).prefetch_related(Prefetch("lines", lines.objects.for_list()))


class BookedDeviceQuerySet(models.QuerySet[Any]):
    """Devices of bookings, each with the time it is blocked."""

    def visible_to(self, user: Any) -> Self:
        """Those of bookings one sees."""
        bookings: Any = self.model._meta.get_field("booking").related_model
        return self.filter(booking__in=bookings.objects.visible_to(user))

    def blocking(self, since: datetime, until: datetime) -> Self:
        """Those that hold their device at a moment of [since, until), buffers included."""
        return self.filter(is_live=True, block_from__lt=until, block_until__gt=since)

    def waiting(self) -> Self:
        """Those whose keeper has not agreed yet."""
        return self.filter(needs_approval=True, approved_at=None)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("device__type", "device__owner").order_by("pk")


class BookedPersonQuerySet(models.QuerySet[Any]):
    """People of bookings, each with the time they are bound."""

    def visible_to(self, user: Any) -> Self:
        """Those of bookings one sees."""
        bookings: Any = self.model._meta.get_field("booking").related_model
        return self.filter(booking__in=bookings.objects.visible_to(user))

    def bound(self, since: datetime, until: datetime) -> Self:
        """Those bound at a moment of [since, until)."""
        return self.filter(is_live=True, starts_at__lt=until, ends_at__gt=since)


class BookingEventQuerySet(models.QuerySet[Any]):
    """What happened to bookings."""

    def visible_to(self, user: Any) -> Self:
        """Those of bookings one sees."""
        bookings: Any = self.model._meta.get_field("booking").related_model
        return self.filter(booking__in=bookings.objects.visible_to(user))


class BookingSeriesQuerySet(models.QuerySet[Any]):
    """Repeating bookings."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's houses and of alliances one oversees."""
        access = access_of(user)
        return self.filter(
            Q(institution__in=access.institutions_with(Permission.EQUIPMENT_BOOK))
            | Q(alliance__in=access.alliances_with(Permission.EQUIPMENT_OVERSEE))
        )


class BookingRefusalQuerySet(models.QuerySet[Any]):
    """Bookings that were asked for and not granted."""

    def visible_to(self, user: Any) -> Self:
        """Those one's houses met, those of their devices, and of alliances one oversees."""
        access = access_of(user)
        houses = access.institutions_with(Permission.EQUIPMENT_VIEW)
        return self.filter(
            Q(institution__in=houses)
            | Q(device__owner__in=houses)
            | Q(alliance__in=access.alliances_with(Permission.EQUIPMENT_OVERSEE))
        )
