"""Settings that hold everywhere; what differs comes from the environment."""

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from alliance.config import env

from .schedule import CELERY_BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parents[3]
RUN_DIR = Path(env.text("RUN_DIR", str(BASE_DIR / ".run")))

DEBUG = False
DEMO_MODE = False
SECRET_KEY = env.text("SECRET_KEY", "")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
# Addresses and networks of the proxies in front, whose X-Forwarded-For is believed.
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Base64 keys of 32 bytes, newest first: the first encrypts, all decrypt. See docs/operations.md.
FIELD_ENCRYPTION_KEYS = env.words("FIELD_ENCRYPTION_KEYS")
LOOKUP_KEY = env.text("LOOKUP_KEY", "")

INSTALLED_APPS = [
    "alliance.core.apps.CoreConfig",
    "alliance.institutions",
    "alliance.people",
    "alliance.catalogue",
    "alliance.patients",
    "alliance.notices",
    "training",
    "training.exams",
    "training.courses",
    "training.standards",
    "training.privileges",
    "training.logbook",
    "training.mentoring",
    "training.programmes",
    "training.granting",
    "equipment",
    "equipment.devices",
    "equipment.service",
    "equipment.configuration",
    "equipment.purchases",
    "equipment.tariffs",
    "equipment.bookings",
    "equipment.tours",
    "equipment.insights",
    "referrals",
    "qc",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "alliance.core.apps.StaticFiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "oauth2_provider",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "alliance.core.middleware.RequestIdMiddleware",
    "alliance.core.middleware.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "alliance.core.middleware.BackOfficePolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "alliance.people.middleware.IdleLogoutMiddleware",
    "alliance.people.middleware.LanguageMiddleware",
    "alliance.people.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "alliance.people.middleware.DutiesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "alliance.core.middleware.UnreadableMiddleware",
    "alliance.core.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "alliance.config.urls"
WSGI_APPLICATION = "alliance.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
FORM_RENDERER = "alliance.core.renderers.FormRenderer"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "alliance.people.context_processors.shell",
                "alliance.notices.context_processors.unread",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **env.database(env.text("DATABASE_URL", "postgresql://yilian@127.0.0.1:5432/yilian")),
        # A new connection knows no tables and no plans: its first question takes eight times as long.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "alliance.core.cache.ForgivingCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# --- Language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["alliance.core.formats"]

# --- Files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(RUN_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "alliance.core.finders.PackageFinder",
]
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(RUN_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "alliance.core.storage.StaticStorage"},
}
WHITENOISE_MAX_AGE = 31536000
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Sign-in -----------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "alliance.people.passwords.PolicyPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "alliance.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[医联] "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A whole hospital may sit behind one address; guessing is stopped by the lockout of the name.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "300/m/ip,5/300s/key"}
MFA_ADAPTER = "alliance.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Yilian"
# Addresses are given by whoever opens the account; a second factor must not wait for a mail.
MFA_ALLOW_UNVERIFIED_EMAIL = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "alliance.core.views.expired"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- API ---------------------------------------------------------------------------------------
OAUTH2_PROVIDER_APPLICATION_MODEL = "people.ApiClient"
OAUTH2_PROVIDER = {
    "SCOPES": {
        "reference": _("Read institutions, departments, practitioners, diseases and techniques"),
        "patients": _("Create and read patients"),
        "referrals": _("Read, file and move referrals"),
        "notices": _("Read notices"),
        "findings": _("Read what scheduled checks found"),
        "training": _("Read training, programmes and postings; enter guidance"),
        "cases": _("Read and record cases of the logbook"),
        "privileges": _("Ask who may perform what, and read privileges"),
        "equipment": _("See devices and book them"),
    },
    "DEFAULT_SCOPES": [
        "reference",
        "patients",
        "referrals",
        "notices",
        "findings",
        "training",
        "cases",
        "privileges",
        "equipment",
    ],
    "SCOPES_BACKEND_CLASS": "alliance.people.scopes.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    # RFC 9700, though only client credentials are offered (people.ApiClient sees to that).
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "alliance.people.authentication.ClientAuthentication",
        "alliance.people.authentication.BrowserAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["alliance.people.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "alliance.core.pagination.CursorPagination",
    "DEFAULT_THROTTLE_CLASSES": ["alliance.people.throttling.ClientThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "alliance.core.exceptions.problem_response",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DATETIME_FORMAT": "iso-8601",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Yilian 医联 API",
    "DESCRIPTION": "Referrals, patients and reference data of a regional medical alliance.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ReferralStatus": "referrals.choices.Status",
        "ApplicationStatus": "training.granting.choices.Status",
        "CaseOutcome": "training.logbook.choices.Outcome",
        "ConsentMethod": "alliance.patients.choices.ConsentMethod",
        "Tier": "alliance.institutions.choices.Tier",
        "InstitutionGrade": "alliance.institutions.choices.Grade",
        "TechniqueGrade": "alliance.catalogue.choices.TechniqueGrade",
        "MoveEnum": "referrals.choices.Move",
        "WorkOrderMove": "equipment.service.choices.Move",
        "WorkOrderStatus": "equipment.service.choices.Status",
        "MaintenanceKind": "equipment.service.choices.PlanKind",
        "MaintenanceResult": "equipment.service.choices.Result",
        "OutageReason": "equipment.service.choices.OutageReason",
        "GuidanceMode": "training.mentoring.choices.Mode",
        "BookingStatus": "equipment.bookings.choices.Status",
        "BookingMove": "equipment.bookings.choices.Move",
        "MentorshipAnswer": "training.mentoring.choices.ANSWERS",
        "DeviceKind": "equipment.devices.choices.TypeKind",
        "TourStatus": "equipment.tours.choices.Status",
        "PlaceStatus": "equipment.tours.choices.PlaceStatus",
    },
}

# --- Work in the background --------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A publish after commit must fail fast when the broker is away: the outbox row is still there.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    # Workers and beat retry by their own setting; a request that nudges must not wait.
    "max_retries": 0,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"notices.*": {"queue": "notices"}, "qc.*": {"queue": "compliance"}}

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Yilian <noreply@localhost>")
globals().update(env.email(env.text("EMAIL_URL", "console:")))
# The relay sends letters inside a transaction, so a mail server that hangs must not hold it.
EMAIL_TIMEOUT = 10

# --- Logs and numbers --------------------------------------------------------------------------------------
LOG_FORMAT = env.text("LOG_FORMAT", "json")
# Who knows this word may read /metrics; without one nobody may, except where it is open.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
METRICS_OPEN = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "alliance.core.logs.RequestIdFilter"},
        "discreet": {"()": "alliance.core.logs.DiscreetFilter"},
    },
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{message}{request_id}",
            "style": "{",
            "json_ensure_ascii": False,
        },
        "plain": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "discreet"],
            "formatter": LOG_FORMAT,
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"level": "INFO"},
        # A developer's server too writes through the filters above.
        "django.server": {"propagate": True},
        "celery": {"level": "INFO"},
    },
}

UNFOLD = {"SITE_TITLE": "Yilian", "SITE_HEADER": "Yilian 医联", "SHOW_HISTORY": False}
SILENCED_SYSTEM_CHECKS: list[str] = []
