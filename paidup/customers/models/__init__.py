"""Customers and their contacts, with the balances kept for the list."""

from .accounts import (
    LAST_CONTACTED,
    LAST_PAYMENT,
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
from .people import (
    Contact,
    ContactLink,
    ContactQuerySet,
)
from .values import CustomerValue

__all__ = [
    "LAST_CONTACTED",
    "LAST_PAYMENT",
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
    "MergedCustomer",
    "Note",
    "OtherBalance",
    "SearchRow",
    "TaggedCustomer",
]
