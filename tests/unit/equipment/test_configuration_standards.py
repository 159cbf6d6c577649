"""Editions of the base configuration, and what they ask of whom."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core import compliance
from alliance.core.errors import DomainError
from equipment.configuration import actions, policies, selectors
from equipment.configuration.models import Standard, StandardItem
from equipment.service.models import Outage
from tests.factories.alliance import LONG_AGO
from tests.factories.configuration import asked
from tests.factories.devices import DeviceFactory, DeviceTypeFactory

pytestmark = pytest.mark.django_db
PUBLISHED = {"status": "published", "published_at": timezone.now(), "effective_from": LONG_AGO}
TODAY = timezone.localdate()
NINE_YEARS_AGO = TODAY - timedelta(days=9 * 366)


@pytest.fixture
def scope(world):
    return DeviceTypeFactory()


def refused(name, write):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


def test_the_tables_keep_editions_in_order(world, scope):
    asked(world, ("township", scope, 1, 8))
    refused("configuration_standard_one_a_date", lambda: asked(world, name="b"))
    draft = Standard.objects.create(alliance=world.alliance, name="c", created_by=world.office)
    rows = Standard.objects.filter(pk=draft.pk)
    refused("configuration_standard_published", lambda: rows.update(status="published"))
    line = {"standard": draft, "tier": "county", "type": scope}
    item = StandardItem.objects.create(**line)
    refused("configuration_item_once", lambda: StandardItem.objects.create(**line))
    items = StandardItem.objects.filter(pk=item.pk)
    refused("configuration_item_tier", lambda: items.update(tier="village"))
    refused("configuration_item_numbers", lambda: items.update(minimum=0))
    refused("configuration_item_numbers", lambda: items.update(max_age_years=61))


def test_a_published_edition_is_never_changed(world, scope):
    edition = asked(world, ("township", scope, 1, 8))
    for write in (
        lambda: Standard.objects.filter(pk=edition.pk).update(name="b"),
        lambda: edition.items.all().delete(),
        lambda: edition.items.update(minimum=2),
    ):
        refused("never changed", write)
    with pytest.raises(DomainError, match="never changed"):
        actions.set_item(
            standard=edition, tier="county", device_type=scope, minimum=1, by=world.office
        )


def test_an_edition_is_drafted_edited_and_published(world, scope):
    edition = actions.draft(alliance=world.alliance, name=" 2026 ", by=world.office)
    assert (edition.name, edition.status) == ("2026", "draft")
    with pytest.raises(DomainError, match="asks for nothing"):
        actions.publish(standard=edition, effective_from=TODAY, on=TODAY, by=world.office)
    line = {"standard": edition, "tier": "township", "device_type": scope, "by": world.office}
    item = actions.set_item(**line, minimum=1)
    again = actions.set_item(**line, minimum=2, max_age_years=8, purpose="急诊")
    assert (again.pk, again.minimum) == (item.pk, 2)
    with pytest.raises(ValidationError, match="one to a hundred"):
        actions.set_item(**line, minimum=0)
    published = actions.publish(
        standard=edition, effective_from=LONG_AGO, on=TODAY, by=world.office
    )
    assert published.published_by == world.office
    following = actions.draft(alliance=world.alliance, name="2027", by=world.office)
    assert following.items.get().purpose == "急诊"
    with pytest.raises(ValidationError, match="today or later"):
        actions.publish(standard=following, effective_from=LONG_AGO, on=TODAY, by=world.office)
    copied = following.items.get()
    actions.remove_item(item=copied, by=world.office)
    actions.remove_item(item=copied, by=world.office)
    actions.discard(standard=following, by=world.office)
    assert Standard.objects.get() == edition
    assert selectors.standard_in_force(alliance_id=world.alliance.pk, on=TODAY) == edition


def test_only_the_office_maintains_editions(world, scope):
    draft = actions.draft(alliance=world.alliance, name="2026", by=world.office)
    for by in (world.qc, world.manager):
        with pytest.raises(PermissionDenied):
            actions.draft(alliance=world.alliance, name="b", by=by)
        with pytest.raises(PermissionDenied):
            actions.publish(standard=draft, effective_from=TODAY, on=TODAY, by=by)
    seen = Standard.objects.visible_to
    assert Standard.objects.visible_to(world.office).count() == 1
    assert not seen(world.manager).exists()
    assert not StandardItem.objects.visible_to(world.outsider).exists()
    Standard.objects.update(**PUBLISHED | {"published_by": world.office})
    assert seen(world.manager).exists()
    world.county.memberships.update(valid_until=TODAY)
    assert not seen(world.manager).exists()


def test_gaps_count_what_is_too_old_and_what_is_down(world, scope, django_assert_num_queries):
    drill = DeviceTypeFactory(code="04-01", name="电钻")
    asked(world, ("township", scope, 1, 8), ("county", scope, 2, None), ("county", drill, 1, 8))
    DeviceFactory(owner=world.township, type=scope, in_use_from=NINE_YEARS_AGO)
    DeviceFactory(owner=world.county, type=scope, in_use_from=NINE_YEARS_AGO)
    down = DeviceFactory(owner=world.county, type=scope)
    DeviceFactory(owner=world.county, type=drill, retired_on=TODAY, retirement="worn")
    now = timezone.now()
    Outage.objects.create(device=down, starts_at=now - timedelta(days=1), reason="fault")
    with django_assert_num_queries(1):
        found = selectors.gaps(alliance_id=world.alliance.pk, at=now)
    by = {(one.institution_id, one.type_id): one for one in found}
    assert len(found) == 6
    township = by[world.township.pk, scope.pk]
    assert (township.have, township.too_old, township.usable, township.short) == (1, 1, 0, 1)
    county = by[world.county.pk, scope.pk]
    assert (county.have, county.too_old, county.usable, county.standing) == (2, 0, 1, "out")
    assert by[world.county.pk, drill.pk].have == 0
    (own,) = selectors.gaps(
        alliance_id=world.alliance.pk, at=now, institution_id=world.county.pk, type_id=drill.pk
    )
    assert own.short == 1
    earlier = now - timedelta(days=20_000)
    assert selectors.gaps(alliance_id=world.alliance.pk, at=earlier) == []


def test_ages_are_of_devices_on_the_register(world, scope):
    DeviceFactory(owner=world.township, type=scope, in_use_from=NINE_YEARS_AGO)
    DeviceFactory(owner=world.township, type=scope, retired_on=TODAY, retirement="worn")
    DeviceFactory(owner=world.outside, type=scope)
    alliance_id = world.alliance.pk
    expected = [("township", NINE_YEARS_AGO, 1)]
    assert selectors.ages(alliance_id=alliance_id, on=TODAY) == expected
    # One that was given by another house is as old as it was there.
    given = DeviceFactory(owner=world.county, type=scope, purchased_on=NINE_YEARS_AGO)
    found = selectors.ages(alliance_id=alliance_id, on=TODAY)
    assert sorted(found) == [("county", NINE_YEARS_AGO, 1), *expected]
    given.delete()
    own = selectors.ages(alliance_id=alliance_id, on=TODAY, institution_id=world.township.pk)
    assert own == expected
    assert selectors.old_years(alliance_id=alliance_id, on=TODAY) == 8


def test_whose_gaps_one_may_look_at(world):
    def seen(user):
        return set(policies.houses_seen(user, TODAY).values_list("pk", flat=True))

    assert seen(world.township_manager) == {world.township.pk}
    assert world.township.pk in seen(world.qc)
    assert world.outside.pk not in seen(world.office)
    assert seen(world.doctor) == {world.township.pk}
    assert seen(world.auditor) == set()


def test_the_check_finds_what_is_short(world, scope):
    asked(world, ("township", scope, 1, 8))
    DeviceFactory(owner=world.township, type=scope, in_use_from=NINE_YEARS_AGO)
    DeviceFactory(owner=world.township2, type=scope)
    one = compliance.checks()["configuration.short"]
    question = compliance.Question((world.alliance.pk,), TODAY, timezone.now(), {})
    (row,) = one.rows(question)
    assert row["house_id"] == world.township.pk
    assert row["subject"] == str(world.township.public_id)
    assert row["facet"] == scope.code
    assert row["evidence"] == {"device_type": "腹腔镜", "need": 1, "have": 1, "too_old": 1}
