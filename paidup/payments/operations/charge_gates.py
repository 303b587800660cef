"""Charge gates: may a charge that was claimed a while ago still be made?

Between the claim and the gateway lie a queue, outages and restarts, and meanwhile people pay,
dispute and change their minds. What nobody attends is therefore judged again at the last moment: by
payments for the money and the authority, by the room that wanted the charge for its own reasons.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, OuterRef

from paidup.invoicing.models import Invoice
from paidup.invoicing.states import Hold
from paidup.organizations.models import Organization
from paidup.payments import queries
from paidup.payments.models import Claim, Intent, Mandate, PaymentMethod
from paidup.payments.states import Purpose

# Why a charge that was claimed is not made.
NO_LONGER_DUE = "no_longer_due"

Gate = Callable[[Intent, datetime], bool]
_gates: dict[str, Gate] = {}


def register(purpose: Purpose, gate: Gate) -> None:
    """Has a room above asked about charges of this purpose: true when one may still be made.

    It is asked within the tenant's scope, with the customers concerned locked.
    """
    _gates[purpose] = gate


def may_still_be_charged(intent: Intent, *, at: datetime) -> bool:
    """Whether the charge may be handed to the gateway now; its customers are locked by the caller.

    Who pays in person decides for themselves.
    """
    if intent.purpose != Purpose.AUTOPAY:
        return True
    gate = _gates.get(intent.purpose)
    return _is_due(intent) and _is_authorized(intent, at) and (gate is None or gate(intent, at))


def _is_due(intent: Intent) -> bool:
    """Every claimed invoice is the payer's to pay, open for what was claimed of it, and neither
    held nor disputed."""
    claims = Claim.objects.of(intent.organization_id).filter(intent=intent)
    due = (
        Invoice.objects.of(intent.organization_id)
        .open()
        .filter(
            id=OuterRef("invoice_id"),
            customer_id__in=queries.payable_customers(intent.customer_id),
            open_amount__gte=OuterRef("amount"),
            hold=Hold.NONE,
            disputed_amount=0,
        )
    )
    return not claims.exclude(Exists(due)).exists()


def _is_authorized(intent: Intent, at: datetime) -> bool:
    """The method is kept and the payer's still, has not expired, its mandate stands, and its kind
    may still be used for these invoices."""
    if intent.method_id is None or intent.customer_id is None or not _is_of_allowed_kind(intent):
        return False
    organization = Organization.objects.get(id=intent.organization_id)
    mandate = Mandate.objects.of(organization.id).filter(method=OuterRef("id"), revoked_at=None)
    methods = PaymentMethod.objects.of(organization.id).chargeable(organization.day(at))
    mine = methods.filter(id=intent.method_id, customer_id=intent.customer_id)
    return mine.filter(Exists(mandate)).exists()


def _is_of_allowed_kind(intent: Intent) -> bool:
    claims = Claim.objects.of(intent.organization_id).filter(intent=intent)
    invoices = [claim.invoice for claim in claims.select_related("invoice")]
    return intent.method_kind in queries.allowed_kinds(intent.customer, invoices)
