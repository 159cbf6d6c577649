"""What a step looks up is looked up once; who may not see referrals keeps no views of them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from referrals.actions import saved_views
from referrals.actions.stepping import Book

pytestmark = pytest.mark.django_db


def test_a_book_reads_policy_and_calendar_once_a_day(world, django_assert_num_queries):
    book, now = Book(), timezone.now()
    first = (book.values(world.alliance.pk, now), book.calendar(world.county.pk, now))
    with django_assert_num_queries(0):
        again = (book.values(world.alliance.pk, now), book.calendar(world.county.pk, now))
    assert again == first


def test_views_of_referrals_are_for_those_who_see_referrals(world):
    with pytest.raises(PermissionDenied):
        saved_views.keep_view(by=world.auditor, name="未接诊", query="status=pending")
