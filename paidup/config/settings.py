"""Settings. Everything that differs between installations comes from the environment."""

import json
import os
from pathlib import Path

from paidup.config import logs
from paidup.lib.environment import database_from, home, secret

BASE = Path(__file__).resolve().parent.parent.parent
HOME = home()

DEMO = os.environ.get("PAIDUP_DEMO") == "1"
TESTING = os.environ.get("PAIDUP_TESTING") == "1"
SECRET_KEY = secret("secret_key", HOME)
DEBUG = False
PORT = int(os.environ.get("PAIDUP_PORT", "8000"))
# The host under which staff sign in; the portal of an organization is SLUG.<host>.
HOST = os.environ.get("PAIDUP_HOST", "localhost")
BASE_URL = os.environ.get("PAIDUP_URL", f"http://{HOST}:{PORT}")
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [HOST, f".{HOST}", "127.0.0.1", "[::1]"]
# The proxies, by address or network, whose word on a visitor's address and scheme is taken.
PROXIES = [
    proxy.strip() for proxy in os.environ.get("PAIDUP_PROXIES", "").split(",") if proxy.strip()
]
CSRF_TRUSTED_ORIGINS = [BASE_URL, BASE_URL.replace("://", "://*.")]

INSTALLED_APPS = [
    "paidup.ui",  # before those whose templates it restyles
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "phonenumber_field",
    "django_countries",
    "paidup.history",
    "paidup.organizations",
    "paidup.documents",
    "paidup.customers",
    "paidup.ledger",
    "paidup.todos",
    "paidup.attachments",
    "paidup.communications",
    "paidup.invoicing",
    "paidup.payments",
    "paidup.payments.gateways.sandbox",
    "paidup.autopay",
    "paidup.cadences",
    "paidup.late_fees",
    "paidup.accounting_sync",
    "paidup.statements",
    "paidup.correspondence",
    "paidup.reporting",
    "paidup.portal_access",
    "paidup.batches",
    "paidup.web",
    "paidup.portal",
    "paidup.intake",
    "paidup.sandbox",
    "paidup.config",
]

MIDDLEWARE = [
    "paidup.config.probes.Probes",
    "paidup.ui.middleware.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "paidup.config.logs.RequestLog",
    "paidup.ui.middleware.HostDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "paidup.ui.middleware.HtmxRedirect",
    "paidup.ui.middleware.ChangedMeanwhile",
]

ROOT_URLCONF = "paidup.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "paidup.ui.context.page",
            ],
            "builtins": ["paidup.ui.templatetags.paidup"],
        },
    }
]
FORM_RENDERER = "paidup.ui.forms.Renderer"
WSGI_APPLICATION = "paidup.config.wsgi.application"

DATABASES = {"default": database_from("DATABASE_URL"), "owner": database_from("DATABASE_OWNER_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_ADAPTER = "paidup.web.accounts.AccountAdapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Paidup"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "entrance"

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True
LOCALE_PATHS = [BASE / "paidup" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
NODE = BASE / "node_modules"
STATICFILES_DIRS = [
    ("vendor/tabler", NODE / "@tabler" / "core" / "dist" / "css"),
    ("vendor/htmx", NODE / "htmx.org" / "dist"),
    ("vendor/inter", NODE / "@fontsource-variable" / "inter" / "files"),
]
# Of what npm brings, these alone are served, with their source maps.
VENDOR_FILES = (
    "vendor/tabler/tabler.min.css*",
    "vendor/htmx/htmx.min.js*",
    "vendor/inter/*-wght-normal.woff2",
)
STATICFILES_FINDERS = [
    "paidup.config.static.VendorFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {
        "BACKEND": os.environ.get("PAIDUP_STORAGE", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": json.loads(os.environ["PAIDUP_STORAGE_OPTIONS"])
        if "PAIDUP_STORAGE_OPTIONS" in os.environ
        else {
            "location": HOME / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if TESTING:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

SESSION_ENGINE = "paidup.organizations.models.sessions"
SESSION_COOKIE_NAME = "paidup_staff"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "rate_limits",
        # With Django's 300 the counters of a busy minute would push each other out.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

EMAIL_HOST = os.environ.get("PAIDUP_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("PAIDUP_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("PAIDUP_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PAIDUP_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("PAIDUP_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = os.environ.get("PAIDUP_FROM", f"billing@{HOST}")

LOGGING = logs.configuration()

PROCRASTINATE_ON_APP_READY = "paidup.config.schedule.on_app_ready"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# Seconds between a worker's signs of life; silent for six of them, its jobs go to another.
WORKER_HEARTBEAT = float(os.environ.get("PAIDUP_HEARTBEAT", "5"))
WORKER_GRACE = 15.0  # seconds a stopping worker waits for the jobs it runs
