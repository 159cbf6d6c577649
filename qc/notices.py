"""Who hears of new findings."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core import compliance
from alliance.core.choices import Role
from alliance.notices import texts
from alliance.notices.actions import notify
from alliance.notices.choices import NoticeKind
from alliance.people.selectors import staff_with_roles

from .models import CheckRun

texts.define(
    {
        "qc.found": (
            _("%(check_code)s: %(count)s newly found"),
            _("Found for %(day_on)s; see who owns it and by when it should be mended."),
        )
    }
)
texts.words("check_code", {code: one.title for code, one in compliance.checks().items()})


def tell_house(*, run_id: int, institution_id: int, count: int) -> None:
    """One notice to each administrator of an institution, once per run."""
    run = CheckRun.objects.get(pk=run_id)
    managers = staff_with_roles(
        institution_ids=[institution_id], roles=[Role.MANAGER], on=timezone.localdate()
    )
    notify(
        user_ids=managers,
        kind=NoticeKind.FINDING,
        text_key="qc.found",
        values={"check_code": run.check_code, "count": count, "day_on": run.day.isoformat()},
        url=f"{reverse('qc:findings')}?check={run.check_code}",
        dedupe=f"qc.found:{run.public_id}:{institution_id}",
    )
