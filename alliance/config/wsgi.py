"""WSGI entry point: `gunicorn alliance.config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.config.settings.production")

application = get_wsgi_application()

# Only now are the apps loaded; no management command checks the database for a web process.
from django.db import connections  # noqa: E402

from alliance.core.checks import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
# Where the application is loaded before the processes fork, they must not share this connection.
connections.close_all()
