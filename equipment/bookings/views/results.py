"""What a search found as its page shows it: the answer, then what is required, then what helps."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from equipment.devices.models import Device

from .. import days, judging, searching
from ..rules import Period

# The best devices of a kind, so many on a page where all of it are asked for.
_FIRST, _PAGE = 3, 10
# Free times of a device before the fold, and in it: nobody reads more of them on a phone.
_SLOTS_FIRST, _SLOTS_MOST = 4, 40


class Links:
    """Addresses behind free times: what is asked for goes along; none for those who only look."""

    def __init__(
        self, data: Mapping[str, Any], along: Mapping[str, str], *, may_book: bool
    ) -> None:
        self._query: dict[str, Any] = {**along, "minutes": data["minutes"]}
        if data["technique"]:
            self._query["technique"] = data["technique"].code
        self._may_book = may_book

    def to(self, devices: Sequence[Device], slot: Period) -> str:
        """The form for these devices from the beginning of a free time."""
        if not self._may_book:
            return ""
        start = timezone.localtime(slot.since).strftime("%Y-%m-%dT%H:%M")
        query = self._query | {"device": [one.public_id for one in devices], "start": start}
        return f"{reverse('bookings:book')}?{urlencode(query, doseq=True)}"


def answer(groups: Sequence[searching.Group], links: Links, length: Any) -> dict[str, Any] | None:
    """The one to take, with the address that books it; None where nothing is free."""
    found = searching.best(groups, length=length)
    if found is None:
        return None
    devices = [one.offer.device for one in found.found]
    more = [one.offer.device for one in searching.alongside(groups, found)]
    return {
        "best": found,
        "devices": devices,
        "url": links.to(devices, found.period),
        "more": more,
        "all_url": links.to([*devices, *more], found.period) if more else "",
    }


def without_answer(groups: Sequence[searching.Group]) -> list[str]:
    """What is required and cannot be had at all; empty where the times do not meet."""
    return [one.title for one in groups if one.is_required and not one.found]


def has_unsound(groups: Sequence[searching.Group]) -> bool:
    """Whether anything that counts is free only in poor condition, or was missing when counted."""
    required = [one for one in groups if one.is_required]
    found = [one.found for one in required or groups if one.found]
    return any(not any(one.is_sound for one in own) for own in found)


def shown(
    groups: Sequence[searching.Group],
    links: Links,
    asked: Mapping[str, str],
    barred: Collection[int] = (),
) -> list[dict[str, Any]]:
    """The kinds with their best devices; one alone, page by page, where all of it are asked for.

    `barred` are types of which devices were left out, since the reader may not do it where they are.
    """
    whole = asked.get("only", "")
    alone = [one for one in groups if _name(one) == whole]
    return [
        _group(one, links, asked, is_whole=bool(alone))
        | {"is_barred": any(kind.pk in barred for kind in one.types)}
        for one in alone or groups
    ]


def _name(group: searching.Group) -> str:
    return str(group.types[0].public_id)


def _group(
    group: searching.Group, links: Links, asked: Mapping[str, str], *, is_whole: bool
) -> dict[str, Any]:
    begin, count = 0, len(group.found)
    if is_whole:
        text = asked.get("from", "")
        begin = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
        begin = begin if begin < count else 0
    end = begin + (_PAGE if is_whole else _FIRST)
    base = {key: value for key, value in asked.items() if key not in ("only", "from")}

    def page(at: int) -> str:
        return f"?{urlencode({**base, 'only': _name(group), 'from': at})}"

    return {
        "group": group,
        "rows": [_row(one, links) for one in group.found[begin:end]],
        "count": count,
        "hidden": max(count - end, 0),
        "busy": group.busy,
        "is_whole": is_whole,
        "more_url": page(end if is_whole else 0),
        "previous_url": page(max(begin - _PAGE, 0)) if begin else "",
        "back_url": f"?{urlencode(base)}",
    }


def _row(one: searching.Found, links: Links) -> dict[str, Any]:
    """A device with its first free times, what is usual and what is not, the rest under a fold."""
    zone, device = judging.zone(), one.offer.device
    usual = days.usual(one.times, zone)
    unlike = days.unlike(one.times, usual, zone) if usual else []
    if len(unlike) > _SLOTS_FIRST:
        # With so many exceptions a rule says nothing.
        usual, unlike = None, []
    first = one.times[: 1 if usual else _SLOTS_FIRST]
    others = [slot for slot in one.times if slot not in first and slot not in unlike]

    def linked(slots: Collection[Period]) -> list[tuple[Period, str]]:
        return [(slot, links.to([device], slot)) for slot in slots]

    return {
        "found": one,
        "usual": usual,
        "slots": linked(first),
        "unlike": linked(unlike),
        "rest": linked(others[:_SLOTS_MOST]),
        "more": len(others),
        "beyond": max(len(others) - _SLOTS_MOST, 0),
    }
