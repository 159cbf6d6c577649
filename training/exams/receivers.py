"""What this room does for the outbox."""

from alliance.core import outbox

from . import notices

outbox.handler("exams.result")(notices.tell_result)
outbox.handler("exams.attempt_given")(notices.tell_attempt_given)
