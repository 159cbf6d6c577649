"""Plain letters by e-mail: worded in the reader's language, with an id that mail servers know twins by."""

from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation


def send(
    *, to: str, language: str, template: str, context: Mapping[str, Any], once_id: str
) -> None:
    """Send `<template>_subject.txt` and `<template>.txt`; raises OSError when the server refuses.

    `once_id` becomes the Message-ID: should a crash make us send twice, the server can tell.
    """
    with translation.override(language):
        subject = render_to_string(f"{template}_subject.txt", dict(context))
        body = render_to_string(f"{template}.txt", {**context, "site_url": settings.SITE_URL})
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + " ".join(subject.split()),
        body=body,
        to=[to],
        headers={"Message-ID": f"<{once_id}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    message.send()


def absolute(path: str) -> str:
    """The full address of a path on this site, for letters."""
    return f"{settings.SITE_URL}{path}"
