"""The demo alliance: invented people, one-click entry. Refuses to hold real data (check core.E003)."""

from .base import *

DEMO_MODE = True
METRICS_OPEN = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *ALLOWED_HOSTS]
