"""Addresses of standards."""

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


register_converter(MoveConverter, "admission_move")
app_name = "standards"
urlpatterns = [
    path("", views.index, name="admissions"),
    path("inbox/", views.inbox, name="inbox"),
    path("apply/", views.apply, name="apply"),
    path("<uuid:public_id>/", views.detail, name="admission"),
    path("<uuid:public_id>/answers/", views.save, name="answers"),
    path("<uuid:public_id>/<admission_move:move>/", views.move, name="move"),
]
