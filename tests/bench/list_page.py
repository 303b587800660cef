"""The customers list: searches, filters and sorts in a mix as people ask for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from random import Random
from statistics import median
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count

from paidup.cadences.models import Cadence
from paidup.customers import search
from paidup.customers.models import Customer
from paidup.customers.tags import tags
from paidup.invoicing.queries import collection_statuses
from paidup.lib.tenancy import tenant
from paidup.organizations.fields import fields_of
from paidup.organizations.models import Entity
from paidup.organizations.states import FieldSubject
from paidup.web.fields import PREFIX
from tests.bench.book import SLUG, Book
from tests.bench.marks import SECTORS
from tests.bench.measure import MIDDLE, VISITS, Figure, p95, typical
from tests.bench.pages import Visitor

SORTS = (
    "name",
    "-name",
    "balance",
    "-balance",
    "overdue",
    "-overdue",
    "-unapplied",
    "-open_invoices",
    "terms",
    "oldest_due",
    "last_payment",
    "-last_contacted",
)
AGES = ("current", "days_1_30", "days_31_60", "days_61_90", "over_90")
WORDS = ("brewing", "dental", "gmbh", "hotels", "example")  # very many have these
RARE = ("zimmerman brewing", "tremblay", "aubépine thermes", "kesselring labore")


@dataclass(frozen=True)
class Asked:
    """One address of the list."""

    kind: str
    query: dict[str, str]

    @property
    def path(self) -> str:
        """Whole."""
        return f"/o/{SLUG}/customers/?{urlencode(self.query)}"

    @property
    def totals_path(self) -> str:
        """Of the counts and sums that follow the page by themselves, unless a search found few."""
        return f"/o/{SLUG}/customers/totals/?{urlencode(self.query)}"


def measure(book: Book) -> list[Figure]:
    """The whole mix, and each kind in it."""
    mix, visitor = list(_mix(book)), Visitor()
    visits = visitor.often([asked.path for asked in mix])
    totals = visitor.often([asked.totals_path for asked in mix])
    typically = [(asked, median(took)) for asked, took in zip(mix, visits, strict=True)]
    bare = [typical(lambda: _bare(book, asked)) for asked in mix]  # noqa: B023  called at once
    figures = [
        Figure(
            name=f"list page, p95 of {len(mix)} searches, filters and sorts ({MIDDLE})",
            value=1000 * p95(took for _asked, took in typically),
            unit="ms",
            bare=1000 * p95(bare),
            at_most=60,
        ),
        Figure(
            name=f"  … of all {len(mix) * VISITS} visits",
            value=1000 * p95(chain.from_iterable(visits)),
            unit="ms",
        ),
        Figure(
            name=f"  … totals that follow a page ({MIDDLE})",
            value=1000 * p95(median(took) for took in totals),
            unit="ms",
        ),
    ]
    return figures + [
        Figure(
            name=f"  … {kind}",
            value=1000 * p95(took for asked, took in typically if asked.kind == kind),
            unit="ms",
        )
        for kind in dict.fromkeys(asked.kind for asked in mix)
    ]


def _mix(book: Book) -> Iterator[Asked]:
    """What people ask for, of each kind several."""
    rng = Random(1)
    with tenant(book.organization_id):
        rows = Customer.objects.of(book.organization_id).order_by("id")
        owned = rows.order_by().values_list("billing_owner").annotate(count=Count("*"))
        owners = sorted(owned, key=lambda counted: -counted[1])
        known = [rows[rng.randrange(rows.count())] for _ in range(12)]
        filters = list(_by_marks(book))
    yield from _looks([str(owner) for owner, _customers in owners[:3]])
    for asked in filters:
        yield Asked("filtered by marks", asked)
        yield Asked("filtered by marks", {**asked, "sort": "-balance"})
    yield from _searches(known[:8])
    for customer in known[8:]:
        yield Asked("typing error", {"q": _misspelt(customer.name, rng)})


def _looks(owners: list[str]) -> Iterator[Asked]:
    yield Asked("no search", {})
    for sort in SORTS:
        yield Asked("sorted", {"sort": sort})
    for category in ("settled", "archived"):
        yield Asked("category", {"category": category, "sort": "name"})
    for age in AGES:
        yield Asked("filtered", {"aging": age})
    for owner in owners:
        yield Asked("filtered", {"owner": owner, "sort": "-balance"})
        yield Asked("filtered", {"owner": owner, "aging": "over_90"})


def _by_marks(book: Book) -> Iterator[dict[str, str]]:
    """By each filter of what colleagues noted, what many customers have and what few have."""
    for grade in ("A", "E"):
        yield {"health": grade}
    for cadence in Cadence.objects.of(book.organization_id):
        yield {"cadence": str(cadence.id)}
    yield {"cadence": "none"}
    for status in collection_statuses():
        yield {"collection": str(status.id)}
    for entity in Entity.objects.of(book.organization_id):
        yield {"entity": str(entity.id)}
    for tag in tags()[:3]:
        yield {"tag": tag}
    fields = {field.label: f"{PREFIX}{field.id}" for field in fields_of(FieldSubject.CUSTOMER)}
    for sector in SECTORS:
        yield {fields["Sector"]: sector}
    yield {f"{fields['Seats']}_from": "500"}
    yield {f"{fields['Seats']}_from": "20", f"{fields['Seats']}_to": "21"}
    yield {f"{fields['Customer since']}_to": str(book.at.date() - timedelta(days=2000))}


def _searches(known: list[Customer]) -> Iterator[Asked]:
    for prefix in ("b", "br", "C-0", "uk", "UK-C-001", *(each.name[:5] for each in known[:4])):
        yield Asked("prefix", {"q": prefix})
    for word in WORDS:
        yield Asked("common word", {"q": word})
        yield Asked("common word", {"q": word, "sort": "-balance", "aging": "days_1_30"})
    for words in RARE:
        yield Asked("rare words", {"q": words})
    for customer in known[4:]:
        for wanted in (customer.name, customer.number, str(customer.phone)):
            yield Asked("one customer", {"q": wanted})


def _misspelt(name: str, rng: Random) -> str:
    """Two letters of its first word have changed places."""
    place = rng.randrange(1, max(2, len(name.split(maxsplit=1)[0]) - 2))
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def _bare(book: Book, asked: Asked) -> None:
    """The least that answers it: fifty rows and a count."""
    wanted = search.wanted(asked.query.get("q", ""))
    with tenant(book.organization_id), connection.cursor() as cursor:
        if wanted:
            cursor.execute(
                """
                SELECT c.* FROM search_customers(%s, 1001) s
                JOIN customers_customer c ON c.organization_id = %s AND c.id = s.customer_id
                WHERE c.category = 'active'
                ORDER BY s.likeness DESC LIMIT 50
                """,
                [wanted, book.organization_id],
            )
            return
        category = asked.query.get("category", "active")
        cursor.execute(
            """
            SELECT * FROM customers_customer WHERE organization_id = %s AND category = %s
            ORDER BY sort_name, id LIMIT 50
            """,
            [book.organization_id, category],
        )
        cursor.execute(
            "SELECT count(*) FROM customers_customer WHERE organization_id = %s AND category = %s",
            [book.organization_id, category],
        )
