"""Addresses of purchases."""

from django.urls import path, register_converter

from . import views
from .choices import Move


class MoveConverter:
    """A move in an address; an unknown one is no address at all."""

    regex = "|".join(Move.values)

    def to_python(self, value: str) -> Move:
        """The move of that name."""
        return Move(value)

    def to_url(self, value: str) -> str:
        """Its name."""
        return str(Move(value).value)


register_converter(MoveConverter, "purchase_move")
app_name = "purchases"
urlpatterns = [
    path("", views.index, name="purchases"),
    path("new/", views.new, name="new"),
    path("<uuid:public_id>/", views.detail, name="purchase"),
    path("<uuid:public_id>/save/", views.save, name="save"),
    path("<uuid:public_id>/files/", views.attach, name="attach"),
    path("<uuid:public_id>/files/<uuid:file_id>/", views.file, name="file"),
    path("<uuid:public_id>/files/<uuid:file_id>/remove/", views.remove_file, name="file-remove"),
    path("<uuid:public_id>/<purchase_move:move>/", views.move, name="move"),
]
