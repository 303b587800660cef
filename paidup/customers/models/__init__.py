"""Customers and their contacts, with the balances kept for the list."""

from .accounts import (
    HEALTH,
    LAST_CONTACTED,
    LAST_PAYMENT,
    LONGEST_REASON,
    NEVER_DUE,
    OLDEST_DUE,
    SIMPLE_ORDERS,
    UNIT,
    Customer,
    CustomerQuerySet,
    Note,
    OtherBalance,
    SearchRow,
    TaggedCustomer,
)
from .former import DeletedCustomer, MergedCustomer
from .health import HealthChange
from .people import (
    Contact,
    ContactLink,
    ContactQuerySet,
)
from .values import CustomerValue

__all__ = [
    "HEALTH",
    "LAST_CONTACTED",
    "LAST_PAYMENT",
    "LONGEST_REASON",
    "NEVER_DUE",
    "OLDEST_DUE",
    "SIMPLE_ORDERS",
    "UNIT",
    "Contact",
    "ContactLink",
    "ContactQuerySet",
    "Customer",
    "CustomerQuerySet",
    "CustomerValue",
    "DeletedCustomer",
    "HealthChange",
    "MergedCustomer",
    "Note",
    "OtherBalance",
    "SearchRow",
    "TaggedCustomer",
]
