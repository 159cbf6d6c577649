"""Threads that start at the same moment."""

import threading

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from alliance.core.errors import DomainError

REFUSALS = (DomainError, PermissionDenied, ValidationError)


def at_once(*jobs):
    """Run the jobs in threads that start together; return their answers or refusals in order."""
    gate, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            gate.wait(timeout=10)
            answers[place] = job()
        except REFUSALS as refused:
            answers[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def refused(answers):
    """The answers that are refusals."""
    return [answer for answer in answers if isinstance(answer, REFUSALS)]
