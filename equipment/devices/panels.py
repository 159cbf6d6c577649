"""What other rooms show on the page of a device, and the big buttons of its QR label.

The page belongs to this room; rooms above hang up panels, as cards are hung up on a hub:

    @panel(order=20)
    def state(user: Any, device: Device, at: datetime) -> Panel | None:
        return Panel(_("In service"), acts=[Act(_("Report a fault"), url, icon="alert")])

and their `apps.py` imports that module. A panel is asked for one device that the user may see, and
says nothing (None) to whom it does not concern. Lower orders stand first: 10 to 19 what a person
came to do with the label in front of them (check in, report a fault), 20 to 49 how the device
stands, 50 and above what may be looked up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .models import Device


@dataclass(frozen=True)
class Act:
    """A button; `method="post"` sends `values` to the address with the token of the page."""

    label: Any
    url: str
    icon: str = ""
    is_primary: bool = False
    is_danger: bool = False
    method: str = "get"
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """One card: a state in words (`label` with `tone`), a sentence, facts, rows, acts.

    `facts` are of `components/facts.html`, `rows` of `components/row.html`; `template` with
    `context` is for what neither can say. `is_quiet` panels are left out of the page that a label
    opens, except for their acts.
    """

    title: Any
    text: Any = ""
    label: Any = ""
    tone: str = "neutral"
    facts: Sequence[Mapping[str, Any]] = ()
    rows: Sequence[Mapping[str, Any]] = ()
    acts: Sequence[Act] = ()
    more_url: str = ""
    more_label: Any = ""
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    is_quiet: bool = False


Maker = Callable[[Any, Device, datetime], Panel | None]
_makers: list[tuple[int, Maker]] = []


def panel(order: int) -> Callable[[Maker], Maker]:
    """Register a function that gives a device's panel for a user at a moment."""

    def register(maker: Maker) -> Maker:
        _makers.append((order, maker))
        return maker

    return register


def panels_for(user: Any, device: Device, at: datetime) -> list[Panel]:
    """Every panel of a device for this user, in order."""
    makers = sorted(_makers, key=lambda pair: pair[0])
    found = (maker(user, device, at) for _order, maker in makers)
    return [one for one in found if one is not None]


def first_only(acts: Sequence[Act]) -> list[Act]:
    """The same acts with one primary one at most, at the top: what its state calls for."""
    ordered = sorted(acts, key=lambda act: not act.is_primary)
    return [
        replace(act, is_primary=act.is_primary and not place) for place, act in enumerate(ordered)
    ]
