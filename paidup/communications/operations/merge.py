"""Messages when one of their customers is merged into another."""

from paidup.communications.models import MessageCustomer
from paidup.customers.models import Customer


def merge(*, source: Customer, target: Customer) -> None:
    """What was about the source is about the target now, each message once."""
    rows = MessageCustomer.objects.of(source.organization_id)
    known = rows.filter(customer=target).values("message_id")
    rows.filter(customer=source, message_id__in=known).delete()
    rows.filter(customer=source).update(customer=target)
