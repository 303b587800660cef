"""Keeping a card or bank account while nothing is charged: the gateway first (no transaction open),
then our row."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.history.actors import Actor
from paidup.lib import tenancy
from paidup.lib.tenancy import refuse_open_transaction, tenant
from paidup.payments.gateways.interface import Gateway, Method, Rejected
from paidup.payments.mandates import Authority
from paidup.payments.models import MethodLink, PaymentMethod

from .forget import forget_unkept, vault
from .methods import MethodRefused, save_method


def keep_method(
    *,
    customer: Customer,
    token: str,
    authority: Authority,
    vendor: Gateway,
    by: Actor,
    at: datetime,
    link: MethodLink | None = None,
) -> PaymentMethod:
    """Keeps what is behind a one-time token of the hosted form as the customer's default method.

    Sent twice, it is kept once. Raises Rejected and Outage of the gateway, and MethodRefused
    without a name, or when the customer or the link is there no more: then the gateway forgets it
    again. Must not be called in a transaction.
    """
    refuse_open_transaction()
    just_entered(vendor, token)
    method = vault(vendor=vendor, token=token, organization_id=customer.organization_id, at=at)
    try:
        with tenant(customer.organization_id):
            return _kept(customer.id, link, vendor.name, method, authority, by=by, at=at)
    except MethodRefused:
        forget_unkept(
            vendor=vendor, token=method.token, organization_id=customer.organization_id, at=at
        )
        raise


def just_entered(vendor: Gateway, token: str) -> Method:
    """What was just entered in the hosted form. Raises Outage, and Rejected for what is saved
    already: whosever it is, of whatever organization, nobody gets at it by sending its token."""
    method = vendor.describe(token)
    if method.is_saved:
        raise Rejected
    return method


def _kept(
    customer_id: UUID,
    link: MethodLink | None,
    gateway_name: str,
    method: Method,
    authority: Authority,
    *,
    by: Actor,
    at: datetime,
) -> PaymentMethod:
    # Whoever sends the same details at the same moment waits here, then finds the first's.
    customer = Customer.objects.of(tenancy.current()).filter(id=customer_id).locked().first()
    if saved := PaymentMethod.objects.of(tenancy.current()).filter(token=method.token).first():
        if saved.customer_id == customer_id and saved.removed_at is None:
            return saved
        raise Rejected
    if customer is None:
        raise MethodRefused(
            _("The customer was merged into another, or deleted, just now. Nothing was saved.")
        )
    if link and not _stands(link, customer):
        raise MethodRefused(_("This link was just taken back. Nothing was saved; ask for another."))
    return save_method(
        customer=customer,
        gateway_name=gateway_name,
        method=method,
        authority=authority,
        by=by,
        at=at,
    )


def _stands(link: MethodLink, customer: Customer) -> bool:
    links = MethodLink.objects.of(customer.organization_id)
    return links.filter(id=link.id, customer=customer, revoked_at=None).exists()
