"""The verbs of a test about auto payments, over its books."""

from typing import Any

from paidup.autopay import operations as autopay
from paidup.autopay.models import Interval
from paidup.customers.models import Customer
from paidup.lib.tenancy import tenant
from paidup.payments.models import Claim, Intent
from tests.support.books import Books, jobs_of


def schedule(books: Books, customer: Customer, **how: Any) -> None:
    with tenant(books.id):
        autopay.set_schedule(
            **{
                "customer": customer,
                "interval": Interval.DAILY,
                "starts_on": books.on,
                "by": books.by,
                "at": books.at,
                **how,
            }
        )


def tick(books: Books) -> set[str]:
    """The numbers of the invoices that this tick has claimed."""
    autopay.tick(organization_id=books.id, at=books.at)
    with tenant(books.id):
        return set(Claim.objects.filter(live=True).values_list("invoice__number", flat=True))


def work(books: Books) -> None:
    """The charges are made and what reacts to their end is done."""
    for arguments in jobs_of(books.id, "paidup.payments.jobs.make_charge"):
        with tenant(books.id):
            intent = Intent.objects.get(id=arguments["intent_id"])
        books.run(intent)
        with tenant(books.id):
            autopay.note_outcome(intent_id=intent.id, on=books.on, by=books.by, at=books.at)


def payer(books: Books, **how: Any) -> Customer:
    customer = books.customer(f"Payer {how.get('last4', '')}")
    books.method(customer, last4=how.pop("last4", "4242"))
    schedule(books, customer, **how)
    return customer
