"""The businesses the demo sells to, and the people there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from random import Random
from uuid import UUID

from paidup.customers.search import fold
from paidup.customers.states import ContactRole
from paidup.lib.ids import new_id

from .words import SHARES, City, Region, regions

FAMILY_SHARE = 0.04  # of businesses that head a group with branches
TERMS = (15, 30, 30, 30, 30, 45, 60)  # days
TAGS = ("key account", "contract", "seasonal", "municipal", "franchise", "new in region")


class Habit(Enum):
    """How a business pays."""

    EARLY = "early"
    PUNCTUAL = "punctual"
    LATE = "late"
    ERRATIC = "erratic"
    STUCK = "stuck"
    AUTOPAY = "autopay"  # charged when it is due


HABITS = {
    Habit.EARLY: 14,
    Habit.PUNCTUAL: 36,
    Habit.LATE: 23,
    Habit.ERRATIC: 12,
    Habit.STUCK: 6,
    Habit.AUTOPAY: 9,
}
CHARGED = ("4242", "4242", "4444", "6789")  # the sandbox's methods that work


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who gets the mail."""

    id: UUID
    name: str
    email: str
    phone: str
    role: ContactRole


@dataclass(frozen=True, kw_only=True)
class Company:
    """A customer to be.

    `joined_after` is in days from the books' beginning; `size` scales what it buys; `every` is the
    days between its invoices; `charged` the last digits of what a habit of AUTOPAY is charged to.
    """

    id: UUID
    name: str
    region: Region
    city: City
    address: str
    phone: str
    domain: str
    terms_days: int
    joined_after: int
    habit: Habit
    charged: str
    size: float
    every: int
    tags: tuple[str, ...]
    people: tuple[Person, ...]
    parent_id: UUID | None = None


def companies(rng: Random, *, families: bool = True) -> Iterator[Company]:
    """Ever more of them; the branches of a group follow it."""
    taken: set[str] = set()
    while True:
        region = regions()[rng.choices(list(SHARES), list(SHARES.values()))[0]]
        head = _company(rng, region, taken)
        if not (families and rng.random() < FAMILY_SHARE):
            yield head
            continue
        yield replace(head, tags=("group", *head.tags[:1]), size=head.size / 2)
        cities = rng.sample(region.cities, k=min(len(region.cities), rng.randrange(2, 5)))
        for city in cities:
            yield _branch(rng, head, city)


def _company(rng: Random, region: Region, taken: set[str]) -> Company:
    city = rng.choice(region.cities)
    habit = rng.choices(list(HABITS), list(HABITS.values()))[0]
    bare = _bare_name(rng, region, city, taken)
    domain = f"{_ascii(bare, '-')}.example"
    return Company(
        id=new_id(),
        name=" ".join(filter(None, [bare, rng.choice(region.suffixes)])),
        region=region,
        city=city,
        address=region.street_address(rng, city),
        phone=region.phone(rng, city),
        domain=domain,
        terms_days=rng.choice(TERMS),
        joined_after=rng.choice((0, 0, 0, 0, 0, 0, 45, 110, 190, 290)),
        charged=rng.choice(CHARGED),
        habit=habit,
        size=rng.lognormvariate(0, 0.7),
        every=15 if habit is Habit.AUTOPAY else rng.choice((21, 30, 30, 30, 30, 45, 60, 60, 91)),
        tags=tuple(rng.sample(TAGS, k=rng.choice((0, 0, 0, 1, 1, 2)))),
        people=tuple(_people(rng, region, city, domain)),
    )


def _branch(rng: Random, head: Company, city: City) -> Company:
    """It shares the group's terms and the person who sees to its payments."""
    region = head.region
    return replace(
        head,
        id=new_id(),
        name=f"{head.name} {city.name}",
        city=city,
        address=region.street_address(rng, city),
        phone=region.phone(rng, city),
        size=rng.lognormvariate(-0.3, 0.4),
        every=30,
        tags=("branch",),
        people=(head.people[0],),
        parent_id=head.id,
    )


def _bare_name(rng: Random, region: Region, city: City, taken: set[str]) -> str:
    """Root and trade; where that is taken, told apart by the city, as branches are."""
    name = f"{rng.choice(region.roots)} {rng.choice(region.trades)}"
    for _ in range(8):
        if name not in taken:
            break
        name = f"{rng.choice(region.roots)} {rng.choice(region.trades)}"
    else:
        name = f"{name} of {city.name}"
    taken.add(name)
    return name


def _people(rng: Random, region: Region, city: City, domain: str) -> Iterator[Person]:
    for role in (ContactRole.BILLING, rng.choice(list(ContactRole)))[: rng.choice((1, 2))]:
        first, last = rng.choice(region.first_names), rng.choice(region.last_names)
        name = f"{first} {last}"
        yield Person(
            id=new_id(),
            name=name,
            email=f"{_ascii(name, '.')}@{domain}",
            phone=region.phone(rng, city),
            role=role,
        )


def _ascii(name: str, joint: str) -> str:
    """A name as addresses write it."""
    folded = fold(name).replace("ı", "i")  # which has no accent that folding could take off
    return joint.join(re.findall("[a-z0-9]+", folded.replace("'", "")))
