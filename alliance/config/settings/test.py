"""Tests: real PostgreSQL and broker, cheap passwords, mail kept in memory."""

import os

os.environ.setdefault("SECRET_KEY", "test-only-not-a-secret")
os.environ.setdefault("FIELD_ENCRYPTION_KEYS", "dGVzdC1vbmx5LWVuY3J5cHRpb24ta2V5LTMyLWJ5dGU=")
os.environ.setdefault("LOOKUP_KEY", "test-only-lookup-key")

from .base import *

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MEDIA_ROOT = RUN_DIR / "test-media"
LOGGING["root"]["level"] = "WARNING"  # type: ignore[index]
DATABASES["default"]["CONN_MAX_AGE"] = 0
CACHES["default"]["KEY_PREFIX"] = os.environ.get("PYTEST_XDIST_WORKER", "main")
# Static files come straight from their sources: nothing is collected before tests.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
