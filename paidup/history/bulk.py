"""Recording the many events of a load."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from paidup.lib import tenancy
from paidup.lib.bulk import execute, row_id, staged

from .actors import Actor
from .operations import Happening


def record_selected(source: str, *, by: Actor) -> None:
    """Records one event per row of a SELECT of (id, kind, customer_id, subject_id, at, data).

    The SELECT may name `%(organization)s`. Nobody reacts to these; whoever loads records one event
    for the whole load.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                """
                INSERT INTO history_event
                    (id, organization_id, kind, customer_id, subject_id,
                    actor_kind, actor_id, actor_name, at, data)
                SELECT s.id, %(organization)s, s.kind, s.customer_id, s.subject_id,
                    %(actor_kind)s, %(actor_id)s::uuid, %(actor_name)s, s.at, s.data
                FROM ({source}) AS s (id, kind, customer_id, subject_id, at, data)
                """
            ).format(source=sql.SQL(source)),
            {
                "organization": tenancy.current(),
                "actor_kind": str(by.kind),
                "actor_id": by.id,
                "actor_name": by.name,
            },
        )


def record_staged(happenings: Iterable[Happening], *, by: Actor, at: datetime) -> None:
    """Records many events that differ in what they say. Nobody reacts to these, likewise."""

    def rows() -> Iterator[tuple[Any, ...]]:
        for one in happenings:
            personal = json.dumps(one.personal) if one.personal else None
            data = json.dumps(one.data)
            yield row_id(), one.kind, one.customer_id, one.subject_id, at, data, personal

    with staged("happening", _HAPPENING, rows()):
        record_selected(_HAPPENED, by=by)
        execute(_PERSONAL, organization=tenancy.current())


_HAPPENING = {
    "id": "uuid",
    "kind": "text",
    "customer_id": "uuid",
    "subject_id": "uuid",
    "at": "timestamptz",
    "data": "text",
    "personal": "text",
}

_HAPPENED = "SELECT id, kind, customer_id, subject_id, at, data::jsonb FROM happening"

_PERSONAL = """
    INSERT INTO history_personaldata (event_id, organization_id, data)
    SELECT id, %(organization)s, personal::jsonb FROM happening WHERE personal IS NOT NULL
"""
