"""Who hears of devices."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.selectors import staff_with_roles

from .models import Device

texts.define(
    {
        "devices.received": (
            _("%(giver)s gave you a device: %(device)s"),
            _("Say where it stands, print its label, and decide whether it is shared."),
        ),
    }
)


def tell_received(*, device_id: int) -> None:
    """The keepers of the receiving institution hear what they were given."""
    device = Device.objects.select_related("came_from__owner").get(pk=device_id)
    origin = device.came_from
    readers = staff_with_roles(
        institution_ids=[device.owner_id],
        roles=[Role.EQUIPMENT_KEEPER, Role.MANAGER],
        on=timezone.localdate(),
    )
    notify(
        user_ids=list(readers),
        kind=NoticeKind.EQUIPMENT,
        text_key="devices.received",
        values={"device": device.name, "giver": origin.owner.short_name if origin else ""},
        url=device.get_absolute_url(),
        dedupe=f"devices.received:{device.public_id}",
    )
