"""The web's entry point for any WSGI server; `paidup web` serves it with granian."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from paidup.config.lifeline import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paidup.config.settings")
if os.environ.get("PAIDUP_SERVED_BY_US") == "1":
    die_with_parent()

application = wrap_wsgi_with_proxy_headers(get_wsgi_application(), settings.PROXIES)

# All code is loaded now and stays. Left out of the garbage collector's walks, which would pass it
# hundreds of times while a long list is written: a fifth of its time.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
