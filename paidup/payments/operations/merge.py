"""Money and ways to pay when their customer is merged into another."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.customers.visibility import is_seen
from paidup.lib import formatting
from paidup.payments.models import (
    Claim,
    Credit,
    Intent,
    Mandate,
    MethodLink,
    PayLink,
    Payment,
    PaymentMethod,
    Proposal,
)
from paidup.payments.states import UNDER_WAY


def charges_under_way(customers: Sequence[Customer]) -> QuerySet[Intent]:
    """The charges that are under way, by or for one of these, the oldest first."""
    organization_id = customers[0].organization_id
    claimed = Claim.objects.of(organization_id).filter(live=True, invoice__customer__in=customers)
    return (
        Intent.objects.of(organization_id)
        .filter(Q(customer__in=customers) | Q(id__in=claimed.values("intent_id")))
        .filter(Q(state__in=UNDER_WAY) | Q(id__in=claimed.values("intent_id")))
        .select_related("customer")
        .order_by("created_at", "id")
    )


def merge_refusals(source: Customer, target: Customer) -> list[str]:
    """Why the two can't be merged now: each charge that is under way, by or for one of them."""
    return [
        _(
            "A charge of %(amount)s to %(method)s for %(name)s is under way. "
            "Merge once it has gone through or failed."
        )
        % {
            "amount": formatting.money(intent.amount, intent.currency),
            "method": intent.method_label,
            # A parent that pays may not be for everybody's eyes.
            "name": (intent.customer if is_seen(intent.customer) else target).name,
        }
        for intent in charges_under_way([source, target])
    ]


def merge(*, source: Customer, target: Customer) -> None:
    """Gives the source's charges, money, methods and links to the target.

    The target's method stays the one that is charged, if it has one. Links go on to open: for the
    balance, that of the target, for a method, that it is kept for the target.
    """
    organization_id = source.organization_id
    methods = PaymentMethod.objects.of(organization_id)
    if methods.filter(customer=target, default=True, removed_at=None).exists():
        methods.filter(customer=source, default=True).update(default=False)
    links = PayLink.objects.of(organization_id).filter(customer=source)
    links.filter(invoice=None, merged_from=None).update(merged_from=source.id)
    method_links = MethodLink.objects.of(organization_id).filter(customer=source)
    method_links.filter(merged_from=None).update(merged_from=source.id)
    for rows in (
        methods.filter(customer=source),
        Mandate.objects.of(organization_id).filter(customer=source),
        links,
        method_links,
        Intent.objects.of(organization_id).filter(customer=source),
        Payment.objects.of(organization_id).filter(customer=source),
        Credit.objects.of(organization_id).filter(customer=source),
        Proposal.objects.of(organization_id).filter(customer=source),
    ):
        rows.update(customer=target)
