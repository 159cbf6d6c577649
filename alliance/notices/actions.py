"""The only writer of notices."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from alliance.core import ledger, mail, outbox
from alliance.core.transactions import one_transaction

from . import selectors, texts
from .choices import NoticeKind
from .models import Notice, Preference


@one_transaction
def notify(
    *,
    user_ids: Iterable[int],
    kind: str,
    text_key: str,
    values: Mapping[str, Any],
    url: str,
    dedupe: str,
) -> int:
    """Tell people something, each at most once per `dedupe`; return how many were told now.

    `values` are plain and name no patient. A letter says the title alone: that is where a number
    may stand.
    """
    if not texts.is_defined(text_key):
        raise ValueError(f"no notice text {text_key}")
    readers = selectors.readers(user_ids=user_ids, kind=kind)
    rows = [
        Notice(
            user_id=reader.pk,
            kind=kind,
            text_key=text_key,
            values=dict(values),
            url=url,
            dedupe=dedupe,
        )
        for reader in readers
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    # The insert does not tell which rows were new; their own public ids do.
    new = Notice.objects.filter(public_id__in=[row.public_id for row in rows])
    told = dict(new.values_list("user_id", "pk"))
    wanting = [told[reader.pk] for reader in readers if reader.wants_email and reader.pk in told]
    outbox.put_all("notices.email", [{"notice_id": pk} for pk in wanting])
    return len(told)


@one_transaction
def send_email(*, notice_id: int) -> None:
    """Send one notice by e-mail, unless that was done or it was read meanwhile.

    The claim and the sending succeed together: a refused letter is tried again.
    """
    claimed = Notice.objects.filter(
        pk=notice_id, emailed_at=None, read_at=None, user__is_active=True
    ).update(emailed_at=timezone.now())
    if not claimed:
        return
    notice = Notice.objects.select_related("user").get(pk=notice_id)
    if not notice.user.email:
        return
    with translation.override(notice.user.language):
        title = texts.title_of(notice)
    mail.send(
        to=notice.user.email,
        language=notice.user.language,
        template="notices/email/notice",
        context={
            "title": title,
            "kind": NoticeKind(notice.kind).label,
            "link": mail.absolute(reverse("notices:open", args=[notice.public_id])),
        },
        once_id=f"notice-{notice.public_id}",
    )


def mark_read(*, notice: Notice, by: Any) -> None:
    """The reader has seen the notice; seeing it again changes nothing."""
    if notice.user_id != by.pk:
        raise PermissionDenied
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


def mark_all_read(*, by: Any) -> int:
    """The reader has seen everything; return how many notices that were."""
    return int(Notice.objects.visible_to(by).unread().update(read_at=timezone.now()))


@one_transaction
def set_preferences(*, by: Any, wanted: Collection[str]) -> None:
    """From now on exactly the kinds in `wanted` come by e-mail too."""
    rows = [Preference(user=by, kind=kind, by_email=kind in wanted) for kind in NoticeKind.values]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "kind"], update_fields=["by_email"]
    )
    ledger.record("preferences.changed", by=by, subject=by, by_email=sorted(wanted))


@one_transaction
def forget(*, read_before: Any) -> int:
    """Remove notices that were read before a moment; what happened stays in the events.

    Systems need not say what they have read, so theirs go by age.
    """
    told = Q(user__is_service=True, created_at__lt=read_before)
    return int(Notice.objects.filter(Q(read_at__lt=read_before) | told).delete()[0])
