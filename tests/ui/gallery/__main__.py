"""Serves the gallery: `python -m tests.ui.gallery [PORT]`; port 0 takes a free one. Prints it."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.ui.gallery.settings"
os.environ["PAIDUP_NOW"] = "2026-03-12T09:30"
django.setup()

from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402  after setup
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402  after setup
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402


class QuietHandler(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's name
        """Say nothing."""


port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
server = ThreadedWSGIServer(("127.0.0.1", port), QuietHandler)
server.set_app(StaticFilesHandler(WSGIHandler()))
print(server.server_port, flush=True)  # noqa: T201  whoever started it waits for this line
server.serve_forever()
