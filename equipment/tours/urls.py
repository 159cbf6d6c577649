"""Addresses of tours."""

from django.urls import path, register_converter

from .choices import Move
from .views import places, sheets, stops, tours


class MoveConverter:
    """An unknown move is no address."""

    regex = "|".join(Move.values)
    to_python = staticmethod(Move)
    to_url = staticmethod(str)


register_converter(MoveConverter, "tour_move")

app_name = "tours"
urlpatterns = [
    path("", tours.index, name="list"),
    path("new/", tours.new, name="new"),
    path("<uuid:public_id>/", tours.detail, name="tour"),
    path("<uuid:public_id>/edit/", tours.edit, name="edit"),
    path("<uuid:public_id>/sheet/", sheets.sheet, name="sheet"),
    path("<uuid:public_id>/<tour_move:move>/", tours.move, name="move"),
    path("<uuid:public_id>/stops/new/", stops.new, name="stop-new"),
    path("stops/<uuid:public_id>/", stops.detail, name="stop"),
    path("stops/<uuid:public_id>/edit/", stops.edit, name="stop-edit"),
    path("stops/<uuid:public_id>/cancel/", stops.cancel, name="stop-cancel"),
    path("stops/<uuid:public_id>/book/", places.book, name="place-book"),
    path("places/<uuid:public_id>/cancel/", places.cancel, name="place-cancel"),
]
