"""`manage.py apply_for_privilege`: open an application for a doctor who asked for it."""

import argparse
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.core.errors import DomainError
from alliance.institutions.models import Institution
from alliance.people.models import Practitioner
from training.granting import actions
from training.granting.choices import Kind
from training.granting.evidence import Asked
from training.privileges.models import Privilege


class Command(BaseCommand):
    """Opens an application in the applicant's own name; the rules are those of the page."""

    help = "Open an application for a privilege; refused with every missing requirement."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Who, and what for."""
        parser.add_argument("licence", help="the licence number of the applicant")
        parser.add_argument("technique", help="the code of the technique")
        parser.add_argument("institution", help="the credit code (USCC) of the institution")
        parser.add_argument("--kind", choices=Kind.values, default=Kind.FIRST.value)
        parser.add_argument("--statement", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it, or say what is missing."""
        asked = _asked(options)
        user = getattr(asked.practitioner, "user", None)
        try:
            row = actions.open_application(asked=asked, statement=options["statement"], by=user)
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except DomainError as error:
            reasons = error.details.get("reasons", [])
            raise CommandError("\n".join([str(error), *reasons])) from error
        self.stdout.write(str(row.public_id))


def _asked(options: dict[str, Any]) -> Asked:
    person = _only(Practitioner, licence_number=options["licence"])
    technique = _only(Technique, code=options["technique"])
    house = _only(Institution, uscc=options["institution"])
    kind = Kind(options["kind"])
    triple = {"practitioner": person, "technique": technique, "institution": house}
    held = Privilege.objects.filter(**triple).order_by("-valid_from", "-pk").first()
    if kind != Kind.FIRST and held is None:
        raise CommandError(_("There is no privilege to renew or restore."))
    return Asked(kind, person, technique, house, None if kind == Kind.FIRST else held)


def _only(model: Any, **wanted: str) -> Any:
    row = model.objects.filter(**wanted).first()
    if row is None:
        raise CommandError(_("Unknown: %(what)s") % {"what": " ".join(wanted.values())})
    return row
