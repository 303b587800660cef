"""The book to measure on: built once, kept in build/bench until the tables change.

BENCH_CUSTOMERS, BENCH_INVOICES and BENCH_ORGANIZATIONS make it smaller, to try something quickly.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from psycopg import sql

from paidup.config import embedded
from tests.bench.measure import seconds

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "build" / "bench"
NOTE = FOLDER / "built.json"
NOW = "2026-03-02T15:00"
SLUG = "bench"
CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "100000"))
INVOICES = int(os.environ.get("BENCH_INVOICES", "2000000"))
ORGANIZATIONS = int(os.environ.get("BENCH_ORGANIZATIONS", "201"))
# What the book follows from, beside its size.
SOURCES = (
    "paidup/**/migrations/*",
    "paidup/lib/schema.py",
    "paidup/demo/*",
    "tests/bench/book.py",
    "tests/bench/marks.py",
)


@dataclass(frozen=True)
class Book:
    """The large organization among the others."""

    organization_id: UUID
    small_id: UUID
    largest_customer_id: UUID
    at: datetime


@contextmanager
def opened() -> Iterator[Book]:
    """The book, built where it is missing; its server runs and Django looks at it meanwhile."""
    for variable in ("PAIDUP_TESTING", "DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(variable, None)
    os.environ |= {
        "PAIDUP_HOME": str(FOLDER),
        "PAIDUP_DEMO": "1",
        "PAIDUP_NOW": NOW,
        "DJANGO_SETTINGS_MODULE": "paidup.config.settings",
    }
    with embedded.running(FOLDER) as server:
        name = f"book_{_fingerprint()}"
        logins = embedded.Logins.of(FOLDER)
        with server.connect("postgres") as connection:
            embedded.prepare_roles(connection, logins)
            if _built() != name:
                _drop_books(server)
                embedded.create_database(connection, name)
        os.environ["DATABASE_URL"] = server.address("paidup_app", logins.app, name)
        os.environ["DATABASE_OWNER_URL"] = server.address("paidup_owner", logins.owner, name)
        import django  # noqa: PLC0415  the settings read the database's address

        django.setup()
        logging.disable(logging.INFO)  # a line per request is not what is measured
        if _built() != name:
            took = seconds(_build)
            NOTE.write_text(json.dumps({"name": name, "seconds": round(took)}))
            print(f"The book took {took:,.0f} s to build.")  # noqa: T201  the command's output
        yield _book()


def describe() -> str:
    """What the figures were taken of, and on what."""
    took = json.loads(NOTE.read_text())["seconds"]
    return (
        f"{ORGANIZATIONS:,} organizations; {CUSTOMERS:,} customers and {INVOICES:,} invoices in the"
        f" largest, built in {took:,} s. {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}."
    )


def sweep() -> None:
    """Tidies the tables as autovacuum does in time."""
    from django.db import connections  # noqa: PLC0415  after django.setup

    with closing(connections["owner"]) as owner, owner.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _build() -> None:
    from paidup.config.schema import bring_up_to_date  # noqa: PLC0415  after django.setup
    from paidup.demo import load  # noqa: PLC0415  likewise
    from paidup.lib import clock  # noqa: PLC0415  likewise
    from tests.bench.autopay_tick import schedule_charges  # noqa: PLC0415  likewise
    from tests.bench.cadence_plan import establish  # noqa: PLC0415  likewise
    from tests.bench.marks import mark  # noqa: PLC0415  likewise

    bring_up_to_date()
    load.build(
        slug=SLUG,
        customers=CUSTOMERS,
        invoices=INVOICES,
        organizations=ORGANIZATIONS,
        password="a bench of oak",
        at=clock.now(),
        say=print,
    )
    book = _book()
    schedule_charges(book, invoices=INVOICES // 200)
    establish(book)
    mark(book)
    sweep()


def _book() -> Book:
    from paidup.customers.models import Customer  # noqa: PLC0415  after django.setup
    from paidup.lib import clock  # noqa: PLC0415  likewise
    from paidup.lib.tenancy import tenant  # noqa: PLC0415  likewise
    from paidup.organizations.queries import organization_by_slug  # noqa: PLC0415  likewise

    organization_id, small_id = organization_by_slug(SLUG), organization_by_slug(f"{SLUG}-1")
    assert organization_id
    assert small_id
    with tenant(organization_id):
        [largest] = (
            Customer.objects.of(organization_id)
            .order_by("-open_invoices")
            .values_list("id", flat=True)[:1]
        )
    return Book(organization_id, small_id, largest, clock.now())


def _fingerprint() -> str:
    digest = sha256(f"{CUSTOMERS} {INVOICES} {ORGANIZATIONS}".encode())
    for pattern in SOURCES:
        for path in sorted(CHECKOUT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _built() -> str | None:
    """The book that stands, whole."""
    return str(json.loads(NOTE.read_text())["name"]) if NOTE.exists() else None


def _drop_books(server: embedded.Server) -> None:
    NOTE.unlink(missing_ok=True)
    with server.connect("postgres") as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'book%'")
        for (name,) in names.fetchall():
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )
