"""Customers and people that are likely the one somebody is about to add."""

import re
from difflib import SequenceMatcher
from uuid import UUID

from paidup.lib import tenancy

from . import search
from .models import Contact, ContactLink, Customer
from .states import Category

MOST = 5
# Of what a search finds, the best so many are compared.
_COMPARED = 50
# How much of two names is the same, so that one of them may be the other misspelt.
_SAME = 0.85
# What stands before or behind a firm's name by law, and is left away as often as not.
_LEGAL_FORMS = frozenset(
    {"ab", "ag", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated"}
    | {"kg", "limited", "llc", "llp", "ltd", "nv", "oy", "plc", "pty", "sa", "sarl", "sas", "srl"}
    | {"the", "and", "und", "et"}
)


def likely_duplicates(
    *, entity_id: UUID, name: str, email: str = "", phone: str = ""
) -> list[Customer]:
    """The entity's customers that have this name but for its spelling and legal form, or which one
    reaches, or a contact of which, by this e-mail address or phone number; those only that are
    seen."""
    found = _of_that_name(name) | _of_a_name_like(name)
    if email:
        found |= _reached_by(email, contact__email__iexact=email)
    if phone:
        found |= _reached_by(phone, contact__phone=phone)
    return [row for row in found.values() if row.entity_id == entity_id][:MOST]


def contacts_reached_by(email: str) -> list[Contact]:
    """The people with this e-mail address that are seen."""
    hits = search.find_contacts(email)
    rows = Contact.objects.visible(tenancy.current()).standing()
    alike = rows.filter(id__in=hits.all_ids if hits else [])
    return list(alike.filter(email__iexact=email).order_by("id")[:MOST])


def _of_that_name(name: str) -> dict[UUID, Customer]:
    """Those of the very name, which a search for common words may leave among very many."""
    rows = Customer.objects.visible(tenancy.current()).filter(
        category__in=list(Category), sort_name=search.fold(name)
    )
    return {customer.id: customer for customer in rows.order_by("id")[:_COMPARED]}


def _of_a_name_like(name: str) -> dict[UUID, Customer]:
    core = _core(name)
    # Also as it is written: a search for `att` doesn't find `AT&T`.
    texts = dict.fromkeys([core, " ".join(_own_words(name))])
    return {
        customer.id: customer
        for text in texts
        for customer in search.alike(text, most=_COMPARED)
        if SequenceMatcher(None, core, _core(customer.name)).ratio() >= _SAME
    }


def _reached_by(text: str, **same: str) -> dict[UUID, Customer]:
    candidates = {customer.id: customer for customer in search.alike(text, most=_COMPARED)}
    links = ContactLink.objects.visible(tenancy.current()).filter(
        customer_id__in=candidates, **same
    )
    linked = set(links.values_list("customer_id", flat=True))
    return {
        customer_id: customer
        for customer_id, customer in candidates.items()
        if customer_id in linked or str(customer.phone) == text
    }


def _core(name: str) -> str:
    """The name without legal form and signs: `The Müller-Werke GmbH & Co. KG` is `muller werke`."""
    return " ".join(filter(None, map(_bare, _own_words(name.replace("-", " ")))))


def _own_words(name: str) -> list[str]:
    """What is left of a name without its legal form; all, where nothing would be."""
    words = search.fold(name).split()
    return [word for word in words if _bare(word) not in {"", *_LEGAL_FORMS}] or words


def _bare(word: str) -> str:
    return re.sub(r"\W", "", word)
