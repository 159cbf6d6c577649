"""Bringing a small file in, from upload to the last row, and looking at what came of it."""

from alliance.core.choices import ImportState
from alliance.core.exchange import actions, spec, work
from tests.factories.files import csv_file

HEAD = ["icd_code", "icd_name"]
GOOD = (HEAD, ["K35.800x001", "急性阑尾炎"], ["K80.200", "胆囊结石"], ["M80000/3", "恶性肿瘤"])


def upload(by, *rows, table="diseases", make=csv_file, **more):
    return actions.upload(by=by, table=spec.find(table), file=make(*rows), **more)


def checked(by, *rows, **more):
    job = upload(by, *rows, **more)
    work.check(job_id=job.pk)
    job.refresh_from_db()
    return job


def confirmed(by, *rows, **more):
    job = checked(by, *rows, **more)
    actions.confirm(job=job, by=by)
    job.refresh_from_db()
    return job


def run(job):
    work.run(job_id=job.pk)
    job.refresh_from_db()
    return job


def bring_in(by, table, *rows, make=csv_file):
    """Upload, check and, where nothing is wrong, import."""
    job = checked(by, *rows, table=table, make=make)
    if job.state == ImportState.CHECKED:
        actions.confirm(job=job, by=by)
        run(job)
    return job


def reasons(job):
    return [(error["row"], error["column"]) for error in job.errors]


def counts(job):
    assert job.state == ImportState.DONE, job.errors
    return job.summary["new"], job.summary["changed"], job.summary["same"]


def wrong(job):
    assert job.state == ImportState.REFUSED
    return reasons(job)


def speak_english(*users):
    """Reasons are in the language of who uploaded; tests compare English ones."""
    for user in users:
        user.language = "en"
        user.save()
