"""One owner for every customer: the batch, from its start to its last row, taken back."""

from django.db import connection, transaction

from paidup.batches.making import make_some
from paidup.batches.starting import start_batch
from paidup.batches.states import Action
from paidup.customers.models import Customer
from paidup.history.models import Event
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Member
from tests.bench.book import Book
from tests.bench.measure import Figure, seconds, taken_back


def measure(book: Book) -> list[Figure]:
    """In the large organization, with an event for each, beside one UPDATE."""
    with transaction.atomic():
        with tenant(book.organization_id):
            customers = Customer.objects.of(book.organization_id)
            count = customers.count()
            members = Member.objects.of(book.organization_id).filter(active=True)
            owner, other = members.order_by("id")[:2]
            bare = taken_back(lambda: _bare(book, other))

            def change() -> None:
                batch = start_batch(
                    action=Action.CHANGE_OWNER,
                    customers=customers,
                    expected=count,
                    settings={"owner": str(other.id)},
                    member=owner,
                    at=book.at,
                )
                while make_some(batch=batch, at=book.at):
                    pass

            before = Event.objects.of(book.organization_id).count()
            owned = customers.filter(billing_owner=other).count()
            took = seconds(change)
            told = Event.objects.of(book.organization_id).count() - before
            assert told == count - owned + 2  # the batch's own, at its start and its end
        transaction.set_rollback(True)
    return [
        Figure(
            name=f"batch: another owner for {count:,} customers",
            value=took,
            unit="s",
            bare=bare,
            at_most=60,
        )
    ]


def _bare(book: Book, owner: Member) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET billing_owner_id = %s WHERE organization_id = %s",
            [owner.id, book.organization_id],
        )
