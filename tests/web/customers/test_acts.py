"""What staff do to a customer: each form does one thing, and refuses in words."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from paidup.autopay.models import Schedule
from paidup.customers import operations as customers
from paidup.customers.models import Contact, Customer, Note
from paidup.customers.states import CustomerState
from paidup.invoicing.models import Invoice, Promise
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments.models import Credit, Payment
from paidup.todos.models import Todo
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

from .people import customers_path, record_path, shown

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer("Globex")


def done(client: Client, path: str, **data: Any) -> HttpResponse:
    """A form that was accepted."""
    answer = client.post(path, data)
    assert answer.status_code == 302, answer.content.decode()
    return answer  # type: ignore[return-value]  # the client's own kind of answer


def refused(client: Client, path: str, **data: Any) -> str:
    """A form that was not, as it shows again."""
    answer = client.post(path, data)
    assert answer.status_code == 422
    return answer.content.decode()


def again(books: Books, customer: Customer) -> Customer:
    with tenant(books.id):
        return Customer.objects.get(id=customer.id)


def test_adding_a_customer(books: Books, client: Client) -> None:
    answer = done(
        client,
        customers_path(books, "new/"),
        name="Initech",
        contact_name="Bill Lumbergh",
        contact_email="bill@initech.example",
        phone="(212) 555-0702",
        terms_days="45",
    )
    with tenant(books.id):
        added = Customer.objects.get()
        assert answer["Location"] == record_path(books, added)
        assert (added.name, added.number, added.terms_days) == ("Initech", "C-00001", 45)
        assert (str(added.phone), added.currency) == ("+12125550702", "USD")
        assert Contact.objects.get().email == "bill@initech.example"


def test_a_number_that_is_taken_is_said_and_nothing_typed_is_lost(
    books: Books, client: Client, customer: Customer
) -> None:
    page = refused(
        client, customers_path(books, "new/"), name="Initech", number=customer.number, terms_days=30
    )
    assert "belongs to another customer" in page
    assert 'value="Initech"' in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("currency", "XXY", "no ISO 4217 currency"),
        ("phone", "12", "valid phone number"),
        ("contact_email", "nobody", "valid email"),
        ("terms_days", "-1", "greater than or equal to 0"),
    ],
)
def test_bad_input_is_answered_in_words(
    books: Books, client: Client, field: str, value: str, sentence: str
) -> None:
    data = {"name": "Initech", "terms_days": "30"} | {field: value}
    assert sentence in refused(client, customers_path(books, "new/"), **data)


def test_editing(books: Books, client: Client, customer: Customer) -> None:
    parent = books.customer("Parent")
    path = record_path(books, customer, "details/")
    known = {"name": "Globex Ltd", "number": "G-1", "terms_days": "10", "language": "de"}
    done(client, path, **known, tags="gold, gold , north", parent=parent.number)
    edited = again(books, customer)
    assert (edited.name, edited.number, edited.language) == ("Globex Ltd", "G-1", "de")
    assert edited.tags == ["gold", "north"]
    assert edited.parent_id == parent.id
    page = refused(client, path, **known, parent="nobody")
    assert "No customer has the account number nobody" in page
    page = refused(client, path, **known, parent="G-1")
    assert "the customer itself" in page


def test_changing_the_owner(books: Books, client: Client, customer: Customer) -> None:
    onlooker(books)
    with tenant(books.id):
        other = books.owner.__class__.objects.exclude(id=books.owner.id).get()
    done(client, record_path(books, customer, "owner/"), owner=other.id)
    assert again(books, customer).billing_owner_id == other.id
    stranger = found_books(at=books.at).owner
    assert "valid choice" in refused(
        client, record_path(books, customer, "owner/"), owner=stranger.id
    )


def test_a_note(books: Books, client: Client, customer: Customer) -> None:
    answer = done(client, record_path(books, customer, "note/"), text="Called.")
    assert answer["Location"].endswith("?tab=notes")
    with tenant(books.id):
        assert Note.objects.get().text == "Called."


def test_a_task(books: Books, client: Client, customer: Customer) -> None:
    day = books.on + timedelta(days=2)
    done(
        client,
        record_path(books, customer, "todo/"),
        title="Call",
        due_on=day.isoformat(),
        assignee=books.owner.id,
    )
    with tenant(books.id):
        todo = Todo.objects.get()
    assert (todo.title, todo.due_on, todo.assignee_id) == ("Call", day, books.owner.id)
    tab = client.get(record_path(books, customer, "?tab=todo")).content.decode()
    assert f'href="/o/{books.organization.slug}/todos/{todo.id}/"' in tab


def test_taking_a_payment(books: Books, client: Client, customer: Customer) -> None:
    older, newer = books.invoice(customer, "100.00"), books.invoice(customer, "50.00", due_in=40)
    path = record_path(books, customer, "payment/")
    today = {"kind": "check", "received_on": books.on.isoformat(), "reference": "1042"}
    done(client, path, amount="50.00", invoice=newer.id, **today)
    assert books.again(newer).open_amount == 0
    assert books.again(older).open_amount == Decimal(100)
    done(client, path, amount="30", **today)
    assert books.again(older).open_amount == Decimal(70), "the oldest, where none is chosen"
    tomorrow = (books.on + timedelta(days=1)).isoformat()
    page = refused(client, path, amount="5", kind="check", received_on=tomorrow)
    assert "a day yet to come" in page
    with tenant(books.id):
        assert Payment.objects.count() == 2


def test_another_customers_invoice_can_t_be_chosen(
    books: Books, client: Client, customer: Customer
) -> None:
    other = books.invoice(books.customer("Other"))
    page = refused(
        client,
        record_path(books, customer, "payment/"),
        amount="5",
        kind="check",
        received_on=books.on.isoformat(),
        invoice=other.id,
    )
    assert "valid choice" in page


def test_adding_a_credit(books: Books, client: Client, customer: Customer) -> None:
    invoice = books.invoice(customer, "100.00")
    path = record_path(books, customer, "credit/")
    why = {"reason": "goodwill", "description": "Late delivery"}
    done(client, path, amount="40", invoice=invoice.id, **why)
    assert books.again(invoice).open_amount == Decimal(60)
    done(client, path, amount="25", leave_unapplied="on", **why)
    assert again(books, customer).unapplied_amount == Decimal(25)
    page = refused(client, path, amount="much", **why)
    assert "Write the amount in digits" in page
    assert "Late delivery" in page
    with tenant(books.id):
        assert Credit.objects.count() == 2


def lines(*texts: str) -> dict[str, str]:
    """The lines of the invoice form as a browser sends them: description, quantity, price."""
    data = {"lines-TOTAL_FORMS": str(len(texts)), "lines-INITIAL_FORMS": "0"}
    for number, text in enumerate(texts):
        cells = zip(("description", "quantity", "unit_price"), text.split("|"), strict=False)
        data |= {f"lines-{number}-{name}": value for name, value in cells}
        data[f"lines-{number}-tax_rate"] = "0"
    return data


def test_creating_an_invoice(books: Books, client: Client, customer: Customer) -> None:
    path = record_path(books, customer, "invoice/")
    done(client, path, issued_on=books.on.isoformat(), **lines("Work|2|50.25", "|1|", "Travel|1|9"))
    with tenant(books.id):
        invoice = Invoice.objects.get()
    assert invoice.total == Decimal("109.50")
    assert invoice.due_on == books.on + timedelta(days=30)


def test_a_line_more(books: Books, client: Client, customer: Customer) -> None:
    path = record_path(books, customer, "invoice/")
    typed = lines("Work|2|50.25", "Travel|1|")
    answer = client.post(path, {**typed, "add": "line", "po_number": "PO-7"})
    page = answer.content.decode()
    assert answer.status_code == 200
    for kept in ("Work", "50.25", "Travel", "PO-7", 'name="lines-2-description"'):
        assert kept in page
    assert "This field is required" not in page
    with tenant(books.id):
        assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (lines("Work|1|0"), "come to more than zero"),
        (lines("|1|5"), "This field is required"),
        (lines("Work|1|5") | {"due_on": "2001-01-01"}, "lies before the invoice date"),
        ({"lines-TOTAL_FORMS": "x"}, "ManagementForm"),
    ],
)
def test_invoices_that_are_refused(
    books: Books, client: Client, customer: Customer, typed: dict[str, str], sentence: str
) -> None:
    path = record_path(books, customer, "invoice/")
    page = refused(client, path, **({"issued_on": books.on.isoformat()} | typed))
    assert sentence in page


def test_a_promise_and_a_dispute(books: Books, client: Client, customer: Customer) -> None:
    invoice = books.invoice(customer, "100.00")
    day = (books.on + timedelta(days=5)).isoformat()
    promise = record_path(books, customer, "promise/")
    done(client, promise, invoice=invoice.id, promised_for=day)
    assert "has a promise already" in refused(client, promise, invoice=invoice.id, promised_for=day)
    with tenant(books.id):
        assert Promise.objects.get().amount == Decimal(100)
    dispute = record_path(books, customer, "dispute/")
    done(client, dispute, invoice=invoice.id, amount="40", reason="Paid by 4111 1111 1111 1111")
    assert books.again(invoice).disputed_amount == Decimal(40)
    told = client.get(record_path(books, customer, "?tab=timeline")).content.decode()
    assert "Paid by •••• 1111" in told


def test_the_pay_balance_link_is_made_by_asking_for_it(
    books: Books, client: Client, customer: Customer
) -> None:
    path = record_path(books, customer, "pay-link/")
    assert client.get(path).status_code == 405
    page = client.post(path).content.decode()
    assert f"{books.organization.slug}.localhost" in page
    assert "data-copy" in page


def test_auto_payments_are_switched(books: Books, client: Client, customer: Customer) -> None:
    path = record_path(books, customer, "auto-payments/")
    done(client, path)
    assert not again(books, customer).auto_payments
    done(client, path)
    assert again(books, customer).auto_payments


def test_an_auto_pay_schedule(books: Books, client: Client, customer: Customer) -> None:
    path = record_path(books, customer, "schedule/")
    begin = {"starts_on": books.on.isoformat(), "due_only": "on"}
    assert "Choose at least one weekday" in refused(client, path, interval="weekly", **begin)
    assert "Write numbers" in refused(client, path, interval="monthly", days="first", **begin)
    done(client, path, interval="monthly", days="1, 15", maximum="500", **begin)
    with tenant(books.id):
        schedule = Schedule.objects.get()
        assert (schedule.days, schedule.maximum) == ([1, 15], Decimal(500))
        assert (schedule.due_only, schedule.own_invoices_only) == (True, False)
    assert "1, 15" in shown(client, path)
    done(client, path, remove="1")
    with tenant(books.id):
        assert Schedule.objects.get().ended


def test_deactivating_archiving_and_coming_back(
    books: Books, client: Client, customer: Customer
) -> None:
    done(client, record_path(books, customer, "deactivation/"))
    assert again(books, customer).state == CustomerState.INACTIVE
    done(client, record_path(books, customer, "archiving/"))
    assert again(books, customer).state == CustomerState.ARCHIVED
    assert "reactivate it first" in refused(client, record_path(books, customer, "deactivation/"))
    done(client, record_path(books, customer, "reactivation/"))
    assert again(books, customer).state == CustomerState.ACTIVE


def test_what_keeps_a_customer_from_the_archive_is_said_before(
    books: Books, client: Client, customer: Customer
) -> None:
    path = record_path(books, customer, "archiving/")
    assert "you can reactivate it" in shown(client, path).lower()
    books.invoice(customer)
    page = shown(client, path)
    assert "has an open balance" in page
    assert record_path(books, customer, "deactivation/") in page
    assert "has an open balance" in refused(client, path)
    assert f'href="{record_path(books, customer)}">Cancel' in page


def test_what_came_up_while_somebody_archives_is_said(
    books: Books, client: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = customers.archive_customer

    def after_an_invoice(**how: Any) -> None:
        books.invoice(customer)
        archive(**how)

    monkeypatch.setattr(customers, "archive_customer", after_an_invoice)
    assert "has an open balance" in refused(client, record_path(books, customer, "archiving/"))


def test_after_a_dialog_one_is_where_one_was(
    books: Books, client: Client, customer: Customer
) -> None:
    here = f"http://localhost{record_path(books, customer)}?tab=timeline"
    htmx = {"HX-Request": "true", "HX-Target": "dialog#dialog", "HX-Current-URL": here}
    answer = client.post(record_path(books, customer, "deactivation/"), headers=htmx)
    assert answer["HX-Refresh"] == "true"
    elsewhere = htmx | {"HX-Current-URL": "http://localhost/o/else/customers/"}
    answer = client.post(record_path(books, customer, "reactivation/"), headers=elsewhere)
    assert answer["HX-Redirect"] == record_path(books, customer)
