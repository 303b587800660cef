"""What a member with limited data access sees: customers of which the member is an owner, in any of
the owner fields, and what belongs to them.

Doors and queries read through `visible` and `condition`, which add nothing where all is seen.
Operations and jobs read through `of`: money is never decided on a part of the books.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, LiteralString, Self, TypeVar
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from paidup.lib import tenancy
from paidup.organizations.models import Member, Organization, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from .models import Customer

OWNERS = ("billing_owner", "account_manager", "sales_rep", "manager")

Row = TypeVar("Row", bound=TenantModel)

_SEEN: LiteralString = """ AND {column} IN (
    SELECT id FROM customers_customer
    WHERE organization_id = %(organization)s AND (billing_owner_id = %(limited_to)s
        OR account_manager_id = %(limited_to)s OR sales_rep_id = %(limited_to)s
        OR manager_id = %(limited_to)s))
"""


def owned_by(member_id: UUID) -> Q:
    """Customers of which the member is an owner."""
    owned = Q()
    for owner in OWNERS:
        owned |= Q(**{owner: member_id})
    return owned


def seen_customers() -> Any:
    """The ids of the customers that are seen, as a subquery; None where all are."""
    member_id = tenancy.limited_to()
    if member_id is None:
        return None
    rows = apps.get_model("customers", "Customer").objects  # which is made of this module's rows
    return rows.of(tenancy.current()).filter(owned_by(member_id)).values("id")


def is_seen(customer: "Customer") -> bool:
    """Whether whoever looks sees the customer."""
    seen = seen_customers()
    return seen is None or bool(seen.filter(id=customer.id).exists())


def sees_all_places(contact_ids: Collection[UUID]) -> bool:
    """Whether whoever looks sees all customers of which these people are contacts."""
    seen = seen_customers()
    if seen is None:
        return True
    links = apps.get_model("customers", "ContactLink").objects.of(tenancy.current())
    return not links.filter(contact_id__in=contact_ids).exclude(customer__in=seen).exists()


def colleagues(customer: "Customer | None") -> TenantQuerySet[Member]:
    """The active members who see the customer, by name; of none all of them."""
    members = Member.objects.of(tenancy.current()).filter(active=True).order_by("name")
    if customer is None:
        return members
    owners = [getattr(customer, f"{owner}_id") for owner in OWNERS]
    return members.filter(Q(role__limited=False) | Q(id__in=filter(None, owners)))


def condition(column: LiteralString) -> LiteralString:
    """The same for a statement of our own: what follows its WHERE, about the column of a customer's
    id. The statement names `%(organization)s` and `%(limited_to)s`; nothing where all are seen."""
    return "" if tenancy.limited_to() is None else _SEEN.replace("{column}", column)


class VisibleQuerySet(TenantQuerySet[Row]):
    """Rows that belong to a customer. `to_customer` of the model leads there, else `customer`."""

    def visible(self, organization: Organization | UUID) -> Self:
        """The organization's rows, as far as whoever looks sees their customers."""
        return self.of(organization).seen()

    def seen(self) -> Self:
        """Those of customers that are seen."""
        seen = seen_customers()
        if seen is None:
            return self
        return self.filter(**{f"{getattr(self.model, 'to_customer', 'customer')}__in": seen})
