"""The base configuration, as far as tests of other rooms need it."""

from django.utils import timezone

from equipment.configuration.models import Standard, StandardItem
from tests.factories.alliance import LONG_AGO


def asked(world, *lines, effective_from=LONG_AGO, name="基本配置 2020"):
    """An edition in force that asks (tier, type, minimum, at most years)."""
    row = Standard.objects.create(alliance=world.alliance, name=name, created_by=world.office)
    for tier, type_, minimum, years in lines:
        StandardItem.objects.create(
            standard=row, tier=tier, type=type_, minimum=minimum, max_age_years=years
        )
    row.status, row.effective_from = "published", effective_from
    row.published_at, row.published_by = timezone.now(), world.office
    row.save()
    return row
