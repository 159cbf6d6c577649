"""Pages of referrals."""

from django.urls import include, path, register_converter

from . import views_detail, views_inbox, views_list, views_moves
from .choices import Move

app_name = "referrals"


class MoveConverter:
    """A move by its name; anything else is not found before any code runs."""

    regex = "|".join(Move.values)

    def to_python(self, value: str) -> Move:
        """The move."""
        return Move(value)

    def to_url(self, value: str) -> str:
        """Its name."""
        return str(value)


register_converter(MoveConverter, "move")

urlpatterns = [
    path("", views_list.referral_list, name="list"),
    path("export/", views_list.export, name="export"),
    path("views/", views_list.keep_view, name="keep-view"),
    path("views/<int:pk>/drop/", views_list.drop_view, name="drop-view"),
    path("inbox/", views_inbox.inbox, name="inbox"),
    path("inbox/<uuid:public_id>/", views_inbox.inbox, name="inbox-row"),
    path("patient/<uuid:public_id>/", views_list.for_patient, name="for_patient"),
    # The form, drafts, attachments and print: new, draft, autosave, attach, attachment, print.
    path("", include("referrals.urls_filing")),
    path("<uuid:public_id>/", views_detail.detail, name="detail"),
    path("<uuid:public_id>/news/", views_detail.news, name="news"),
    path("<uuid:public_id>/other-places/", views_detail.other_places, name="other-places"),
    path("<uuid:public_id>/moves/<move:move>/", views_moves.move, name="move"),
]
