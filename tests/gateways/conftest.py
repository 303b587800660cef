"""The sandbox's pages on addresses of their own, also served over HTTP for browsers."""

from collections.abc import Iterable, Iterator
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from pytest_django import Settings


@pytest.fixture
def _pages(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.gateways.pages"


@pytest.fixture
def elsewhere() -> dict[str, str]:
    """Pages of other hosts of the running server: `{"127.0.0.1": "<!doctype html>…"}`."""
    return {}


@pytest.fixture
def vendor_site(_pages: None, committed: None, elsewhere: dict[str, str]) -> Iterator[str]:
    """The address of a running server, such as `http://localhost:43210`."""
    handler = WSGIHandler()

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        page = elsewhere.get(environ["HTTP_HOST"].partition(":")[0])
        if page is not None:
            start_response("200 OK", [("Content-Type", "text/html")])
            return [page.encode()]
        response: Any = handler(environ, start_response)
        try:
            return list(response)
        finally:
            response.close()
            connections.close_all()

    with make_server("127.0.0.1", 0, answer, _Server, _Quiet) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


class _Server(ThreadingMixIn, WSGIServer):
    """Browsers ask for several files at once, and open connections that they never use."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Stays quiet."""
