"""Template tags of the component book (docs/components.md): icons, blocks, QR, script strings."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import segno
from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """One drawing of static/img/icons.svg; silent for screen readers unless it has a label."""
    href = f"{static('img/icons.svg')}#{name}"
    classes = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            classes,
            label,
            href,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        classes,
        href,
    )


@register.simple_tag
def qr(data: str, label: str = "") -> SafeString:
    """A QR code as inline SVG, black on white in every theme, with its text below."""
    drawing = segno.make(data, error="m", micro=False).svg_inline(
        omitsize=True, border=2, svgclass=None, lineclass=None, dark="#14212b"
    )
    # The drawing holds modules only: segno never writes the data itself into the SVG.
    image = mark_safe(drawing)  # noqa: S308
    return format_html(
        '<span class="qr" role="img" aria-label="{}">{}<span aria-hidden="true">{}</span></span>',
        label or data,
        image,
        label,
    )


@register.simple_block_tag(takes_context=True)
def card(context: Context, content: str, **options: Any) -> SafeString:
    """A white card. Options: title, count, more_url, more_label, level, flush, id, css."""
    return render_to_string("components/card.html", {"level": 2, **options, "content": content})


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, **options: Any) -> SafeString:
    """A button that asks something first. Options: label, title, css, icon, hotkey, id, open."""
    return render_to_string("components/dialog.html", {**options, "content": content})


@register.inclusion_tag("components/table.html")
def table(
    headers: Sequence[Any], rows: Sequence[Sequence[Any]], caption: str = "", empty: str = ""
) -> dict[str, Any]:
    """A plain table; each cell learns its column's label, for phones."""
    columns = [head if isinstance(head, Mapping) else {"label": head} for head in headers]
    return {
        "headers": columns,
        "rows": [[_cell(*pair) for pair in zip(columns, row, strict=True)] for row in rows],
        "caption": caption,
        "empty": empty,
    }


def _cell(column: Mapping[str, Any], value: Any) -> dict[str, Any]:
    content = value if isinstance(value, Mapping) else {"text": value}
    return {"label": column["label"], "num": column.get("num", False), **content}


@register.inclusion_tag("components/bars.html")
def bars(headers: Sequence[str], rows: Sequence[Sequence[Any]], caption: str) -> dict[str, Any]:
    """Stacked bars with their numbers; the longest row fills the width."""
    drawn = [(name, [_number(one) for one in numbers]) for name, *numbers in rows]
    longest = max((sum(one["value"] for one in numbers) for _name, numbers in drawn), default=0)
    return {
        "subject": headers[0],
        "series": headers[1:],
        "rows": [{"name": name, "parts": _stacked(parts, longest or 1)} for name, parts in drawn],
        "caption": caption,
    }


def _number(cell: Any) -> dict[str, Any]:
    return {**cell} if isinstance(cell, Mapping) else {"text": cell, "value": cell}


def _stacked(parts: Sequence[Mapping[str, Any]], longest: float) -> list[dict[str, Any]]:
    """Where each part begins and how long it is, in per cent as SVG writes them."""
    start, places = 0.0, []
    for part in parts:
        share = 100 * part["value"] / longest
        places.append({**part, "start": f"{start:.2f}", "share": f"{share:.2f}"})
        start += share
    return places


@register.filter
def money(value: Decimal | int) -> str:
    """Yuan and fen, in groups of three: sums of a month are long."""
    return f"{value:,.2f}"


@register.filter
def get_item(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """A value by a key that only the page knows; empty when absent."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def chart_option(option: Mapping[str, Any], chart_id: str) -> SafeString:
    """An ECharts option as the JSON block that chart.js reads."""
    return json_script(option, f"{chart_id}-option")


@register.simple_tag
def ui_strings() -> SafeString:
    """The sentences scripts may say, translated, as a JSON block they read once."""
    return json_script(_script_strings() | _typed_strings(), "ui-strings")


def _script_strings() -> dict[str, str]:
    return {
        "days_hours": _("%(days)d d %(hours)d h"),
        "days": _("%(days)d d"),
        "hours_minutes": _("%(hours)d h %(minutes)d min"),
        "hours": _("%(hours)d h"),
        "minutes": _("%(minutes)d min"),
        "minutes_seconds": _("%(minutes)d min %(seconds)d s"),
        "moment": _("less than 1 min"),
        "left": _("%(time)s left"),
        "overdue": _("%(time)s overdue"),
        "offline": _("No connection. What you type is kept on this device."),
        "online": _("Connected again"),
        "failed": _("That did not reach the server. Try again."),
        "close": _("Close"),
        "cancel": _("Cancel"),
        "remove": _("Remove %(name)s"),
        "no_results": _("Nothing found"),
        "searching": _("Searching…"),
        "results": _("%(count)d results"),
        "type_to_search": _("Type a name, pinyin initials or a code"),
        "theme_auto": _("Theme: as the device"),
        "theme_light": _("Theme: light"),
        "theme_dark": _("Theme: dark"),
        "copied": _("Copied"),
        "chart_failed": _("The chart could not be drawn; the numbers are below."),
    }


def _typed_strings() -> dict[str, str]:
    """What is said of what somebody typed: saved, kept here, given back."""
    return {
        "saving": _("Saving…"),
        "saved": _("Saved %(time)s"),
        "saved_locally": _("Offline, kept on this device"),
        "not_saved": _("Not saved yet: check the marked fields"),
        "sign_in_again": _("Session ended, kept on this device"),
        "sign_in": _("Sign in in a new tab"),
        "signed_out": _("You were signed out because nothing happened for a while."),
        "typed_kept": _(
            "What you typed was not sent. Sign in: it is filled in again, for you to check and send."
        ),
        "typed_back": _("What you typed before signing in is back. It has not been sent yet."),
        "typed_back_files": _(
            "What you typed before signing in is back, not yet sent. Choose files once more."
        ),
        "conflict": _("Someone else changed this draft"),
        "reload": _("Load the newer version"),
        "restore": _("This device holds a newer copy of the form, from %(time)s."),
        "restore_yes": _("Restore it"),
        "restore_no": _("Discard it"),
    }
