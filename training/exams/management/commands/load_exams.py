"""Set up an alliance's simulation stations and its starter questions."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alliance.institutions.models import Alliance

from ...actions import load_starter_questions, seed_stations


class Command(BaseCommand):
    """`manage.py load_exams --alliance NAME`: safe to run again."""

    help = "Add the usual simulation stations and the starter question bank of an alliance."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("--alliance", required=True, help="name of the alliance")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was added."""
        alliance = Alliance.objects.filter(name=options["alliance"]).first()
        if alliance is None:
            raise CommandError(f"There is no alliance named {options['alliance']}.")
        stations = seed_stations(alliance=alliance)
        questions = load_starter_questions(alliance=alliance)
        self.stdout.write(f"added {stations} stations, {questions} questions")
