"""A developer's own machine: readable logs and errors, nothing secret."""

from .base import *

DEBUG = True
METRICS_OPEN = True
SECRET_KEY = SECRET_KEY or "local-only-not-a-secret"
FIELD_ENCRYPTION_KEYS = FIELD_ENCRYPTION_KEYS or ["bG9jYWwtb25seS1lbmNyeXB0aW9uLWtleS0zMmJ5dGU="]
LOOKUP_KEY = LOOKUP_KEY or "local-only-lookup-key"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
LOGGING["handlers"]["console"]["formatter"] = "plain"  # type: ignore[index]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
