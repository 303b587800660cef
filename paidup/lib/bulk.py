"""Loading many rows at once: staged in a temporary table by COPY, moved on by INSERT … SELECT.

Row security refuses COPY into a tenant's table; a temporary table is this session's own.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import uuid_utils
from django.db import connection
from django.db.models import Model
from psycopg import sql

# An id for a staged row that nothing else names: COPY takes it as it is, and it costs a seventh.
row_id = uuid_utils.uuid7

MANY = 1000  # rows; from here on it matters how they are joined
GROWTH = 10  # a table that a load makes larger by less than a tenth is still what it was


@contextmanager
def staged(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Iterator[int]:
    """A temporary table of these columns (name to type) and rows; gives the number of rows.

    Within a transaction, which ends the table too when it fails. Of many rows, joins go by hash.
    """
    name = sql.Identifier(table)
    types = list(columns.values())
    with connection.cursor() as cursor:
        definition = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
            for column, kind in columns.items()
        )
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(name, definition)
        )
        count = 0
        statement = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(name)
        with cursor.copy(statement) as copy:
            copy.set_types(types)
            for count, row in enumerate(rows, start=1):  # noqa: B007  the count of all is wanted
                copy.write_row(row)
        # How many rows there are is all the planner needs, so one column will do.
        first = sql.Identifier(next(iter(columns)))
        cursor.execute(sql.SQL("ANALYZE {} ({})").format(name, first))
    with joined_by_hash(rows=count):
        yield count
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(name))


@contextmanager
def joined_by_hash(*, rows: int) -> Iterator[None]:
    """Has joins go by hash where many rows are loaded.

    The planner knows little of an organization's rows while they are being loaded, and would
    compare each of the few it believes in with each.
    """
    if rows < MANY:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_nestloop')")
        (before,) = cursor.fetchone()
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SELECT set_config('enable_nestloop', %s, true)", [before])


@contextmanager
def uncollected() -> Iterator[None]:
    """Leaves Python's garbage be while a load's rows pile up: none of them is any, and looking
    through all of them again and again doubles the work."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def analyze(*models: type[Model], loaded: int) -> None:
    """Has the planner learn what these tables hold, after a load that let them grow.

    A foreign key's check that was planned for an empty table reads all of a full one, per row.
    """
    if loaded < MANY:
        return
    tables = [model._meta.db_table for model in models]  # noqa: SLF001  documented model API
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT analyze_tables(array_agg(relname::text)) FROM pg_class
            WHERE oid = ANY(%s::regclass[]) AND reltuples < %s
            """,
            [tables, loaded * GROWTH],
        )


def execute(statement: str, **values: Any) -> int:
    """Runs one statement with named values; gives the number of rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)
