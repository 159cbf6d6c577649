"""Pages of notices."""

from django.urls import path

from . import views

app_name = "notices"

urlpatterns = [
    path("", views.index, name="list"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.read_all, name="read_all"),
    path("preferences/", views.preferences, name="preferences"),
    path("<uuid:public_id>/", views.open_notice, name="open"),
    path("<uuid:public_id>/read/", views.read, name="read"),
]
