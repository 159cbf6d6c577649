"""Addresses of exams."""

from django.urls import path

from .views import banks, exams, people, results, sitting, stations

app_name = "exams"

urlpatterns = [
    path("", exams.index, name="list"),
    path("new/", exams.new, name="exam_new"),
    path("<uuid:public_id>/", exams.detail, name="exam"),
    path("<uuid:public_id>/edit/", exams.edit, name="exam_edit"),
    path("<uuid:public_id>/start/", sitting.start, name="start"),
    path("attempts/<uuid:public_id>/", sitting.sit, name="sit"),
    path("attempts/<uuid:public_id>/save/", sitting.autosave, name="autosave"),
    path("attempts/<uuid:public_id>/hand-in/", sitting.hand_in, name="hand_in"),
    path("attempts/<uuid:public_id>/close/", sitting.close, name="close"),
    path("attempts/<uuid:public_id>/result/", sitting.result, name="attempt"),
    path("banks/", banks.index, name="banks"),
    path("banks/new/", banks.new, name="bank_new"),
    path("banks/starter/", banks.load_starter, name="bank_starter"),
    path("banks/<uuid:public_id>/", banks.detail, name="bank"),
    path("banks/<uuid:public_id>/edit/", banks.edit, name="bank_edit"),
    path("banks/<uuid:public_id>/questions/new/", banks.question_new, name="question_new"),
    path("questions/<uuid:public_id>/", banks.question_edit, name="question"),
    path("stations/", stations.index, name="stations"),
    path("stations/new/", stations.new, name="station_new"),
    path("stations/usual/", stations.seed, name="station_seed"),
    path("stations/record/", stations.record, name="station_record"),
    path("stations/<uuid:public_id>/edit/", stations.edit, name="station_edit"),
    path("results/", results.index, name="results"),
    path("results/new/", results.record, name="record"),
    path("results/<uuid:public_id>/", results.detail, name="result"),
    path("results/<uuid:public_id>/void/", results.void, name="result_void"),
    path("results/<uuid:public_id>/evidence/", results.evidence, name="result_evidence"),
    path("station-results/", results.stations, name="station_results"),
    path("station-results/<uuid:public_id>/", results.station_detail, name="station_result"),
    path("station-results/<uuid:public_id>/void/", results.station_void, name="station_void"),
    path(
        "station-results/<uuid:public_id>/evidence/",
        results.station_evidence,
        name="station_evidence",
    ),
    path("retrainings/", people.retrainings, name="retrainings"),
    path("retrainings/<uuid:public_id>/", people.retraining, name="retraining"),
    path("retrainings/<uuid:public_id>/done/", people.retraining_done, name="retraining_done"),
    path("people/", people.trainees, name="trainees"),
    path("people/<uuid:public_id>/", people.learner, name="learner"),
    path("people/<uuid:public_id>/further/", people.further, name="further"),
]
