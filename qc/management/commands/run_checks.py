"""`manage.py run_checks`: the scheduled checks of some days, now and in this process."""

import argparse
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from qc import actions


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("Write the day as 2026-03-02.")) from None


class Command(BaseCommand):
    """Catches up on nights that were missed; days that were looked at are left alone."""

    help = "Run the scheduled checks of every alliance for one day or several."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which days: by default, yesterday."""
        parser.add_argument("--until", type=_day, help="the last day (default: yesterday)")
        parser.add_argument("--days", type=int, default=1, help="how many days, up to the last")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan and carry out, the oldest day first."""
        last = options["until"] or timezone.localdate() - timedelta(days=1)
        if last > timezone.localdate() or options["days"] < 1:
            raise CommandError(_("Choose today or an earlier day."))
        done = 0
        for back in reversed(range(options["days"])):
            keys = actions.plan_runs(day=last - timedelta(days=back))
            done += actions.carry_out_all(run_ids=keys)
        self.stdout.write(_("%(n)d runs done.") % {"n": done})
