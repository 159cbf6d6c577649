"""Pages of the technique catalogue."""

from django.urls import path

from .views import editions, entries, requirements, techniques

app_name = "catalogue"

urlpatterns = [
    path("", editions.index, name="editions"),
    path("techniques/", techniques.index, name="techniques"),
    path("editions/new/", editions.new, name="edition-new"),
    path("editions/<uuid:public_id>/", editions.detail, name="edition"),
    path("editions/<uuid:public_id>/name/", editions.rename, name="edition-rename"),
    path("editions/<uuid:public_id>/discard/", editions.discard, name="edition-discard"),
    path("editions/<uuid:public_id>/compare/", editions.compare, name="edition-compare"),
    path("editions/<uuid:public_id>/publish/", editions.publish, name="edition-publish"),
    path("editions/<uuid:public_id>/requirements/", requirements.index, name="requirements"),
    path(
        "editions/<uuid:public_id>/requirements/<int:pk>/remove/",
        requirements.remove,
        name="requirement-remove",
    ),
    path("editions/<uuid:public_id>/entries/<str:code>/", entries.edit, name="entry"),
    path(
        "editions/<uuid:public_id>/entries/<str:code>/remove/", entries.remove, name="entry-remove"
    ),
]
