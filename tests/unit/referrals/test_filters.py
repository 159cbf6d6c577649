"""What each filter of referrals lets through, and that nonsense is an error by its parameter."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from referrals.filters import MOST_PATIENTS, ReferralFilter, number_prefixes
from referrals.models import Referral
from tests import worlds


def filtered(user, **query):
    """Numbers of the referrals that `user` finds with these parameters."""
    data = QueryDict(mutable=True)
    for name, value in query.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    filters = ReferralFilter(
        data, request=SimpleNamespace(user=user), queryset=Referral.objects.all()
    )
    branches = filters.narrowed(Referral.objects.branches_for(user))
    return {leg.number for branch in branches for leg in branch}


@pytest.mark.parametrize(
    ("text", "prefixes"),
    [
        ("SZ-20261121-00412", ["SZ-20261121-00412"]),
        ("sz2026112100412", ["SZ-20261121-00412"]),
        ("SZ-2026", ["SZ-2026"]),
        ("sz-", ["SZ-"]),
        ("20261121-00412", ["SZ-20261121-00412", "XZ-20261121-00412", "PZ-20261121-00412"]),
        ("wxl", []),
        ("王小", []),
    ],
)
def test_number_prefixes(text, prefixes):
    assert number_prefixes(text) == prefixes


@pytest.mark.parametrize(
    "query",
    [
        {"search": "王小"},
        {"search": "wxl"},
        {"search": "WX"},
        {"stage": "open"},
        {"status": ["pending", "draft"]},
        {"direction": "up"},
        {"urgency": "urgent"},
        {"sender": "青山镇卫生院"},
        {"receiver": "县人民"},
        {"technique": "47.0100"},
        {"diagnosis": "K35"},
        {"diagnosis": "k35.800x001"},
        {"overdue": "false"},
        {"updated_since": "2020-01-01T00:00:00Z"},
        {"filed_from": "2020-01-01"},
        {},
    ],
    ids=str,
)
def test_finds(world, query):
    leg = worlds.pending_referral(world, technique=world.appendectomy)
    assert filtered(world.doctor, **query) == {leg.number}


@pytest.mark.parametrize(
    "query",
    [
        {"search": "李"},
        {"search": "XZ-2"},
        {"stage": "ours"},
        {"stage": "draft"},
        {"stage": "ended"},
        {"status": "closed"},
        {"direction": "down"},
        {"urgency": "routine"},
        {"sender": "县人民"},
        {"technique": "86.2200x011"},
        {"diagnosis": "K29"},
        {"overdue": "true"},
        {"updated_since": "2100-01-01T00:00:00Z"},
        {"filed_until": "2020-01-01"},
    ],
    ids=str,
)
def test_leaves_out(world, query):
    worlds.pending_referral(world, technique=world.appendectomy)
    assert filtered(world.doctor, **query) == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "lost"),
        ("stage", "somewhere"),
        ("direction", "sideways"),
        ("urgency", "very"),
        ("sender", "00000000-0000-0000-0000-000000000000"),
        ("receiver", "卫生院"),
        ("technique", "99.99"),
        ("diagnosis", "Z99"),
        ("overdue", "maybe"),
        ("updated_since", "yesterday"),
        ("filed_from", "31.12."),
        ("search", "很" * 51),
    ],
)
def test_nonsense_is_an_error_by_parameter(world, name, value):
    with pytest.raises(ValidationError) as refused:
        filtered(world.doctor, **{name: value})
    assert set(refused.value.message_dict) == {name}


def test_stage_ours_follows_the_holder(world):
    leg = worlds.pending_referral(world)
    assert filtered(world.liaison, stage="ours") == {leg.number}


def test_exact_number_is_one_referral_and_needs_no_patient(world, django_assert_num_queries):
    leg = worlds.pending_referral(world)
    worlds.pending_referral(world, patient=worlds.patient(world, 2))
    world.doctor.access  # noqa: B018 - read once per request, not by the filter
    with django_assert_num_queries(2):
        assert filtered(world.doctor, search=leg.number.lower()) == {leg.number}


def test_names_are_looked_up_once_and_bounded(world, django_assert_num_queries):
    worlds.pending_referral(world)
    world.doctor.access  # noqa: B018
    with django_assert_num_queries(3) as queries:
        filtered(world.doctor, search="王")
    assert f"LIMIT {MOST_PATIENTS + 1}" in queries[0]["sql"]


def test_overseers_find_no_names(world):
    worlds.pending_referral(world)
    assert filtered(world.office, search="王小") == set()
