"""Links that open without signing in: unguessable, revocable, and never written down whole."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from paidup.customers.models import Customer
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.invoicing.models import Invoice
from paidup.lib import tenancy
from paidup.lib.ids import new_id
from paidup.organizations.models import DirectoryKind
from paidup.organizations.operations import register
from paidup.payments.models import MethodLink, PayLink


def invoice_link(*, invoice: Invoice, at: datetime) -> PayLink:
    """The link with which this invoice can be paid; the one that stands, else a new one."""
    assert invoice.customer_id  # noqa: S101  a deleted customer's invoices can't be reached
    return _link(invoice.customer_id, invoice.id, at=at)


def balance_link(*, customer: Customer, at: datetime) -> PayLink:
    """The link with which all that the customer has open can be paid, or a part of it."""
    return _link(customer.id, None, at=at)


@transaction.atomic
def method_link(*, customer: Customer, at: datetime) -> MethodLink:
    """The link with which a card or bank account can be entered for the customer; the one that
    stands, else a new one."""
    standing = MethodLink.objects.of(customer.organization_id).filter(
        customer=customer, merged_from=None, revoked_at=None
    )
    if link := standing.first():
        return link
    # Two who ask at once get the same link: the second finds the first's row.
    made = MethodLink(
        id=new_id(), organization_id=customer.organization_id, customer=customer, created_at=at
    )
    MethodLink.objects.bulk_create([made], ignore_conflicts=True)
    link = standing.get()
    if link.id == made.id:
        register(DirectoryKind.METHOD_LINK, link.id.hex, link.organization_id)
    return link


@transaction.atomic
def revoke_method_link(*, link: MethodLink, by: Actor, at: datetime) -> None:
    """Makes the link lead nowhere; the next one asked for is another."""
    standing = MethodLink.objects.of(link.organization_id).filter(id=link.id, revoked_at=None)
    if standing.update(revoked_at=at):
        history.record(
            "method_link.revoked", by=by, at=at, customer_id=link.customer_id, subject_id=link.id
        )


@transaction.atomic
def revoke_link(*, link: PayLink, by: Actor, at: datetime) -> None:
    """Makes the link lead nowhere; the next one asked for is another."""
    standing = PayLink.objects.of(link.organization_id).filter(id=link.id, revoked_at=None)
    if standing.update(revoked_at=at):
        history.record(
            "pay_link.revoked", by=by, at=at, customer_id=link.customer_id, subject_id=link.id
        )


@transaction.atomic
def _link(customer_id: UUID, invoice_id: UUID | None, *, at: datetime) -> PayLink:
    organization_id = tenancy.current()
    standing = PayLink.objects.of(organization_id).filter(customer_id=customer_id, revoked_at=None)
    standing = (
        standing.filter(invoice_id=invoice_id)
        if invoice_id
        else standing.filter(invoice=None, merged_from=None)
    )
    link = standing.first()
    if link:
        return link
    # Two who ask at once get the same link: the second finds the first's row.
    made = PayLink(
        id=new_id(),
        organization_id=organization_id,
        customer_id=customer_id,
        invoice_id=invoice_id,
        created_at=at,
    )
    PayLink.objects.bulk_create([made], ignore_conflicts=True)
    link = standing.get()
    if link.id == made.id:
        register(DirectoryKind.PAY_LINK, link.id.hex, organization_id)
    return link
