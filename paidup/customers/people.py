"""Reads of the people at customers: their list, and who became part of whom."""

from django.db.models import F

from paidup.lib import keyset, tenancy
from paidup.lib.keyset import Order, Page

from .among import among
from .models import Contact
from .search import Hits


def contacts_page(
    hits: Hits | None, *, after: str = "", before: str = "", size: int = 50
) -> Page[Contact]:
    """A page of the people, by name; of a search those it found."""
    rows = Contact.objects.visible(tenancy.current()).standing()
    if hits:
        rows = rows.filter(among(hits))
    order = Order(F("sort_name"), str)
    return keyset.page(rows, order, after=after, before=before, size=size)


def count_contacts() -> int:
    """How many people there are at all customers."""
    return Contact.objects.visible(tenancy.current()).standing().count()


def contacts_merged_into(contact: Contact) -> list[Contact]:
    """Those that were merged into this contact, the first one first."""
    return list(Contact.objects.of(tenancy.current()).filter(merged_into=contact).order_by("id"))
