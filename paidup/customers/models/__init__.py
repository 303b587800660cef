"""Customers and their contacts, with the balances kept for the list."""

from .accounts import (
    HEALTH,
    LAST_CONTACTED,
    LAST_PAYMENT,
    LONGEST_REASON,
    NEVER_DUE,
    OLDEST_DUE,
    UNIT,
    Customer,
    CustomerQuerySet,
    DeletedCustomer,
    MergedCustomer,
    Note,
    OtherBalance,
    SearchRow,
    TaggedCustomer,
)
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
