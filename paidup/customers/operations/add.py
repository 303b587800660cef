"""Adding customers and the people there."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paidup.customers import search
from paidup.customers.models import (
    Contact,
    ContactLink,
    Customer,
    CustomerValue,
    MergedCustomer,
)
from paidup.customers.states import ContactRole
from paidup.customers.visibility import sees_all_places
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import money, tenancy
from paidup.organizations import queries as organizations
from paidup.organizations.field_values import Given, ValueChange, change_values
from paidup.organizations.fields import FieldRefused
from paidup.organizations.models import Entity, Member
from paidup.organizations.operations import take_number


class CustomerRefused(Exception):
    """The customer can't be stored so; the message says what to change."""


@transaction.atomic
def add_customer(
    *,
    entity: Entity,
    name: str,
    by: Actor,
    at: datetime,
    number: str = "",
    currency: str = "",
    billing_owner: Member | None = None,
    parent: Customer | None = None,
    terms_days: int = 30,
    language: str = "",
    phone: str = "",
    billing_address: str = "",
    billing_country: str = "",
    contact_name: str = "",
    contact_email: str = "",
    fields: Given | None = None,
) -> Customer:
    """Adds a customer; without a number the next of the series, without an owner the default one,
    without a language the organization's.

    With a contact's name or address also that person; with what custom `fields` hold.
    Raises CustomerRefused for an empty name, a number that is taken, or a field removed meanwhile.
    """
    if not name.strip():
        raise CustomerRefused(_("Give the customer a name."))
    organization_id = tenancy.current()
    number = number.strip() or take_number(
        organization_id=organization_id, entity_id=entity.id, kind="customer"
    )
    refuse_number_of_merged(entity.id, number)
    currency = currency or entity.currency
    money.exponent(currency)
    customer = Customer(
        organization_id=organization_id,
        entity=entity,
        number=number,
        name=name.strip(),
        sort_name=search.fold(name),
        parent=parent,
        currency=currency,
        language=language or entity.organization.language,
        phone=phone,
        billing_address=billing_address,
        billing_country=billing_country,
        terms_days=terms_days,
        billing_owner=billing_owner or organizations.default_owner(organization_id),
        created_at=at,
    )
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError:
        raise CustomerRefused(taken(number)) from None
    search.refresh([customer.id])
    filled = fill_in(customer, fields or {})
    history.record(
        "customer.added",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=customer.id,
        personal={"fields": [change.told() for change in filled]} if filled else None,
    )
    if contact_name.strip() or contact_email.strip():
        add_contact(customer=customer, name=contact_name, email=contact_email, by=by, at=at)
    return customer


def fill_in(customer: Customer, fields: Given) -> list[ValueChange]:
    """Sets what custom fields hold of a locked customer. Raises CustomerRefused where one, or a
    choice, was removed meanwhile."""
    try:
        return change_values(CustomerValue, customer.id, fields)
    except FieldRefused as refused:
        raise CustomerRefused(str(refused)) from None


@transaction.atomic
def add_contact(
    *,
    customer: Customer,
    name: str,
    email: str,
    by: Actor,
    at: datetime,
    phone: str = "",
    language: str = "",
    role: str = ContactRole.BILLING,
    gets_invoices: bool = True,
    gets_reminders: bool = True,
    gets_statements: bool = True,
    gets_receipts: bool = True,
) -> Contact:
    """Adds a person and links it to the customer, to receive all messages but those declined.

    Raises CustomerRefused without a name or an address.
    """
    if not name.strip() and not email.strip():
        raise CustomerRefused(_("Give the contact a name or an e-mail address."))
    email = email.strip()
    name = name.strip() or email.split("@", maxsplit=1)[0]
    contact = Contact.objects.create(
        organization_id=customer.organization_id,
        name=name,
        sort_name=search.fold(name),
        words=search.contact_words(name=name, email=email, phone=phone),
        email=email,
        phone=phone,
        language=language or customer.language,
        created_at=at,
    )
    link_contact(
        customer=customer,
        contact=contact,
        role=role,
        gets_invoices=gets_invoices,
        gets_reminders=gets_reminders,
        gets_statements=gets_statements,
        gets_receipts=gets_receipts,
        by=by,
        at=at,
    )
    return contact


@transaction.atomic
def link_contact(
    *,
    customer: Customer,
    contact: Contact,
    by: Actor,
    at: datetime,
    role: str = ContactRole.BILLING,
    gets_invoices: bool = True,
    gets_reminders: bool = True,
    gets_statements: bool = True,
    gets_receipts: bool = True,
) -> ContactLink:
    """Makes a known person a contact of this customer too.

    Raises CustomerRefused for one who is that already, or was merged into another.
    """
    [contact] = standing([contact.id])
    links = ContactLink.objects.of(customer.organization_id)
    if links.filter(customer=customer, contact=contact).exists():
        raise CustomerRefused(
            _("%(contact)s is a contact of %(customer)s already.")
            % {"contact": contact.name, "customer": customer.name}
        )
    link = links.create(
        organization_id=customer.organization_id,
        customer=customer,
        contact=contact,
        role=role,
        gets_invoices=gets_invoices,
        gets_reminders=gets_reminders,
        gets_statements=gets_statements,
        gets_receipts=gets_receipts,
    )
    search.refresh([customer.id])
    history.record(
        "contact.linked",
        by=by,
        at=at,
        customer_id=customer.id,
        subject_id=contact.id,
        data={"role": role},
    )
    return link


def standing(contact_ids: Collection[UUID]) -> list[Contact]:
    """These people, locked in id order.

    Raises CustomerRefused when one of them was merged into another, also only just now.
    """
    people = Contact.objects.of(tenancy.current()).filter(id__in=contact_ids)
    locked = list(people.locked())
    if len(locked) < len(contact_ids) or any(one.merged_into_id for one in locked):
        raise CustomerRefused(
            _("A contact you chose was merged meanwhile; look at the list again.")
        )
    return locked


def refuse_partly_seen(contact_ids: Collection[UUID]) -> None:
    """Raises CustomerRefused where one of these people is a contact of customers that whoever acts
    doesn't see: what is changed of a person is changed there too."""
    if not sees_all_places(contact_ids):
        raise CustomerRefused(
            _("Only a colleague who sees all customers can change this. Ask one of them.")
        )


def note_contacted(*, customer_ids: Iterable[UUID], at: datetime) -> None:
    """Remembers when these customers were last sent an e-mail."""
    Customer.objects.of(tenancy.current()).filter(id__in=list(customer_ids)).update(
        last_contacted_at=at
    )


def refuse_number_of_merged(entity_id: UUID, number: str) -> None:
    """Raises CustomerRefused for the number of a merged customer: it leads to the other one."""
    merged = MergedCustomer.objects.of(tenancy.current()).filter(entity_id=entity_id, number=number)
    if found := merged.select_related("into").first():
        raise CustomerRefused(
            _("Account number %(number)s leads to %(name)s since a merge; choose another one.")
            % {"number": number, "name": found.into.name}
        )


def taken(number: str) -> str:
    """What to say of an account number that is in use."""
    return _("Account number %s belongs to another customer; choose another one.") % number
