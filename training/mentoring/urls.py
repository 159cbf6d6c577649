"""Pages of mentoring."""

from django.urls import path, register_converter

from .converters import PartyConverter
from .views import mentorships, postings, sessions, years

register_converter(PartyConverter, "posting_party")

app_name = "mentoring"
_ONE = "postings/<uuid:public_id>/"
_PAIR = "mentorships/<uuid:public_id>/"
urlpatterns = [
    path("", mentorships.index, name="mentorships"),
    path("chain/", mentorships.chain, name="chain"),
    path("mentorships/new/", mentorships.new, name="mentorship_new"),
    path(_PAIR, mentorships.detail, name="mentorship"),
    path(f"{_PAIR}agree/", mentorships.agree, name="mentorship_agree"),
    path(f"{_PAIR}decline/", mentorships.decline, name="mentorship_decline"),
    path(f"{_PAIR}end/", mentorships.end, name="mentorship_end"),
    path("guidance/", sessions.index, name="sessions"),
    path("guidance/new/", sessions.new, name="session_new"),
    path("guidance/<uuid:public_id>/", sessions.detail, name="session"),
    path("guidance/<uuid:public_id>/strike/", sessions.strike, name="session_strike"),
    path("postings/", postings.index, name="postings"),
    path("postings/new/", postings.new, name="posting_new"),
    path(_ONE, postings.detail, name="posting"),
    path(f"{_ONE}start/", postings.start, name="posting_start"),
    path(f"{_ONE}finish/", postings.finish, name="posting_finish"),
    path(f"{_ONE}cancel/", postings.cancel, name="posting_cancel"),
    path(f"{_ONE}present/", postings.mark_present, name="posting_present"),
    path(f"{_ONE}days/", postings.set_days, name="posting_days"),
    path(f"{_ONE}evaluations/<posting_party:party>/", postings.evaluate, name="posting_evaluate"),
    path(f"{_ONE}assessment/", postings.assess, name="posting_assess"),
    path("year/", years.year, name="year"),
    path("mentors/<uuid:public_id>/", years.mentor_of, name="mentor_of"),
    path("rotations/<uuid:public_id>/", years.rotations_of, name="rotations_of"),
]
