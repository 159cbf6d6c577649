"""Addresses of granting."""

from django.urls import path

from .views import applications, committees, mine

app_name = "granting"

urlpatterns = [
    path("", mine.mine, name="mine"),
    path("apply/", mine.apply, name="apply"),
    path("applications/", applications.index, name="applications"),
    path("applications/<uuid:public_id>/", applications.detail, name="application"),
    path("applications/<uuid:public_id>/take-up/", applications.take_up, name="take_up"),
    path("applications/<uuid:public_id>/vote/", applications.vote, name="vote"),
    path("applications/<uuid:public_id>/interest/", applications.declare, name="declare"),
    path("applications/<uuid:public_id>/decision/", applications.decide, name="decide"),
    path("applications/<uuid:public_id>/withdraw/", applications.withdraw, name="withdraw"),
    path("committee/", committees.overview, name="committee"),
    path("committee/new/", committees.found, name="found"),
    path("committee/<uuid:public_id>/end/", committees.end_term, name="end_term"),
    path("committee/<uuid:public_id>/members/", committees.appoint, name="appoint"),
    path("committee/<uuid:public_id>/meetings/", committees.plan, name="plan"),
    path("members/<int:pk>/end/", committees.end_seat, name="end_seat"),
    path("meetings/<uuid:public_id>/", committees.meeting, name="meeting"),
]
