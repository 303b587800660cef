"""The tags that customers have."""

from paidup.lib import tenancy

from .models import TaggedCustomer
from .visibility import seen_customers


def tags() -> list[str]:
    """Every tag that a customer has who is seen."""
    rows = TaggedCustomer.objects.filter(organization_id=tenancy.current())
    seen = seen_customers()
    if seen is not None:
        rows = rows.filter(customer_id__in=seen)
    return list(rows.order_by("tag").values_list("tag", flat=True).distinct())
