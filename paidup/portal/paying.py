"""One payment by a link: claim (committed), call the gateway (no transaction open), record."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from paidup.customers.models import Customer
from paidup.history.actors import Actor
from paidup.lib.tenancy import refuse_open_transaction, tenant
from paidup.payments import operations as payments
from paidup.payments.gateways.interface import Gateway, Method, Rejected
from paidup.payments.mandates import Authority
from paidup.payments.models import Claim, Intent, PayLink, PaymentMethod
from paidup.payments.operations import Order
from paidup.payments.states import PaymentKind, Purpose

from .outcomes import made_by_links


def pay(
    *,
    link: PayLink,
    parts: Sequence[tuple[UUID, Decimal]],
    token: str,
    permission: Authority | None,
    vendor: Gateway,
    by: Actor,
    at: datetime,
) -> Intent:
    """Pays these parts of invoices with the details behind a one-time token of the hosted form.

    Details entered once pay once: sent again, the payment they made is returned. With a permission
    the method is kept from the claim on, and removed again if the charge fails. Raises Rejected and
    Outage of the gateway before anything was charged, ChargeRefused when an invoice can't be paid
    now, or not so, and MethodRefused when such a method isn't kept.
    """
    refuse_open_transaction()
    entered = payments.just_entered(vendor, token)
    method = entered
    if permission:
        method = payments.vault(
            vendor=vendor, token=token, organization_id=link.organization_id, at=at
        )
    try:
        intent, is_new = _claim(link, parts, vendor, method, permission, by=by, at=at)
    except (payments.ChargeRefused, payments.MethodRefused):
        if permission:
            payments.forget_unkept(
                vendor=vendor, token=method.token, organization_id=link.organization_id, at=at
            )
        raise
    if is_new:
        return payments.run_charge(organization_id=link.organization_id, intent_id=intent.id, at=at)
    return intent


def earlier_payment(link: PayLink, *, token: str, invoice_ids: Iterable[UUID]) -> Intent | None:
    """The payment these details have made already, else one by a link that is under way for any
    of these invoices."""
    made = made_by_links(link)
    same = made.filter(token=token).first()
    claims = Claim.objects.of(link.organization_id).filter(live=True, invoice_id__in=invoice_ids)
    return same or made.filter(id__in=claims.values("intent_id")).first()


def _claim(
    link: PayLink,
    parts: Sequence[tuple[UUID, Decimal]],
    vendor: Gateway,
    method: Method,
    permission: Authority | None,
    *,
    by: Actor,
    at: datetime,
) -> tuple[Intent, bool]:
    with tenant(link.organization_id) as organization_id:
        # Whoever sends the same details at the same moment waits here, then finds the first's.
        customer = Customer.objects.of(organization_id).locked().get(id=link.customer_id)
        if intent := made_by_links(link).filter(token=method.token).first():
            return intent, False
        # Entered once and kept by another page: it is not kept, nor forgotten, a second time.
        if PaymentMethod.objects.of(organization_id).filter(token=method.token).exists():
            raise Rejected
        kept = None
        if permission:
            kept = _keep(customer, vendor, method, permission, by=by, at=at)
        order = Order(
            customer=customer,
            amounts=parts,
            gateway=vendor.name,
            token=method.token,
            method_kind=PaymentKind(method.kind),
            method_label=f"{method.brand} •••• {method.last4}",
            method=kept,
        )
        return payments.claim_charge(order=order, purpose=Purpose.PAY_LINK, by=by, at=at), True


def _keep(
    customer: Customer,
    vendor: Gateway,
    method: Method,
    permission: Authority,
    *,
    by: Actor,
    at: datetime,
) -> PaymentMethod:
    return payments.save_method(
        customer=customer,
        gateway_name=vendor.name,
        method=method,
        authority=permission,
        default=False,
        by=by,
        at=at,
    )
