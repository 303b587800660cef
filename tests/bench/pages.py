"""Asking the app for pages as a signed-in person, through everything but the network."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory

from paidup.config.static import collect_changed
from paidup.config.wsgi import application
from paidup.demo.people import OWNER
from paidup.organizations.models import User
from tests.bench.measure import VISITS


@dataclass(frozen=True)
class Answer:
    """An answer, how long it took, and how many statements it needed."""

    status: int
    seconds: float
    statements: int


class Visitor:
    """The owner, signed in."""

    def __init__(self) -> None:
        """Sign in, as the session says it."""
        collect_changed()
        client = Client()
        client.force_login(User.objects.get(email=OWNER))
        cookie: SimpleCookie = client.cookies
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={cookie[settings.SESSION_COOKIE_NAME].value}"
        self.application = application

    def visit(self, path: str, *, counting: bool = False) -> Answer:
        """The page at this path, whole."""
        request = RequestFactory(HTTP_HOST="localhost", HTTP_COOKIE=self.cookie).get(path)
        counter = _Counter()
        statuses: list[int] = []

        def start(status: str, *_headers: object) -> Callable[[bytes], object]:
            statuses.append(int(status[:3]))
            return lambda _part: None

        with ExitStack() as stack:
            if counting:
                stack.enter_context(connection.execute_wrapper(counter))
            started = time.perf_counter()
            answer = self.application(request.environ, start)
            for _part in answer:
                pass
            answer.close()
            took = time.perf_counter() - started
        [status] = statuses
        return Answer(status, took, counter.statements)

    def stream(self, path: str) -> Iterator[bytes]:
        """The parts of an answer, one after the other."""
        request = RequestFactory(HTTP_HOST="localhost", HTTP_COOKIE=self.cookie).get(path)

        def start(
            _status: str, _headers: object, _error: object = None
        ) -> Callable[[bytes], object]:
            return lambda _part: None

        answer = self.application(request.environ, start)
        yield from answer
        answer.close()

    def often(self, paths: Sequence[str]) -> list[list[float]]:
        """How many seconds each of these pages took, of `VISITS` visits after one that warms up.

        All are visited in turn, so that what else the machine does slows one visit and not a page.
        """
        for path in paths:
            answer = self.visit(path)
            assert answer.status == 200, (path, answer.status)
        rounds = [[self.visit(path).seconds for path in paths] for _ in range(VISITS)]
        return [list(visits) for visits in zip(*rounds, strict=True)]


class _Counter:
    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.statements += 1
        return execute(*statement)
