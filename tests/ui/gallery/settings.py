"""The project's settings without its rooms: the gallery has no database."""

import os
from pathlib import Path

os.environ.setdefault("PAIDUP_TESTING", "1")

from paidup.config.settings import *  # noqa: F403  everything but what follows stays

SECRET_KEY = "gallery"
INSTALLED_APPS = [
    "paidup.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
]
AUTH_USER_MODEL = "auth.User"
ROOT_URLCONF = "tests.ui.gallery.urls"
TEMPLATES[0]["DIRS"] = [Path(__file__).parent / "templates"]  # noqa: F405  from the settings
DATABASES = {}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MIDDLEWARE = [
    *MIDDLEWARE,  # noqa: F405  from the settings
    "tests.ui.gallery.views.SignedIn",
]
