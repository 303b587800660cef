"""`/healthz` and `/readyz`, for whatever watches over the processes."""

from collections.abc import Callable
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

Next = Callable[[HttpRequest], HttpResponse]


class Probes:
    """Answers before anything else looks at the request: a probe names no host of ours."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Alive answers always; ready wants the database, with every migration applied."""
        if request.path == "/healthz":
            return JsonResponse({"alive": True})
        if request.path == "/readyz":
            problem = _problem()
            return JsonResponse(
                {"ready": not problem, "problem": problem}, status=503 if problem else 200
            )
        return self.get_response(request)


def _problem() -> str | None:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return "The database doesn't answer."
    if not _ours() <= applied.keys():
        return "Migrations are missing: run `paidup migrate`."
    return None


@cache
def _ours() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or ())
