"""Recording the many events of a load."""

from django.db import connection
from psycopg import sql

from paidup.lib import tenancy

from .actors import Actor


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
