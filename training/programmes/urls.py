"""Addresses of programmes."""

from django.urls import path, register_converter

from .converters import WayConverter
from .views import boards, drafts, paths, prior, programmes

register_converter(WayConverter, "programme_way")

app_name = "programmes"
_ONE, _VERSION = "<uuid:public_id>/", "versions/<uuid:public_id>/"
_ENROLMENT, _PRIOR = "enrolments/<uuid:public_id>/", "prior/<uuid:public_id>/"
_STAGE = f"{_VERSION}stages/<int:pk>/"
_NEEDS = f"{_VERSION}requirements/"
_NEED = f"{_NEEDS}<int:pk>/"

urlpatterns = [
    path("", programmes.index, name="programmes"),
    path("new/", programmes.new, name="programme_new"),
    path("standard/", programmes.standard, name="standard"),
    path("my/", paths.mine, name="mine"),
    path("home/", paths.home, name="home"),
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
    path(_VERSION, drafts.version, name="version"),
    path(f"{_VERSION}compare/", programmes.compare, name="version_compare"),
    path(f"{_VERSION}publish/", drafts.publish, name="version_publish"),
    path(f"{_VERSION}stages/", drafts.stage_add, name="stage_add"),
    path(_STAGE, drafts.stage, name="stage_edit"),
    path(f"{_STAGE}<programme_way:way>/", drafts.stage_move, name="stage_move"),
    path(f"{_STAGE}remove/", drafts.stage_remove, name="stage_remove"),
    path(_NEEDS, drafts.requirement_add, name="requirement_add"),
    path(_NEED, drafts.requirement, name="requirement_edit"),
    path(f"{_NEED}<programme_way:way>/", drafts.requirement_move, name="requirement_move"),
    path(f"{_NEED}remove/", drafts.requirement_remove, name="requirement_remove"),
    path(_ONE, programmes.detail, name="programme"),
    path(f"{_ONE}edit/", programmes.edit, name="programme_edit"),
    path(f"{_ONE}offer/", programmes.offer, name="programme_offer"),
    path(f"{_ONE}draft/", programmes.begin, name="programme_draft"),
]
