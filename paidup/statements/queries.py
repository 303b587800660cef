"""Of what a customer's statements can be."""

from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice


def currencies_of(customer: Customer) -> list[str]:
    """The customer's own first, then those in which it was billed."""
    billed = Invoice.objects.visible(customer.organization_id).of_customer(customer.id)
    others = set(billed.order_by().values_list("currency", flat=True).distinct())
    return [customer.currency, *sorted(others - {customer.currency})]
