"""The two logins and the database they share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from psycopg import Connection, sql

from paidup.lib.environment import secret


@dataclass(frozen=True)
class Logins:
    """The passwords of `paidup_owner`, who migrates, and `paidup_app`, under row security."""

    owner: str
    app: str

    @classmethod
    def of(cls, home: Path) -> Self:
        """Made once and kept in the data folder."""
        return cls(owner=secret("database_owner", home), app=secret("database_app", home))


def prepare_roles(connection: Connection, logins: Logins) -> None:
    """Makes the roles where they are missing, and gives them these passwords."""
    _role(connection, "paidup_owner", logins.owner)
    _role(connection, "paidup_app", logins.app)


def create_database(connection: Connection, name: str, *, template: str = "template1") -> None:
    """A database of `paidup_owner`, where it is missing, which nobody else may connect to."""
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if found:
        return
    database = sql.Identifier(name)
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER paidup_owner TEMPLATE {}").format(
            database, sql.Identifier(template)
        )
    )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO paidup_app").format(database)
    )


def _role(connection: Connection, name: str, password: str) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "ALTER" if found else "CREATE"
    connection.execute(
        sql.SQL(
            "{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}"
        ).format(sql.SQL(verb), sql.Identifier(name), sql.Literal(password))
    )
