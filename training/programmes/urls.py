"""Addresses of programmes."""

from django.urls import path

from .views import boards, paths, prior, programmes

app_name = "programmes"
_ONE, _VERSION = "<uuid:public_id>/", "versions/<uuid:public_id>/"
_ENROLMENT, _PRIOR = "enrolments/<uuid:public_id>/", "prior/<uuid:public_id>/"
_NEED = f"{_VERSION}requirements/"

urlpatterns = [
    path("", programmes.index, name="programmes"),
    path("new/", programmes.new, name="programme_new"),
    path("standard/", programmes.standard, name="standard"),
    path("my/", paths.mine, name="mine"),
    path("enrolments/", boards.board, name="board"),
    path("enrolments/new/", paths.enrol, name="enrol"),
    path(_ENROLMENT, paths.detail, name="enrolment"),
    path(f"{_ENROLMENT}mentor/", paths.mentor, name="enrolment_mentor"),
    path(f"{_ENROLMENT}requirements/<int:pk>/sign/", paths.sign, name="enrolment_sign"),
    path(f"{_ENROLMENT}advance/", paths.advance, name="enrolment_advance"),
    path(f"{_ENROLMENT}leave/", paths.leave, name="enrolment_leave"),
    path(f"{_ENROLMENT}resume/", paths.resume, name="enrolment_resume"),
    path("matrix/", boards.doctors, name="matrix"),
    path("matrix/export/", boards.export, name="matrix_export"),
    path("houses/", boards.houses, name="houses"),
    path("promotion/", boards.titles, name="promotion"),
    path("prior/", prior.index, name="priors"),
    path("prior/new/", prior.new, name="prior_new"),
    path(_PRIOR, prior.detail, name="prior"),
    path(f"{_PRIOR}evidence/", prior.evidence, name="prior_evidence"),
    path(f"{_PRIOR}attach/", prior.attach, name="prior_attach"),
    path(f"{_PRIOR}decide/", prior.decide, name="prior_decide"),
    path(_VERSION, programmes.version, name="version"),
    path(f"{_VERSION}compare/", programmes.compare, name="version_compare"),
    path(f"{_VERSION}publish/", programmes.publish, name="version_publish"),
    path(f"{_VERSION}stages/", programmes.stage_add, name="stage_add"),
    path(f"{_VERSION}stages/<int:pk>/remove/", programmes.stage_remove, name="stage_remove"),
    path(_NEED, programmes.requirement_add, name="requirement_add"),
    path(f"{_NEED}<int:pk>/remove/", programmes.requirement_remove, name="requirement_remove"),
    path(_ONE, programmes.detail, name="programme"),
    path(f"{_ONE}edit/", programmes.edit, name="programme_edit"),
    path(f"{_ONE}offer/", programmes.offer, name="programme_offer"),
    path(f"{_ONE}draft/", programmes.begin, name="programme_draft"),
]
