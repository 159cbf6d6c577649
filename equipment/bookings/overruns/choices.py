"""Words of overruns."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Answer(TextChoices):
    """What happens to a booking that is held up."""

    ASK = "ask", pgettext_lazy("overrun", "Its people move it with one tap")
    PUSH = "push", pgettext_lazy("overrun", "It is moved to the next free time at once")
