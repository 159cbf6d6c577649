"""What every page with a form shares: an action's refusals at their fields, creates only once."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ImproperlyConfigured, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from .days import FIRST, LAST, plausible
from .errors import KeyReused
from .idempotency import once

T = TypeVar("T")
_KEY = "idempotency_key"


class DateInput(forms.DateInput):
    """The browser's own date picker; it speaks ISO whatever the language of the page."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    """A day that somebody can have meant."""

    default_validators = [plausible]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The bounds, so that the browser takes years of four digits only."""
        bounds = {"min": FIRST.isoformat(), "max": LAST.isoformat()}
        return super().widget_attrs(widget) | ({} if widget.is_hidden else bounds)


class MomentField(forms.DateTimeField):
    """A moment that somebody can have meant."""

    default_validators = [plausible]


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class LookupField(forms.CharField):
    """One row, named by its id, its code or its exact name; scripts make the box a search box.

    The view says which rows may be named, by setting `rows` to what the user may see.
    """

    default_error_messages = {
        "unknown": _lazy(
            "There is none of that name or code. Type again and choose from the list."
        ),
        "several": _lazy("Several are called that. Choose from the list, or enter the code."),
    }

    def __init__(self, *, url: Any, names: Sequence[str], value: str = "id", **kwargs: Any) -> None:
        attrs = {"data-combobox": url, "data-combobox-value": value, "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)
        self.names = names
        self.rows: QuerySet[Any] | None = None

    def clean(self, value: Any) -> Any:
        """The row that was named; None when nothing was and nothing need be."""
        text = super().clean(value)
        if not text:
            return None
        found = self._found(text)
        if len(found) != 1:
            raise ValidationError(self.error_messages["several" if found else "unknown"])
        self.widget.attrs["data-combobox-label"] = str(found[0])
        return found[0]

    def _found(self, text: str) -> list[Any]:
        if self.rows is None:
            raise ImproperlyConfigured("the view must say which rows this field may name")
        for name in self.names:
            if name != "public_id" or _is_uuid(text):
                found = list(self.rows.filter(**{name: text})[:2])
                if found:
                    return found
        return []

    def show(self, row: Any) -> Any:
        """Begin with this row; returns the form's initial value."""
        self.widget.attrs["data-combobox-label"] = str(row)
        return getattr(row, self.names[0])


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


class CreateForm(forms.Form):
    """A form that makes something: its hidden key lets a second tap find what the first made."""

    idempotency_key = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault(_KEY, uuid.uuid4().hex)

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values without the key."""
        return {name: value for name, value in self.cleaned_data.items() if name != _KEY}


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing before it was sent, even where nothing was typed after."""
    return request.POST if request.method == "POST" else None


def attempt(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Run `act` when the form is valid; False when it, or the act, found something to mend."""
    return _try(form, lambda: (act(),)) is not None


def _try(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    if not form.is_valid():
        return None
    try:
        return act()
    except ValidationError as error:
        explain(form, error)
        return None


def create(form: CreateForm, *, scope: str, act: Callable[[], str]) -> str | None:
    """Run `act` once for the form's key; the address it answers, or None as in `attempt`."""

    def guarded() -> str:
        remembered = once(
            scope=scope,
            key=form.cleaned_data[_KEY],
            body=_body(form),
            perform=lambda: {"url": act()},
        )
        return str(remembered.data["url"])

    try:
        return _try(form, guarded)
    except KeyReused:
        sent = _sent(form).copy()
        sent[form.add_prefix(_KEY)] = uuid.uuid4().hex
        form.data = sent
        form.add_error(
            None, _("This was saved before and has changed since. Send it again to add another.")
        )
        return None


def explain(form: forms.BaseForm, error: ValidationError) -> None:
    """Put an action's errors at the fields they name, and the rest above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        known = name != NON_FIELD_ERRORS and name in form.fields
        form.add_error(name if known else None, errors)


def _body(form: forms.BaseForm) -> dict[str, Any]:
    """What was sent, without the key and the CSRF token, which change with every page."""
    hidden = {form.add_prefix(_KEY), "csrfmiddlewaretoken"}
    return {name: values for name, values in _sent(form).lists() if name not in hidden}


def _sent(form: forms.BaseForm) -> QueryDict:
    return cast(QueryDict, form.data)
