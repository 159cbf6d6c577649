"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

define(
    {
        "booking.book": _("Booked devices"),
        "booking.approve": _("Approved a booking"),
        "booking.refuse": _("Refused a booking"),
        "booking.cancel": _("Cancelled a booking"),
        "booking.check_in": _("Began to use booked devices"),
        "booking.check_out": _("Ended the use of booked devices"),
        "booking.case": _("Linked a booking to a case"),
        "booking.no_show": _("A booking was not used"),
        "booking.lapse": _("A booking lapsed unanswered"),
        "booking.affect": _("A booked device is not available"),
        "booking.restore": _("A booked device is available again"),
        "booking.excuse": _("Excused a missed booking"),
        "booking.overrun": _("A booking was held up by the last user"),
        "booking.move": _("Moved a booking that was held up"),
        "booking.mentor_yes": _("Agreed to be the mentor of a booking"),
        "booking.mentor_tel": _("Recorded that a mentor agreed by telephone"),
        "booking.mentor_no": _("Declined to be the mentor of a booking"),
        "booking.mentor_new": _("Chose another mentor for a booking"),
        "booking.waits": _("Stood in line for a device"),
        "booking.waits_no_more": _("Left the waiting list"),
        "booking.offered": _("A freed time was offered"),
        "booking.offer_let_go": _("Let an offered time go"),
        "booking.charge_corrected": _("Corrected a charge"),
        "booking.month_confirmed": _("Confirmed a month's charges"),
        "booking.month_paid": _("Marked a month's charges as paid"),
        "booking.feed_opened": _("Made a calendar address"),
        "booking.feed_revoked": _("Revoked a calendar address"),
    }
)
