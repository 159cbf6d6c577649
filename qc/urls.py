"""Pages of quality control."""

from django.urls import path

from .views import findings, runs

app_name = "qc"

urlpatterns = [
    path("", findings.index, name="findings"),
    path("board/", runs.overview, name="board"),
    path("findings/<uuid:public_id>/", findings.detail, name="finding"),
    path("findings/<uuid:public_id>/owner/", findings.assign, name="finding_assign"),
    path("findings/<uuid:public_id>/waive/", findings.waive, name="finding_waive"),
    path("findings/<uuid:public_id>/waive/end/", findings.end_waiver, name="finding_end_waiver"),
    path("runs/", runs.index, name="runs"),
    path("runs/new/", runs.run, name="run"),
    path("checks/", runs.checks, name="checks"),
]
