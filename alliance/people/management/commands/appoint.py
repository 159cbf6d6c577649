"""Appoint the first administrators of a new platform, one for each separated power."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from alliance.core.choices import SEPARATED_POWERS
from alliance.core.errors import DomainError
from alliance.people import actions


class Command(BaseCommand):
    """`appoint system_admin --username … --name … --email …`, once for each power."""

    help = (
        "Give a vacant separated power (system_admin, security_admin, auditor) to a new account. "
        "Prints a first password that has to be changed at the first sign-in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The power and its holder."""
        parser.add_argument("role", choices=sorted(SEPARATED_POWERS))
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", required=True)

    def handle(
        self, *args: Any, role: str, username: str, name: str, email: str, **options: Any
    ) -> None:
        """Appoint, or say in one sentence why not."""
        try:
            user, password = actions.appoint(role=role, username=username, name=name, email=email)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{user.username} is {role}. First password: {password}")
