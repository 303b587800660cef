"""What a customer is found by, folded so that case, accents and width don't matter."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from paidup.lib import tenancy
from paidup.lib.among import array

from .models import Contact, ContactLink, Customer, MergedCustomer, SearchRow

# More than these are not fetched: then the list is walked in its order and each customer looked at.
MOST_FETCHED = 5000
# From here on a search says "1,000+".
MOST_COUNTED = 1000

# Letters that are not a plain one with a mark.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_PHONE = re.compile(r"[+0-9 ()./-]{7,}")


@dataclass(frozen=True)
class Hits:
    """What a search found, the best first, very many by name. The ids stay as PostgreSQL writes an
    array of them: most only go back there."""

    wanted: str
    count: int
    ids: str
    # Of a search by first letters that finds very many: whether account numbers begin so too.
    numbers: bool = False

    @property
    def complete(self) -> bool:
        """Whether all are here; a search that finds more is narrowed by its words instead."""
        return self.count <= MOST_FETCHED

    @property
    def best_first(self) -> bool:
        """Whether the ids are in the order of their likeness, and few enough to be counted."""
        return self.count <= MOST_COUNTED

    @property
    def all_ids(self) -> list[str]:
        """The ids apart."""
        return self.ids.strip("{}").split(",") if self.ids != "{}" else []

    def some(self, most: int) -> "Hits":
        """At most so many of those that are here."""
        return replace(self, count=min(self.count, most), ids=array(self.all_ids[:most]))

    @property
    def by_first_letters(self) -> bool:
        return len(self.wanted) < 3

    @property
    def patterns(self) -> list[str]:
        """What the words of each customer are compared with."""
        literal = re.sub(r"([\\%_])", r"\\\1", self.wanted)
        return [f"%{word}%" for word in literal.split()]

    @property
    def beyond(self) -> str:
        """The first text after all that begin with what is wanted."""
        return self.wanted[:-1] + chr(ord(self.wanted[-1]) + 1)


class Words(NamedTuple):
    """A search row's columns."""

    customer_id: UUID
    name: str
    number: str
    names: str
    words: str


def fold(text: str) -> str:
    """Lower-case, without accents, single spaces: `Müller  GmbH` becomes `muller gmbh`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(bare.translate(_PLAIN).split())


def wanted(text: str) -> str:
    """What someone typed, as it stands in search rows: folded, a phone number by its digits."""
    folded = fold(text.replace("\0", ""))[:100].rstrip()
    if _PHONE.fullmatch(folded):
        return _digits(folded.replace("(0)", "")).lstrip("0") or folded
    return folded


def find(text: str) -> Hits | None:
    """The customers that match and are seen, of any category; None when nothing was asked for."""
    words = wanted(text)
    if not words:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH hit AS MATERIALIZED (SELECT * FROM search_customers(%s, %s, %s)),
                total AS (SELECT count(*) AS hits FROM hit)
            SELECT hits, CASE WHEN hits > %s
                THEN (SELECT array_agg(customer_id ORDER BY name, customer_id) FROM hit)
                ELSE (SELECT array_agg(customer_id ORDER BY likeness DESC, name, customer_id)
                    FROM hit)
                END::text
            FROM total
            """,
            [words, MOST_FETCHED + 1, tenancy.limited_to(), MOST_COUNTED],
        )
        count, ids = cursor.fetchone() or (0, None)
    hits = Hits(words, count, ids or "{}")
    if hits.complete or not hits.by_first_letters:
        return hits
    numbers = SearchRow.objects.filter(
        organization_id=tenancy.current(), number__gte=words, number__lt=hits.beyond
    )
    return replace(hits, numbers=numbers.exists())


def find_contacts(text: str) -> Hits | None:
    """The people that match and are seen; None when nothing was asked for."""
    words = wanted(text)
    if not words:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), array_agg(contact_id ORDER BY likeness DESC, contact_id)::text
            FROM search_contacts(%s, %s, %s)
            """,
            [words, MOST_COUNTED + 1, tenancy.limited_to()],
        )
        count, ids = cursor.fetchone() or (0, None)
    return Hits(words, count, ids or "{}")


def alike(text: str, *, most: int, but: UUID | None = None) -> list[Customer]:
    """Customers of any category that a search finds, the best first; without that one."""
    hits = find(text)
    ids = hits.ids.strip("{}").split(",") if hits and hits.count else []
    wanted = [UUID(found) for found in ids[: most + 1]]
    rows = Customer.objects.visible(tenancy.current()).select_related("entity").in_bulk(wanted)
    return [rows[found] for found in wanted if found in rows and found != but][:most]


def contact_words(*, name: str, email: str, phone: str) -> str:
    """What a person is found by."""
    return fold(f"{name} {email} {phone}")


def words_of(contact: Contact) -> str:
    """What a person is found by that stands already: also the addresses of those merged into it."""
    merged = Contact.objects.of(contact.organization_id).filter(merged_into=contact)
    emails = dict.fromkeys([contact.email, *merged.order_by("id").values_list("email", flat=True)])
    return contact_words(name=contact.name, email=" ".join(emails), phone=str(contact.phone))


def search_row(
    customer_id: UUID,
    *,
    name: str,
    number: str,
    phone: str,
    people: Sequence[tuple[str, ...]],
    merged: Sequence[tuple[str, str]] = (),
) -> Words:
    """What a customer is found by; its people have name, e-mail and phone, and the customers that
    were merged into it name and number."""
    former = [name for name, _number in merged]
    words = [name, number, _digits(number), phone, *(" ".join(one) for one in (*people, *merged))]
    return Words(
        customer_id=customer_id,
        name=fold(name),
        number=fold(number),
        names=fold(" ".join([name, *former, *(person[0] for person in people)])),
        words=fold(" ".join(words)),
    )


def refresh(customer_ids: Iterable[UUID]) -> None:
    """Writes the search rows of these customers anew, after a name, number or contact changed."""
    organization_id, ids = tenancy.current(), list(customer_ids)
    people = defaultdict(list)
    links = ContactLink.objects.of(organization_id).filter(customer_id__in=ids)
    for customer_id, *person in links.values_list(
        "customer_id", "contact__name", "contact__email", _as_stored("contact__phone")
    ):
        people[customer_id].append(tuple(person))
    merged = defaultdict(list)
    for into_id, name, number in (
        MergedCustomer.objects.of(organization_id)
        .filter(into_id__in=ids)
        .values_list("into_id", "name", "number")
    ):
        merged[into_id].append((name, number))
    customers = Customer.objects.of(organization_id).filter(id__in=ids)
    SearchRow.objects.bulk_create(
        (
            SearchRow(
                organization_id=organization_id,
                **search_row(
                    customer_id,
                    name=name,
                    number=number,
                    phone=phone,
                    people=people[customer_id],
                    merged=merged[customer_id],
                )._asdict(),
            )
            for customer_id, name, number, phone in customers.values_list(
                "id", "name", "number", _as_stored("phone")
            )
        ),
        update_conflicts=True,
        unique_fields=["customer_id"],
        update_fields=["name", "number", "names", "words"],
    )


def _as_stored(column: str) -> Cast:
    """A phone number as text: making a number of it and a text of that takes a millisecond."""
    return Cast(column, TextField())


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
