"""What this room does for the outbox."""

from alliance.core import outbox

from . import notices

outbox.handler("exams.result")(notices.tell_result)
outbox.handler("exams.attempt_given")(notices.tell_attempt_given)
outbox.handler("exams.skills_soon")(notices.tell_skills_soon)
outbox.handler("exams.retraining_soon")(notices.tell_retraining_soon)
