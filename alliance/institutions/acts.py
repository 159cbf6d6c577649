"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

from .choices import MemberRole

define(
    {
        "institution.created": _("Entered an institution"),
        "institution.changed": _("Changed an institution"),
        "department.created": _("Entered a department"),
        "department.changed": _("Changed a department"),
        "department.opened": _("Opened a department"),
        "department.closed": _("Closed a department"),
        "calendar.hours_set": _("Set the institution's own hours"),
        "calendar.hours_ended": _("Went back to the alliance's hours"),
        "calendar.days_added": _("Set exceptional days"),
        "calendar.day_removed": _("Removed an exceptional day"),
        "membership.joined": _("Took a member in"),
        "membership.changed": _("Changed a membership"),
        "membership.left": _("A member left"),
        "relation.opened": _("Allowed a way of referral"),
        "relation.closed": _("Closed a way of referral"),
        "relation.by_rule": _("Put a way of referral back under the rule"),
        "relations.generated": _("Generated the relation matrix"),
        "policy.changed": _("Changed a policy setting"),
        "specialty.created": _("Entered a specialty"),
        "specialty.changed": _("Changed a specialty"),
        "alliance.created": _("Founded an alliance"),
        "alliance.changed": _("Changed an alliance"),
    },
    names={
        "key": _("Setting"),
        "value": _("Value"),
        "first": _("From"),
        "last": _("Until"),
        "is_open": _("Open"),
        "day": _("Day"),
        "on": _("On"),
        "valid_from": _("From"),
        "receiver_id": _("Receiver"),
        "note": _("Note"),
        "new": _("New"),
        "corrected": _("Corrected"),
        "removed": _("Removed"),
        "kept": _("Kept"),
    },
    words={"role": dict(MemberRole.choices)},
)
