"""Money and ways to pay when their customer is deleted."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from paidup.customers.models import Customer
from paidup.lib import formatting
from paidup.organizations.models import DirectoryKind
from paidup.organizations.operations import deregister
from paidup.payments.models import (
    Credit,
    Intent,
    Mandate,
    MethodLink,
    PayLink,
    Payment,
    PaymentMethod,
    Proposal,
    Refund,
)
from paidup.payments.states import RefundState

from .forget import forget_later
from .merge import charges_under_way


def deletion_refusals(customer: Customer) -> list[str]:
    """Why the customer can't be deleted now: each charge that is under way, by it or of one of its
    invoices, and each refund that the gateway has not answered about."""
    refunds = Refund.objects.of(customer.organization_id).filter(
        payment__customer=customer, state=RefundState.PENDING
    )
    return [
        *(
            _(
                "A charge of %(amount)s to %(method)s is under way. "
                "Delete once it has gone through or failed."
            )
            % {
                "amount": formatting.money(intent.amount, intent.currency),
                "method": intent.method_label,
            }
            for intent in charges_under_way([customer])
        ),
        *(
            _("A refund of %s is on its way. Delete once the gateway has said what became of it.")
            % formatting.money(refund.amount, refund.payment.currency)
            for refund in refunds.select_related("payment").order_by("recorded_at", "id")
        ),
    ]


def erase(*, customer: Customer, at: datetime) -> set[UUID]:
    """Leaves of the customer's charges, payments, credits and refunds their amounts and days;
    mandates and links go, saved methods also at the gateway. Gives the ids of all these."""
    organization_id = customer.organization_id
    methods = PaymentMethod.objects.of(organization_id).filter(customer=customer)
    links = PayLink.objects.of(organization_id).filter(customer=customer)
    method_links = MethodLink.objects.of(organization_id).filter(customer=customer)
    payments = Payment.objects.of(organization_id).filter(customer=customer)
    refunds = Refund.objects.of(organization_id).filter(payment__customer=customer)
    credits_ = Credit.objects.of(organization_id).filter(customer=customer)
    intents = Intent.objects.of(organization_id).filter(customer=customer)
    proposals = Proposal.objects.of(organization_id).filter(customer=customer)
    ids = {
        row_id
        for rows in (methods, links, method_links, payments, refunds, credits_, intents, proposals)
        for row_id in rows.values_list("id", flat=True)
    }
    # Also those removed earlier, of which the gateway may not have heard.
    forget_later(methods.values_list("gateway", "token"), organization_id=organization_id, at=at)
    deregister(DirectoryKind.PAY_LINK, [link_id.hex for (link_id,) in links.values_list("id")])
    deregister(
        DirectoryKind.METHOD_LINK, [link_id.hex for (link_id,) in method_links.values_list("id")]
    )
    links.delete()
    method_links.delete()
    # A charge that somebody else pays for may have gone to this customer's method once.
    Intent.objects.of(organization_id).filter(method__customer=customer).update(method=None)
    intents.update(customer=None, method=None, token="", method_label="")
    Mandate.objects.of(organization_id).filter(customer=customer).delete()
    methods.delete()
    proposals.delete()
    refunds.update(reason="")
    payments.update(customer=None, reference="", reversal_reason="")
    credits_.update(customer=None, description="")
    return ids
