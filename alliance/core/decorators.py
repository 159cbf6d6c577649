"""Marks on views that middleware reads."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def in_background(view: View) -> View:
    """A page's own timer calls this view: that is no sign of anybody sitting there."""
    view.in_background = True  # type: ignore[attr-defined]
    return view
