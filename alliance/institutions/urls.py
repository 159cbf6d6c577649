"""Pages of institutions and of the alliance office."""

from django.urls import path

from .views import calendars, departments, directory, matrix, members, office, policy

app_name = "institutions"

urlpatterns = [
    path("", directory.index, name="list"),
    path("new/", directory.new, name="new"),
    path("<uuid:public_id>/", directory.detail, name="detail"),
    path("<uuid:public_id>/edit/", directory.edit, name="edit"),
    path("<uuid:public_id>/departments/new/", departments.new, name="department-new"),
    path("departments/<uuid:public_id>/", departments.edit, name="department-edit"),
    path("departments/<uuid:public_id>/active/", departments.set_active, name="department-active"),
    path("<uuid:public_id>/calendar/", calendars.index, name="calendar"),
    path("<uuid:public_id>/calendar/hours/", calendars.hours, name="calendar-hours"),
    path("<uuid:public_id>/calendar/hours/end/", calendars.end_hours, name="calendar-hours-end"),
    path("<uuid:public_id>/calendar/<int:pk>/remove/", calendars.remove, name="calendar-remove"),
    path("office/", office.hub, name="office"),
    path("office/members/", members.index, name="members"),
    path("office/members/join/", members.join, name="member-join"),
    path("office/members/<int:pk>/change/", members.change, name="member-change"),
    path("office/members/<int:pk>/leave/", members.leave, name="member-leave"),
    path("office/matrix/", matrix.show, name="matrix"),
    path("office/matrix/generate/", matrix.generate, name="matrix-generate"),
    path("office/matrix/toggle/", matrix.toggle, name="matrix-toggle"),
    path("office/matrix/<uuid:public_id>/", matrix.sender, name="matrix-row"),
    path(
        "office/matrix/<uuid:public_id>/<uuid:receiver_id>/",
        matrix.set_cell,
        name="matrix-cell",
    ),
    path(
        "office/matrix/<uuid:public_id>/<uuid:receiver_id>/rule/",
        matrix.follow,
        name="matrix-follow",
    ),
    path("office/policy/", policy.index, name="policy"),
    path("office/policy/<str:key>/", policy.detail, name="policy-detail"),
]
