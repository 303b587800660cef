"""Large books to measure with: as many customers and invoices as wanted, loaded set by set."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from uuid import UUID

from paidup.customers.models import Customer
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Entity, Member
from paidup.organizations.operations import add_organization, take_numbers
from paidup.payments.operations import bulk as payments

from . import past, people
from .books import Books, found
from .cast import Company, companies
from .volume import OPEN, SPAN, Volume

SEED = 20
AT_ONCE = 100_000  # invoices that are held in memory
LARGEST = 200  # one customer has one in so many of all invoices
SMALL_CUSTOMERS, SMALL_INVOICES = 20, 200

Say = Callable[[str], None]


def build(
    *,
    slug: str,
    customers: int,
    invoices: int,
    organizations: int,
    password: str,
    at: datetime,
    say: Say,
) -> None:
    """Builds an organization of this size, and small ones up to so many organizations in all.

    Raises OrganizationRefused when a slug is taken.
    """
    rng = Random(SEED)
    since = at - timedelta(days=SPAN)
    books = found(slug=slug, password=password, at=at, since=since, rng=rng)
    fill(books, customers=customers, invoices=invoices, say=say)
    for number in range(1, organizations):
        small = _found_small(f"{slug}-{number}", at=at, since=since, rng=rng)
        fill(small, customers=SMALL_CUSTOMERS, invoices=SMALL_INVOICES, say=lambda _: None)
    if organizations > 1:
        say(f"{organizations - 1} small organizations beside it.")


def fill(books: Books, *, customers: int, invoices: int, say: Say) -> None:
    """Adds customers with their invoices, each portion of them in a transaction of its own."""
    businesses = companies(books.rng, families=False)
    done = 0
    for counts in _portions(_counts(books.rng, customers, invoices)):
        with tenant(books.organization.id):
            _load(books, list(islice(businesses, len(counts))), counts, before=done)
        done += sum(counts)
        say(f"{done} of {invoices} invoices …")


def _found_small(slug: str, *, at: datetime, since: datetime, rng: Random) -> Books:
    """An organization of one person and one entity, which bills everyone."""
    organization = add_organization(
        slug=slug, name=slug.title(), owner_email=f"owner@{slug}.example", at=since
    )
    with tenant(organization.id):
        entity = Entity.objects.of(organization).get()
        owner = Member.objects.of(organization).get()
    return Books(
        organization=organization,
        entities=dict.fromkeys(("us", "uk", "eu"), entity),
        members={people.OWNER: owner},
        at=at,
        rng=rng,
    )


def _load(books: Books, businesses: Sequence[Company], counts: Sequence[int], before: int) -> None:
    """Bills each business so many times; `before` were billed to others."""
    past.add_customers(books, businesses, since=books.today - timedelta(days=SPAN))
    ids = [company.id for company in businesses]
    list(Customer.objects.of(books.organization).filter(id__in=ids).locked().values_list("id"))
    open_counts: dict[UUID, int] = {}
    for company, count in zip(businesses, counts, strict=True):
        open_counts[company.id] = (before + count) * OPEN // 100 - before * OPEN // 100
        before += count
    for entity in dict.fromkeys(books.entities.values()):
        mine = [
            (company, count)
            for company, count in zip(businesses, counts, strict=True)
            if books.entity_of(company) == entity
        ]
        numbers = take_numbers(
            organization_id=books.organization.id,
            entity_id=entity.id,
            kind="invoice",
            count=sum(count for _, count in mine),
        )
        volume, series = Volume(books), iter(numbers)
        for company, count in mine:
            volume.bill(company, series, count, open_counts[company.id])
        payments.load(
            invoices=volume.invoices,
            payments=volume.payments,
            allocations=volume.allocations,
            entity_id=entity.id,
            by=past.IMPORT,
            at=books.at,
        )


def _counts(rng: Random, customers: int, invoices: int) -> list[int]:
    """How many invoices each customer has: one very many, the others more or less alike."""
    largest = invoices // LARGEST
    rest = invoices - largest
    usual = rest // (customers - 1)
    spread = [rng.randrange(usual + 1) for _ in range((customers - 1) // 2)]
    counts = [largest, *(usual - less for less in spread), *(usual + more for more in spread)]
    counts += [usual] * (customers - len(counts))
    counts[-1] += invoices - sum(counts)
    first, *others = counts
    rng.shuffle(others)
    return [first, *others]


def _portions(counts: Sequence[int]) -> Iterator[list[int]]:
    portion: list[int] = []
    for count in counts:
        portion.append(count)
        if sum(portion) >= AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion
