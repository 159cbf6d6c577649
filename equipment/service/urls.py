"""Addresses of service."""

from django.urls import path, register_converter

from .choices import Move
from .views import adverse, board, figures, orders, outages, plans, recalls


class MoveConverter:
    """A move in an address; an unknown one is no address at all."""

    regex = "|".join(Move.values)

    def to_python(self, value: str) -> Move:
        """The move of that name."""
        return Move(value)

    def to_url(self, value: str) -> str:
        """Its name."""
        return str(Move(value).value)


class EventActConverter(MoveConverter):
    """What is done with an adverse event."""

    regex = "amend|report|close"

    def to_python(self, value: str) -> str:  # type: ignore[override]
        """The act of that name."""
        return value

    def to_url(self, value: str) -> str:
        """Its name."""
        return value


register_converter(MoveConverter, "work_order_move")
register_converter(EventActConverter, "device_event_act")
app_name = "service"
urlpatterns = [
    path("", board.board, name="board"),
    path("figures/", figures.index, name="figures"),
    path("orders/", orders.index, name="orders"),
    path("orders/<uuid:public_id>/", orders.detail, name="order"),
    path("orders/<uuid:public_id>/<work_order_move:move>/", orders.move, name="move"),
    path("report/<uuid:public_id>/", orders.report, name="report"),
    path("files/<uuid:public_id>/", orders.file, name="file"),
    path("plans/", plans.index, name="plans"),
    path("plans/new/", plans.new, name="plan_new"),
    path("plans/<uuid:public_id>/", plans.detail, name="plan"),
    path("plans/<uuid:public_id>/edit/", plans.edit, name="plan_edit"),
    path("plans/<uuid:public_id>/record/", plans.record, name="record"),
    path("plans/<uuid:public_id>/end/", plans.end, name="plan_end"),
    path("records/<uuid:public_id>/void/", plans.void, name="void"),
    path("outages/", outages.index, name="outages"),
    path("outages/new/<uuid:public_id>/", outages.new, name="outage_new"),
    path("outages/<uuid:public_id>/end/", outages.end, name="outage_end"),
    path("recalls/", recalls.index, name="recalls"),
    path("recalls/new/", recalls.new, name="recall_new"),
    path("recalls/<uuid:public_id>/", recalls.detail, name="recall"),
    path("recalls/<uuid:public_id>/close/", recalls.close, name="recall_close"),
    path("recalls/<uuid:public_id>/<int:pk>/", recalls.handle, name="handle"),
    path("events/", adverse.index, name="events"),
    path("events/new/<uuid:public_id>/", adverse.new, name="event_new"),
    path("events/<uuid:public_id>/", adverse.detail, name="event"),
    path("events/<uuid:public_id>/<device_event_act:act>/", adverse.act, name="event_act"),
]
