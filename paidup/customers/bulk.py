"""Adding the many customers of a load, with the people there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError

from paidup.history import bulk as history
from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.lib.bulk import analyze, execute, row_id, staged

from .models import Contact, ContactLink, Customer
from .search import Words, contact_words, fold, search_row
from .states import ContactRole


class NewCustomer(NamedTuple):
    """A customer to be loaded. Its event is dated `added_at`, which may lie in the past."""

    id: UUID
    number: str
    name: str
    currency: str
    added_at: datetime
    billing_owner_id: UUID
    parent_id: UUID | None = None
    language: str = "en"
    timezone: str = ""
    phone: str = ""
    billing_address: str = ""
    billing_country: str = ""
    terms_days: int = 30
    tags: Sequence[str] = ()
    shipping_address: str = ""
    account_manager_id: UUID | None = None
    sales_rep_id: UUID | None = None
    manager_id: UUID | None = None


class NewContact(NamedTuple):
    """A person to be loaded, linked to one customer to receive all messages but those declined."""

    id: UUID
    customer_id: UUID
    name: str
    email: str
    added_at: datetime
    phone: str = ""
    language: str = "en"
    timezone: str = ""
    role: str = ContactRole.BILLING
    gets_invoices: bool = True
    gets_reminders: bool = True
    gets_statements: bool = True
    gets_receipts: bool = True


def add_customers(
    *,
    customers: Sequence[NewCustomer],
    contacts: Sequence[NewContact],
    entity_id: UUID,
    by: Actor,
) -> None:
    """Adds customers of one entity with their contacts, search rows and one event each.

    A parent comes with the same load or an earlier one. IntegrityError when a number is taken.
    """
    organization_id = tenancy.current()
    rows = ((*row, fold(row.name), row_id()) for row in customers)
    with staged("new_customer", _CUSTOMER, rows):
        execute(_CUSTOMERS, organization=organization_id, entity=entity_id)
        if execute(_LEAD_ELSEWHERE, organization=organization_id, entity=entity_id):
            raise IntegrityError("The number of a merged customer can't be another one's.")
        history.record_selected(_ADDED, by=by)
    analyze(Customer, loaded=len(customers))
    _store(contacts)
    with staged("new_search_row", _SEARCH_ROW, _search_rows(customers, contacts)):
        execute(_SEARCH_ROWS, organization=organization_id)


def add_contacts(*, contacts: Sequence[NewContact], by: Actor) -> None:
    """Adds people at customers that stand already, with one event each.

    The search rows of those customers are the caller's to refresh.
    """
    _store(contacts, by=by)


def _store(contacts: Sequence[NewContact], *, by: Actor | None = None) -> None:
    """The people and their places; events only of an actor, for people who join a customer."""
    organization_id = tenancy.current()
    people = ((*row, fold(row.name), _words(row), row_id(), row_id()) for row in contacts)
    with staged("new_contact", _CONTACT, people):
        execute(_CONTACTS, organization=organization_id)
        execute(_LINKS, organization=organization_id)
        if by:
            history.record_selected(_LINKED, by=by)
    analyze(Contact, ContactLink, loaded=len(contacts))


def _search_rows(
    customers: Iterable[NewCustomer], contacts: Iterable[NewContact]
) -> Iterable[Words]:
    people = defaultdict(list)
    for contact in contacts:
        people[contact.customer_id].append((contact.name, contact.email, contact.phone))
    for customer in customers:
        yield search_row(
            customer.id,
            name=customer.name,
            number=customer.number,
            phone=customer.phone,
            people=people[customer.id],
        )


def _words(contact: NewContact) -> str:
    return contact_words(name=contact.name, email=contact.email, phone=contact.phone)


_CUSTOMER = {
    "id": "uuid",
    "number": "text",
    "name": "text",
    "currency": "text",
    "added_at": "timestamptz",
    "billing_owner_id": "uuid",
    "parent_id": "uuid",
    "language": "text",
    "timezone": "text",
    "phone": "text",
    "billing_address": "text",
    "billing_country": "text",
    "terms_days": "int2",
    "tags": "text[]",
    "shipping_address": "text",
    "account_manager_id": "uuid",
    "sales_rep_id": "uuid",
    "manager_id": "uuid",
    "sort_name": "text",
    "event_id": "uuid",
}

_CUSTOMERS = """
    INSERT INTO customers_customer
        (id, organization_id, entity_id, number, name, sort_name, currency, created_at,
        billing_owner_id, parent_id, language, timezone, phone, billing_address,
        billing_country, shipping_address, terms_days, tags, account_manager_id, sales_rep_id,
        manager_id, state, auto_payments, open_amount, unapplied_amount, open_invoices,
        payment_kinds)
    SELECT id, %(organization)s, %(entity)s, number, name, sort_name, currency, added_at,
        billing_owner_id, parent_id, language, timezone, phone, billing_address,
        billing_country, shipping_address, terms_days, tags, account_manager_id, sales_rep_id,
        manager_id, 'active', true, 0, 0, 0, '{}'
    FROM new_customer
"""

_LEAD_ELSEWHERE = """
    SELECT m.number FROM customers_mergedcustomer m JOIN new_customer n ON n.number = m.number
    WHERE m.organization_id = %(organization)s AND m.entity_id = %(entity)s
"""

_ADDED = """
    SELECT event_id, 'customer.added', id, id, added_at, '{}'::jsonb
    FROM new_customer
"""

_CONTACT = {
    "id": "uuid",
    "customer_id": "uuid",
    "name": "text",
    "email": "text",
    "added_at": "timestamptz",
    "phone": "text",
    "language": "text",
    "timezone": "text",
    "role": "text",
    "gets_invoices": "bool",
    "gets_reminders": "bool",
    "gets_statements": "bool",
    "gets_receipts": "bool",
    "sort_name": "text",
    "words": "text",
    "link_id": "uuid",
    "event_id": "uuid",
}

_CONTACTS = """
    INSERT INTO customers_contact
        (id, organization_id, name, sort_name, words, email, phone, language, timezone, created_at)
    SELECT id, %(organization)s, name, sort_name, words, email, phone, language, timezone, added_at
    FROM new_contact
"""

_LINKS = """
    INSERT INTO customers_contactlink
        (id, organization_id, customer_id, contact_id, role,
        gets_invoices, gets_reminders, gets_statements, gets_receipts)
    SELECT link_id, %(organization)s, customer_id, id, role,
        gets_invoices, gets_reminders, gets_statements, gets_receipts
    FROM new_contact
"""

_LINKED = """
    SELECT event_id, 'contact.linked', customer_id, id, added_at, jsonb_build_object('role', role)
    FROM new_contact
"""

_SEARCH_ROW = {
    "customer_id": "uuid",
    "name": "text",
    "number": "text",
    "names": "text",
    "words": "text",
}

_SEARCH_ROWS = """
    INSERT INTO customers_searchrow (customer_id, organization_id, name, number, names, words)
    SELECT customer_id, %(organization)s, name, number, names, words FROM new_search_row
"""
