"""Addresses of courses."""

from django.urls import path

from .views import contests, courses, hours, parts, posts, seats, sessions

app_name = "courses"

_COURSES = [
    path("", courses.index, name="index"),
    path("new/", courses.new, name="course_new"),
    path("<uuid:public_id>/", courses.detail, name="course"),
    path("<uuid:public_id>/edit/", courses.edit, name="course_edit"),
    path("<uuid:public_id>/publish/", courses.publish, name="course_publish"),
    path("<uuid:public_id>/take-back/", courses.take_back, name="course_take_back"),
    path("<uuid:public_id>/parts/new/", parts.new, name="part_new"),
    path("parts/<uuid:public_id>/", parts.part, name="part"),
    path("parts/<uuid:public_id>/begin/", parts.begin, name="part_begin"),
    path("parts/<uuid:public_id>/file/", parts.file, name="part_file"),
    path("parts/<uuid:public_id>/place/", parts.place, name="part_place"),
    path("parts/<uuid:public_id>/done/", parts.done, name="part_done"),
    path("parts/<uuid:public_id>/edit/", parts.edit, name="part_edit"),
    path("parts/<uuid:public_id>/remove/", parts.remove, name="part_remove"),
]
_SESSIONS = [
    path("sessions/", sessions.index, name="sessions"),
    path("<uuid:public_id>/sessions/new/", sessions.new, name="session_new"),
    path("sessions/<uuid:public_id>/", sessions.detail, name="session"),
    path("sessions/<uuid:public_id>/edit/", sessions.edit, name="session_edit"),
    path("sessions/<uuid:public_id>/cancel/", sessions.cancel, name="session_cancel"),
    path("sessions/<uuid:public_id>/close/", sessions.close, name="session_close"),
    path("sessions/<uuid:public_id>/code/", sessions.code, name="session_code"),
    path("sessions/<uuid:public_id>/book/", seats.book, name="seat_book"),
    path("sessions/<uuid:public_id>/leave/", seats.leave, name="seat_leave"),
    path("sessions/<uuid:public_id>/add/", seats.add, name="seat_add"),
    path("sessions/<uuid:public_id>/seats/<int:seat_id>/", seats.mark, name="seat_mark"),
    path("check-in/<str:token>/", seats.check_in, name="check_in"),
]
_HOURS = [
    path("hours/", hours.mine, name="hours"),
    path("hours/new/", hours.new, name="hours_new"),
    path("hours/staff/", hours.house, name="hours_house"),
    path("hours/of/<uuid:public_id>/", hours.of, name="hours_of"),
    path("hours/<uuid:public_id>/confirm/", hours.confirm, name="hours_confirm"),
    path("hours/<uuid:public_id>/refuse/", hours.refuse, name="hours_refuse"),
    path("hours/<uuid:public_id>/evidence/", hours.evidence, name="hours_evidence"),
]
_THREE_ONES = [
    path("contests/", contests.index, name="contests"),
    path("contests/new/", contests.new, name="contest_new"),
    path("contests/<uuid:public_id>/", contests.detail, name="contest"),
    path("contests/<uuid:public_id>/edit/", contests.edit, name="contest_edit"),
    path("contests/<uuid:public_id>/call-off/", contests.call_off, name="contest_call_off"),
    path("contests/<uuid:public_id>/results/", contests.add_result, name="contest_result"),
    path(
        "contests/<uuid:public_id>/results/<int:result_id>/remove/",
        contests.remove_result,
        name="contest_result_remove",
    ),
    path("three-ones/", posts.index, name="three_ones"),
    path("three-ones/<uuid:public_id>/", posts.detail, name="three_ones_of"),
    path("three-ones/<uuid:public_id>/key-doctor/", posts.name_key_doctor, name="key_doctor_new"),
    path("three-ones/<uuid:public_id>/centre/", posts.open_centre, name="centre_new"),
    path("key-doctors/<uuid:public_id>/end/", posts.end_key_doctor, name="key_doctor_end"),
    path("centres/<uuid:public_id>/end/", posts.end_centre, name="centre_end"),
]
urlpatterns = [*_COURSES, *_SESSIONS, *_HOURS, *_THREE_ONES]
