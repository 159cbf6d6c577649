"""Pages of the logbook."""

from django.urls import path

from .views import cases, curves, lists, lookups

app_name = "logbook"

urlpatterns = [
    path("", lists.mine, name="mine"),
    path("new/", cases.new, name="new"),
    path("new/draft/", cases.draft, name="draft"),
    path("new/draft/drop/", cases.drop_draft, name="draft_drop"),
    path("waiting/", lists.waiting, name="waiting"),
    path("all/", lists.index, name="list"),
    path("lookup/<slug:kind>/", lookups.lookup, name="lookup"),
    path("cases/<uuid:public_id>/", cases.detail, name="case"),
    path("cases/<uuid:public_id>/change/", cases.change, name="case_change"),
    path("cases/<uuid:public_id>/confirm/", cases.confirm, name="case_confirm"),
    path("cases/<uuid:public_id>/reject/", cases.reject, name="case_reject"),
    path("cases/<uuid:public_id>/void/", cases.void, name="case_void"),
    path("curves/", curves.index, name="curves"),
    path("curves/<uuid:public_id>/<str:code>/", curves.curve, name="curve"),
    path("reviews/", curves.reviews, name="reviews"),
    path("reviews/<uuid:public_id>/", curves.review, name="review"),
]
