"""Reads of charges and money."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.lib import tenancy
from paidup.organizations.paying import PaymentRules, payment_rules
from paidup.organizations.states import ONLINE, PaymentKind

from .models import Claim, Intent, Mandate, PaymentMethod
from .states import UNDER_WAY


def payable_customers(payer_id: UUID | None) -> list[UUID]:
    """For whom this customer may pay: itself and its descendants within its entity; a deleted one
    for nobody."""
    return [customer_id for _, customer_id in payable_pairs({payer_id})] if payer_id else []


def payable_pairs(payer_ids: set[UUID]) -> set[tuple[UUID, UUID]]:
    """Payer and customer: for whom each of these may pay."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE family AS (
                SELECT id AS payer_id, id, entity_id FROM customers_customer
                WHERE organization_id = %(organization)s AND id = ANY(%(payers)s)
                UNION
                SELECT family.payer_id, child.id, child.entity_id
                FROM customers_customer child
                JOIN family ON child.parent_id = family.id
                    AND child.entity_id = family.entity_id
                WHERE child.organization_id = %(organization)s
            )
            SELECT payer_id, id FROM family
            """,
            {"organization": tenancy.current(), "payers": list(payer_ids)},
        )
        return set(cursor.fetchall())


def allowed_kinds(customer: Customer, invoices: Iterable[Invoice] = ()) -> tuple[PaymentKind, ...]:
    """What a customer may pay these invoices with, all of them at once: what the organization
    takes, the customer may use, and every invoice's template lets through.

    Without invoices those to come count, which have the customer's template.
    """
    return allowed_by(payment_rules(), customer, invoices)


def kinds_to_save(customer: Customer) -> list[PaymentKind]:
    """What the customer may keep a method of, to be charged automatically."""
    return [kind for kind in allowed_kinds(customer) if kind in ONLINE]


def allowed_by(
    rules: PaymentRules, customer: Customer, invoices: Iterable[Invoice] = ()
) -> tuple[PaymentKind, ...]:
    """`allowed_kinds` by rules that were read already, for many at once."""
    templates: set[UUID | None] = {invoice.template_id for invoice in invoices}
    return rules.offered(customer.payment_kinds, templates or {customer.invoice_template_id})


def default_method(customer: Customer) -> PaymentMethod | None:
    """The saved method this customer is charged by."""
    return (
        PaymentMethod.objects.of(customer.organization_id)
        .filter(customer=customer, default=True, removed_at=None)
        .first()
    )


def saved_methods(customer: Customer) -> list[PaymentMethod]:
    """All that the customer has on file, the one that is charged first, then the latest."""
    return list(
        PaymentMethod.objects.of(customer.organization_id)
        .filter(customer=customer, removed_at=None)
        .order_by("-default", "-saved_at", "-id")
    )


def is_being_charged(method: PaymentMethod) -> bool:
    """Whether a charge to the method has not ended yet."""
    intents = Intent.objects.of(method.organization_id)
    return intents.filter(method=method, state__in=UNDER_WAY).exists()


def live_mandate(method: PaymentMethod) -> Mandate | None:
    """The authority to charge the method without its owner present."""
    return Mandate.objects.of(method.organization_id).filter(method=method, revoked_at=None).first()


def live_mandates(methods: Sequence[PaymentMethod]) -> dict[UUID, Mandate]:
    """The same of several methods, by the method's id."""
    mandates = Mandate.objects.of(tenancy.current()).filter(method__in=methods, revoked_at=None)
    return {mandate.method_id: mandate for mandate in mandates}


def claimed_invoices(invoice_ids: list[UUID]) -> set[UUID]:
    """Those of these invoices for which a charge is under way."""
    return set(
        Claim.objects.of(tenancy.current())
        .filter(live=True, invoice_id__in=invoice_ids)
        .values_list("invoice_id", flat=True)
    )


def idempotency_key(intent: Intent) -> str:
    """The key under which the gateway charges this intent once; it names the organization too, so
    that a webhook, once its signature is proven, leads to the row."""
    return f"{intent.organization_id.hex}.{intent.id.hex}"


def from_idempotency_key(key: str) -> tuple[UUID, UUID] | None:
    """The organization and intent of a key of ours; None when it is none."""
    organization, dot, intent = key.partition(".")
    try:
        return (UUID(hex=organization), UUID(hex=intent)) if dot else None
    except ValueError:
        return None
