"""The project's settings without its rooms: the gallery has no database."""

import os

os.environ.setdefault("PAIDUP_TESTING", "1")

from paidup.config.settings import *  # noqa: F403  everything but what follows stays

SECRET_KEY = "gallery"
INSTALLED_APPS = [
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
    "paidup.ui",
]
AUTH_USER_MODEL = "auth.User"
ROOT_URLCONF = "tests.ui.gallery.urls"
DATABASES = {}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
