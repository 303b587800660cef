"""The words of the demo, read from words.toml."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

_FILE = Path(__file__).with_name("words.toml")
# Of a hundred businesses, so many are of each region.
SHARES = {"US": 62, "CA": 8, "GB": 14, "DE": 8, "FR": 4, "IE": 4}


class City(NamedTuple):
    """A city with a postal code, and a telephone number whose # are digits."""

    name: str
    code: str
    phone: str


class Good(NamedTuple):
    """Something sold, and the most that is bought of it at once."""

    description: str
    price: Decimal
    most: int


@dataclass(frozen=True, kw_only=True)
class Region:
    """A country's names. `entity` is the key of the entity that bills there."""

    country: str
    entity: str
    currency: str
    suffixes: Sequence[str]
    trades: Sequence[str]
    roots: Sequence[str]
    first_names: Sequence[str]
    last_names: Sequence[str]
    streets: Sequence[str]
    address: str
    cities: Sequence[City]

    def phone(self, rng: Random, city: City) -> str:
        """A number that leads nowhere."""
        return "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in city.phone)

    def street_address(self, rng: Random, city: City) -> str:
        """Street and city, line by line, in the country's order."""
        return self.address.format(
            house=rng.randrange(2, 190),
            street=rng.choice(self.streets),
            city=city.name,
            code=city.code,
        )


@cache
def regions() -> dict[str, Region]:
    """By country."""
    return {
        country: Region(
            country=country,
            **{**words, "cities": tuple(City(*city) for city in words["cities"])},
        )
        for country, words in _words()["regions"].items()
    }


@cache
def goods(kind: str) -> tuple[Good, ...]:
    """The `supplies` or the `services`."""
    return tuple(
        Good(description, Decimal(price), most)
        for description, price, most in _words()["goods"][kind]
    )


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
