"""Core: what every room stands on."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Finds every app's policy definitions, tables and acts once all apps are loaded."""

    name = "alliance.core"
    label = "core"
    verbose_name = _("Platform")

    def ready(self) -> None:
        """Load every app's `defaults.py`, `tables.py`, `acts.py` and `compliance.py`."""
        from . import checks, limits, unreadable  # noqa: F401
        from .exchange import receivers  # noqa: F401

        unreadable.say_it_plainly()
        limits.say_it_plainly()
        autodiscover_modules("defaults")
        autodiscover_modules("tables")
        autodiscover_modules("acts")
        autodiscover_modules("compliance")


class StaticFiles(StaticFilesConfig):
    """Static files without what no page of ours loads."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "django_htmx/ext/*",
        "drf_spectacular_sidecar/redoc/*",
        "rest_framework/*",
    ]
