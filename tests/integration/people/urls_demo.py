"""The addresses as they are in demo mode."""

from django.urls import include, path

from alliance.people.urls import urlpatterns as people
from alliance.people.views import demo

urlpatterns = [
    path(
        "people/",
        include(([*people, path("demo/enter/", demo.demo_login, name="demo_login")], "people")),
    ),
    path("", include("alliance.config.urls")),
]
