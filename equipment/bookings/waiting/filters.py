"""What the waiting list can be filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import PublicIdFilter

from ..models import WaitingEntry
from .choices import EntryState


class WaitingFilter(django_filters.FilterSet):
    """Entries by state, device and institution."""

    state = django_filters.ChoiceFilter(choices=EntryState.choices, label=_("Status"))
    device = PublicIdFilter("device", label=_("Device"))
    institution = PublicIdFilter("institution", label=_("Institution"))

    class Meta:
        model = WaitingEntry
        fields: list[str] = []
