"""Fill the types of device with the starter data."""

from typing import Any

from django.core.management.base import BaseCommand

from ...actions import load_starter_types


class Command(BaseCommand):
    """`manage.py load_device_types`: safe to run again; load the techniques first."""

    help = "Add missing starter types of device, with the techniques that need them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was added."""
        self.stdout.write(f"added {load_starter_types()} device types")
