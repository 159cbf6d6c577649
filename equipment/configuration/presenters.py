"""What the pages of the base configuration show, put into words and rows."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.institutions.choices import Tier

from . import rules, selectors
from .choices import CONFIGURED_TIERS
from .rules import Gap

_NOON = time(12)
_TONES = {"short": "bad", "out": "warn", "met": "good"}


def moment_of(on: date) -> datetime:
    """The moment a report of a day speaks of: now for today, else noon."""
    if on == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(on, _NOON))


def gap_rows(gaps: Iterable[Gap]) -> list[dict[str, Any]]:
    """Each line with its standing in words; what lacks most comes first."""
    order = ("short", "out", "met")
    ordered = sorted(gaps, key=lambda one: (order.index(one.standing), -one.short, one.type_name))
    return [
        {"gap": gap, "label": standing_label(gap), "tone": _TONES[gap.standing]} for gap in ordered
    ]


def standing_label(gap: Gap) -> str:
    """How a line stands."""
    if gap.standing == "short":
        return ngettext("%(n)s short", "%(n)s short", gap.short) % {"n": gap.short}
    if gap.standing == "out":
        return _("not in service")
    return _("has what it must")


def tier_stats(gaps: Collection[Gap]) -> list[dict[str, Any]]:
    """Of each tier: how many institutions have all that they must."""
    houses = rules.houses(gaps)
    found = []
    for tier in reversed(CONFIGURED_TIERS):
        here = [house for house in houses if house.tier == tier]
        if here:
            whole = sum(house.short_types == 0 for house in here)
            words = {"part": whole, "whole": len(here)}
            found.append(
                {
                    "label": tier.label,
                    "value": f"{rules.percent(whole, len(here))}%",
                    "formula": _("%(part)s of %(whole)s have all they must") % words,
                }
            )
    return found


def share_rows(gaps: Iterable[Gap]) -> list[dict[str, Any]]:
    """The share of institutions equipped, by tier and type, and how the others stand."""
    return [
        {"share": one, "tier": Tier(one.tier).label, "note": _share_note(one)}
        for one in rules.shares(gaps)
    ]


def _share_note(share: rules.Share) -> str:
    """How many institutions have none at all, and how many too few that are young enough."""
    some = share.asked - share.equipped - share.without
    none = ngettext("%(n)s has none", "%(n)s have none", share.without) % {"n": share.without}
    few = ngettext("%(n)s has too few or old ones", "%(n)s have too few or old ones", some)
    told = [(share.without, none), (some, few % {"n": some})]
    return " · ".join(words for count, words in told if count)


def house_rows(gaps: Iterable[Gap], public_ids: dict[int, Any]) -> list[dict[str, Any]]:
    """Institutions that lack something, those that lack most first."""
    return [
        {
            "house": one,
            "tier": Tier(one.tier).label,
            "url": reverse("configuration:gap", args=[public_ids[one.institution_id]]),
        }
        for one in rules.houses(gaps)
        if one.short or one.out
    ]


def pyramid(counts: selectors.Ages, *, on: date, years: int) -> dict[str, Any]:
    """Devices by age, oldest on top, one series a tier; and the share of the old ones."""
    bands = rules.pyramid(counts, on=on)
    tiers = [tier for tier in reversed(CONFIGURED_TIERS) if _any_of(tier, bands)]
    old, whole = rules.older(counts, on=on, years=years)
    return {
        "headers": [_("Years in use"), *(str(tier.label) for tier in tiers)],
        "rows": [
            [_band(start), *(bands[start].get(tier, 0) for tier in tiers)]
            for start in reversed(rules.AGE_BANDS)
        ],
        "whole": whole,
        "percent": rules.percent(old, whole),
        "words": _("%(old)s of %(whole)s devices have been in use for %(years)s years or more")
        % {"old": old, "whole": whole, "years": years},
    }


def _any_of(tier: str, bands: dict[int, dict[str, int]]) -> bool:
    return any(tier in found for found in bands.values())


def _band(start: int) -> str:
    following = [other for other in rules.AGE_BANDS if other > start]
    if not following:
        return _("%(from)s and more") % {"from": start}
    return _("%(from)s to under %(to)s") % {"from": start, "to": following[0]}
