"""Auto payments when two customers are merged: nobody is charged for more than before."""

import pytest

from paidup.autopay.models import Schedule
from paidup.customers import operations as customers
from paidup.history.models import Event
from paidup.lib.tenancy import tenant
from paidup.payments.models import Intent, Mandate, PaymentMethod
from paidup.payments.states import IntentState
from paidup.reporting.check import differences
from paidup.todos.models import Todo
from tests.autopay.charging import schedule, tick
from tests.support.books import Books, found_books

from .cast import merge, refused

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def books(committed: None) -> Books:
    return found_books()


def test_the_targets_method_stays_and_the_sources_schedule_ends(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    for customer, last4 in ((source, "4242"), (target, "4444")):
        books.method(customer, last4=last4)
        schedule(books, customer)
    books.invoice(source, due_in=-1)
    merge(books, source, target)
    with tenant(books.id):
        assert PaymentMethod.objects.get(default=True).last4 == "4444"
        assert PaymentMethod.objects.filter(customer=target).count() == 2
        assert Mandate.objects.filter(customer=target, revoked_at=None).count() == 2
        assert Schedule.objects.get(ended=False).merged_from is None
        assert Schedule.objects.get(ended=True).merged_from == source.id
        assert Event.objects.filter(kind="autopay.unscheduled", customer_id=source.id).exists()
        [todo] = Todo.objects.filter(kind="autopay_merged")
    assert todo.title == "Enable auto payments again, now with the invoices of Globex Inc"
    assert tick(books) == set()  # until a person says so
    with tenant(books.id):
        customers.set_auto_payments(customer=target, allowed=True, by=books.by, at=books.at)
    assert len(tick(books)) == 1


def test_a_schedule_without_a_method_doesnt_begin_with_the_sources(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    books.method(source)
    schedule(books, target)
    books.invoice(target, due_in=-1)
    merge(books, source, target)
    assert tick(books) == set()


def test_auto_payments_go_on_where_nothing_more_would_be_charged(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    books.method(target)
    schedule(books, target)
    bill = books.invoice(target, due_in=-1)
    merge(books, source, target)
    assert tick(books) == {bill.number}


def test_a_retry_of_the_ended_schedule_is_not_made(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    books.method(source, last4="0341")
    schedule(books, source)
    books.invoice(source, due_in=-1)
    tick(books)
    with tenant(books.id):
        intent = Intent.objects.get()
    books.run(intent)
    with tenant(books.id):
        assert Intent.objects.get().state == IntentState.FAILED
    merge(books, source, target)
    assert tick(books) == set()
    assert differences(books.id) == ()


def test_a_schedule_that_would_begin_to_charge_sub_accounts_is_named(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    books.customer("Globex West", parent=source)
    schedule(books, target, own_invoices_only=False)
    assert refused(books, source, target) == (
        "The Auto Pay Schedule of Globex would begin to charge the invoices of Globex Inc's "
        "sub-accounts. Have it charge no sub-accounts first."
    )
    schedule(books, target, own_invoices_only=True)
    merge(books, source, target)
