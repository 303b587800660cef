"""Logs: one event per line, JSON or for the console, without personal data or tokens."""

import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.typing import EventDict, Processor, WrappedLogger

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# A word of URLs long enough to be a secret: pay links, reset links, keys. Ids (UUIDs) stay.
TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w-])")
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What PostgreSQL adds to an error: the values of the row that was refused.
DETAIL = re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE)
QUERY = re.compile(r"\?\S+")


# Granian says what it has to say through ours.
GRANIAN: dict[str, Any] = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}


def masked(text: str) -> str:
    """The text without e-mail addresses, tokens, query strings and row values."""
    text = DETAIL.sub(r"\1: …", ADDRESS.sub("…@…", QUERY.sub("?…", text)))
    return TOKEN.sub(lambda found: _unless_an_id(found.group()), text)


def configuration() -> dict[str, Any]:
    """Django's LOGGING; also sets structlog up. `PAIDUP_LOG` is `json` or `console`."""
    form = os.environ.get("PAIDUP_LOG") or ("console" if sys.stderr.isatty() else "json")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    written: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if form == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "event": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    _mask,
                    written,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "paidup": {"level": "INFO"},
            # Each request is logged once, by us, with its route.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # At INFO it names every job's arguments; what matters it says at WARNING and above.
            "procrastinate": {"level": "WARNING"},
        },
    }


class RequestLog:
    """One line per request: its route (no token, no search words), status and duration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("paidup.request")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Everything logged meanwhile carries the request's number."""
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=uuid4().hex[:12]):
            response = self.get_response(request)
            found = request.resolver_match
            self.log.info(
                "request",
                method=request.method,
                route=found.route if found else None,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - began) * 1000, 1),
            )
        return response


def _mask(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    del logger, method
    return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}


def _unless_an_id(word: str) -> str:
    return word if IDENTIFIER.fullmatch(word) else "…"
