"""Doors and queries read customers' rows as far as whoever looks may see them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from paidup.customers.models import Customer
from paidup.customers.visibility import VisibleQuerySet
from paidup.organizations.models import TenantModel

HOUSE = Path(__file__).parents[2] / "paidup"
READERS = [
    *sorted(HOUSE.glob("web/**/*.py")),
    *sorted(HOUSE.glob("*/queries.py")),
    HOUSE / "customers" / "listing.py",
    *sorted(HOUSE.glob("reporting/*.py")),
]
# Rows of customers that no door shows.
UNSEEN = {
    "Account": "the ledger's; doors show invoices, payments and credits",
    "Transfer": "likewise",
    "GatewayFact": "the gateway's words, which charges fold",
}
# What reads all rows all the same.
READ_WHOLE = {
    ("communications/queries.py", "Contact"): "to whom a message goes, for operations",
    ("communications/queries.py", "ContactLink"): "likewise",
    ("customers/queries.py", "Contact"): "who was merged into a contact that was found",
    ("customers/queries.py", "Customer"): "`current`, for jobs",
    ("customers/listing.py", "SearchRow"): "joined to customers that are seen",
    ("customers/listing.py", "TaggedCustomer"): "joined to, or filtered by, those that are seen",
    ("lifecycle/queries.py", "Customer"): "sums before and after a merge, of two that were found",
    ("lifecycle/queries.py", "OtherBalance"): "likewise",
    ("lifecycle/queries.py", "Schedule"): "of a customer that was found",
    ("payments/queries.py", "Claim"): "what is being charged, for operations",
    ("payments/queries.py", "Intent"): "likewise",
    ("payments/queries.py", "Mandate"): "of a method that was found",
    ("payments/queries.py", "PaymentMethod"): "of a customer that was found",
    ("web/customers/contacts.py", "Contact"): "into whom one was merged, who is then seen or not",
    (
        "web/customers/timeline.py",
        "MessageCustomer",
    ): "about whom else a mail is, not to tell",
}


def of_customers() -> dict[str, type[models.Model]]:
    """Every model that leads to a customer by its foreign keys."""
    ours = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    found: set[type[models.Model]] = {Customer}
    while True:
        more = {
            model
            for model in ours
            if model not in found
            and any(field.related_model in found for field in model._meta.local_fields)
        }
        if not more:
            return {model.__name__: model for model in found}
        found |= more


def test_every_row_of_a_customer_is_known_to_be_one() -> None:
    for name, model in {
        **of_customers(),
        "Contact": apps.get_model("customers", "Contact"),
    }.items():
        narrowed = isinstance(model._default_manager.all(), VisibleQuerySet)
        assert narrowed != (name in UNSEEN), name


@pytest.mark.parametrize("path", READERS, ids=lambda path: str(path.relative_to(HOUSE)))
def test_readers_ask_for_what_is_visible(path: Path) -> None:
    place = str(path.relative_to(HOUSE))
    unguarded = {
        model for model, verb in _asked(path) if verb not in {"visible", "none", "bulk_create"}
    }
    guarded = (set(of_customers()) | {"Contact", "SearchRow", "TaggedCustomer"}) - set(UNSEEN)
    found = {(place, model) for model in unguarded & guarded}
    assert found == {one for one in READ_WHOLE if one[0] == place}


def _asked(path: Path) -> Iterator[tuple[str, str]]:
    """Each `Model.objects.verb` of a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in {"objects", "_default_manager"}
            and isinstance(node.value.value, ast.Name)
        ):
            yield node.value.value.id, node.attr
