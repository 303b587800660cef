"""The collection status: in the lists, in tables, on the invoice and in the account."""

import pytest
from django.test import Client

from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import CollectionStatus
from paidup.invoicing.queries import collection_statuses
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books
from tests.web.customers.people import customers_path, names, record_path, shown
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    books = found_books(at=clock.now())
    with tenant(books.id):
        invoicing.establish_statuses(organization=books.organization, by=books.by, at=books.at)
    return books


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def statuses(books: Books) -> list[CollectionStatus]:
    with tenant(books.id):
        return collection_statuses()


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/{rest}"


def htmx(client: Client, address: str, sent: dict[str, str], *, on: str):  # type: ignore[no-untyped-def]  # Django's own
    """Posts as the page at the address `on` does."""
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{on}"}
    return client.post(address, sent, headers=headers)


def test_it_is_changed_where_it_stands(books: Books, client: Client) -> None:
    customer = books.customer("Globex")
    invoice = books.invoice(customer, due_in=-3)
    promised = statuses(books)[1]
    address = path(books, f"invoices/{invoice.id}/collection-status/")
    record = record_path(books, customer)
    for page in (record, customers_path(books, f"{customer.id}/invoices/")):
        assert f'action="{address}"' in shown(client, page)
    answer = htmx(client, address, {"status": str(promised.id)}, on=record)
    part = answer.content.decode()
    assert answer.status_code == 200
    assert part.count("<form") == 1
    assert "<html" not in part
    assert f'<option value="{promised.id}" selected>' in part
    own = path(books, f"invoices/{invoice.id}/")
    answer = htmx(client, address, {"status": ""}, on=own)
    assert answer.headers["HX-Refresh"] == "true", "its timeline tells of it"
    assert books.again(invoice).collection_status_id is None
    told = shown(client, own)
    assert "changed from Promised to –" in told
    assert client.post(address, {"status": str(promised.id)}).status_code == 302
    assert books.again(invoice).collection_status_id == promised.id


def test_what_cannot_be_is_said_in_its_place(books: Books, client: Client) -> None:
    customer = books.customer("Globex")
    invoice = books.invoice(customer)
    address = path(books, f"invoices/{invoice.id}/collection-status/")
    foreign = found_books()
    with tenant(foreign.id):
        theirs = invoicing.add_status(
            name="Theirs", default=False, notifies=False, by=foreign.by, at=foreign.at
        )
    for wrong in (str(theirs.id), "nonsense"):
        answer = htmx(client, address, {"status": wrong}, on=record_path(books, customer))
        assert answer.status_code == 422
        assert "Choose one of the statuses." in answer.content.decode()
    assert books.again(invoice).collection_status_id is None


def test_who_may_only_look_sees_the_word(books: Books) -> None:
    customer = books.customer("Globex")
    invoice = books.invoice(customer)
    legal = statuses(books)[4]
    with tenant(books.id):
        invoicing.set_collection_status(invoice=invoice, status=legal, by=books.by, at=books.at)
    page = shown(onlooker(books), record_path(books, customer))
    assert '<span class="soft">Legal</span>' in page
    assert "collection-status" not in page


def test_lists_show_whose_open_invoices_have_it(books: Books, client: Client) -> None:
    legal = statuses(books)[4]
    has, other = books.customer("Globex"), books.customer("Initech")
    meant, older = books.invoice(has, due_in=-3), books.invoice(has, due_in=-9)
    elsewhere = books.invoice(other)
    with tenant(books.id):
        invoicing.set_collection_status(invoice=meant, status=legal, by=books.by, at=books.at)
    asked = {"collection": str(legal.id)}
    assert names(shown(client, customers_path(books), **asked)) == ["Globex"]
    assert names(shown(client, customers_path(books), collection="nonsense")) == [
        "Globex",
        "Initech",
    ]
    assert names(shown(client, customers_path(books), aging="over_90", **asked)) == []
    below = shown(client, customers_path(books, f"{has.id}/invoices/"), **asked)
    assert meant.number in below
    assert older.number not in below
    nothing = shown(client, customers_path(books, f"{other.id}/invoices/"), **asked)
    assert "No open invoice is like that." in nothing
    filters = shown(client, customers_path(books, "filters/"), **asked)
    assert f'<option value="{legal.id}"\n                selected>' in filters
    invoices = shown(client, path(books, "invoices/"), **asked)
    assert meant.number in invoices
    assert older.number not in invoices
    assert elsewhere.number not in invoices


def test_the_account_page_arranges_them(books: Books, client: Client) -> None:
    new = path(books, "account/collection-statuses/new/")
    refused = client.post(new, {"name": "legal"})
    assert refused.status_code == 422
    assert "There is a status “legal” already" in refused.content.decode()
    assert client.post(new, {"name": "Fresh", "default": "on"}).status_code == 302
    fresh = statuses(books)[-1]
    address = path(books, f"account/collection-statuses/{fresh.id}/")
    client.post(f"{address}position/", {"to": "up"})
    client.post(address, {"name": "New", "default": "on", "notifies": "on"})
    page = shown(client, path(books, "account/"), tab="collection")
    assert page.index("New<") < page.index("Legal<")
    assert page.count("Default for new invoices") == 1
    invoice = books.invoice(books.customer("Globex"))
    refused = client.post(f"{address}removal/")
    assert refused.status_code == 422
    assert "1 open invoice is “New”" in refused.content.decode()
    with tenant(books.id):
        invoicing.set_collection_status(invoice=invoice, status=None, by=books.by, at=books.at)
    assert client.post(f"{address}removal/").status_code == 302
    assert [one.name for one in statuses(books)][-1] == "Legal"
    assert client.get(address).status_code == 404
