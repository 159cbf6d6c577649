"""Addresses of bookings."""

from django.urls import path, register_converter

from .charges import views as charges
from .converters import ActConverter
from .feeds import views as feeds
from .overruns import views as overruns
from .views import book, booking, calendars, keeping, mentoring, mine, rebooking, search, series
from .waiting import views as waiting

register_converter(ActConverter, "booking_act")

app_name = "bookings"
urlpatterns = [
    path("", search.search, name="search"),
    path("book/", book.book, name="book"),
    path("book/check/", book.check, name="check"),
    path("repeat/", book.repeat, name="repeat"),
    path("series/<uuid:public_id>/", series.series, name="series"),
    path("series/<uuid:public_id>/cancel/", series.cancel, name="series_cancel"),
    path("mine/", mine.mine, name="mine"),
    path("inbox/", keeping.inbox, name="inbox"),
    path("day/", keeping.day, name="day"),
    path("missed/", keeping.missed, name="missed"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar/<uuid:public_id>/", calendars.device, name="device"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("waiting/new/", waiting.wait, name="wait"),
    path("waiting/<uuid:public_id>/leave/", waiting.leave, name="leave"),
    path("offers/<uuid:public_id>/accept/", waiting.accept, name="accept"),
    path("offers/<uuid:public_id>/let-go/", waiting.let_go, name="let_go"),
    path("statement/", charges.statement, name="statement"),
    path("statement/confirm/", charges.confirm, name="confirm_month"),
    path("statement/paid/", charges.paid, name="month_paid"),
    path("charges/<uuid:public_id>/", charges.correct, name="charge"),
    path("feeds/", feeds.index, name="feeds"),
    path("feeds/open/", feeds.open_own, name="feed_open"),
    path("feeds/device/<uuid:public_id>/", feeds.open_device, name="feed_device"),
    path("feeds/<uuid:public_id>/revoke/", feeds.revoke, name="feed_revoke"),
    path("feeds/<str:token>.ics", feeds.read, name="feed"),
    path("<uuid:public_id>/", booking.booking, name="booking"),
    path("<uuid:public_id>/move/", overruns.move, name="move"),
    path("<uuid:public_id>/case/", booking.link_case, name="case"),
    path("<uuid:public_id>/mentor/", mentoring.change, name="mentor"),
    path("<uuid:public_id>/rebook/", rebooking.rebook, name="rebook"),
    path("<uuid:public_id>/check-out/", booking.check_out, name="check_out"),
    path("<uuid:public_id>/<booking_act:name>/", booking.act, name="act"),
]
