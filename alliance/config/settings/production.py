"""Production: secrets by environment, TLS in front, nothing readable without it."""

from alliance.config import env

from .base import *

SECRET_KEY = env.text("SECRET_KEY")
LOOKUP_KEY = env.text("LOOKUP_KEY")
FIELD_ENCRYPTION_KEYS = env.text("FIELD_ENCRYPTION_KEYS").split(",")

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
