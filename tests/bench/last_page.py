"""The last keyset page of the customers list beside the first."""

from statistics import median

from paidup.customers.models import Customer
from paidup.customers.states import Category
from paidup.lib.keyset import write_place
from paidup.lib.tenancy import tenant
from tests.bench.book import SLUG, Book
from tests.bench.measure import MIDDLE, Figure
from tests.bench.pages import Visitor

PAGE = 50


def measure(book: Book) -> list[Figure]:
    """Of the customers who owe something, by name."""
    with tenant(book.organization_id):
        rows = Customer.objects.of(book.organization_id).in_category(Category.ACTIVE)
        before = rows.order_by("-sort_name", "-id")[PAGE]
    path = f"/o/{SLUG}/customers/"
    last_path = f"{path}?after={write_place(before.sort_name, before.id)}"
    first, last = (median(visits) for visits in Visitor().often([path, last_path]))
    return [
        Figure(
            name=f"last keyset page beside the first ({MIDDLE})",
            value=1000 * last,
            unit="ms",
            bare=1000 * first,
            at_most_ratio=1.2,
        )
    ]
