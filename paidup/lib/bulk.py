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

WORTH_ANALYZING = 1000  # rows; fewer don't change what the planner should think of a table


@contextmanager
def staged(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Iterator[int]:
    """A temporary table of these columns (name to type) and rows; gives the number of rows.

    Within a transaction, which ends the table too when it fails.
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
    yield count
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(name))


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
    """Has the planner learn what these tables hold, after so many rows were loaded.

    A foreign key's check that was planned for an empty table reads all of a full one, per row.
    """
    if loaded < WORTH_ANALYZING:
        return
    tables = [model._meta.db_table for model in models]  # noqa: SLF001  documented model API
    with connection.cursor() as cursor:
        cursor.execute("SELECT analyze_tables(%s)", [tables])


def execute(statement: str, **values: Any) -> int:
    """Runs one statement with named values; gives the number of rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)
