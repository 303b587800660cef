"""Custom fields of invoices: filled in, read, filtered by and exported; no part of the bill."""

import pytest
from django.test import Client

from paidup.history.models import Event
from paidup.invoicing.models import Invoice, InvoiceValue
from paidup.invoicing.operations import fill_in_invoice
from paidup.invoicing.pdf import invoice_pdf
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.lifecycle.operations import merge_customers
from paidup.organizations.field_values import values_of
from paidup.organizations.fields import FieldRefused, add_field, remove_field
from paidup.organizations.models import CustomField
from paidup.organizations.states import FieldKind, FieldSubject
from tests.support.books import Books, found_books
from tests.web.customers.people import names, queries, record_path, shown
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")

KINDS = {
    "Project": FieldKind.TEXT,
    "Margin": FieldKind.NUMBER,
    "Delivered": FieldKind.DATE,
    "Stage": FieldKind.CHOICE,
}
HARBOUR = {"Project": "Harbour", "Margin": "-2.50", "Delivered": "2026-03-02", "Stage": "Two"}
TOWER = {"Project": "=1+1", "Margin": "12", "Delivered": "2026-02-01"}


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


@pytest.fixture
def fields(books: Books) -> dict[str, CustomField]:
    with tenant(books.id):
        return {
            label: add_field(
                of=FieldSubject.INVOICE,
                kind=kind,
                label=label,
                choices=("One", "Two") if kind == FieldKind.CHOICE else (),
                by=books.by,
                at=books.at,
            )
            for label, kind in KINDS.items()
        }


@pytest.fixture
def pair(books: Books, fields: dict[str, CustomField], client: Client) -> list[Invoice]:
    """Two invoices that were filled in on their pages; a third one wasn't."""
    customer = books.customer("Globex")
    made = [books.invoice(customer, due_in=days) for days in (-9, 3)]
    books.invoice(customer, due_in=20)
    for invoice, said in zip(made, (HARBOUR, TOWER), strict=True):
        answer = client.post(path(books, f"{invoice.id}/fields/"), sent(fields, said))
        assert answer.status_code == 302, answer.content.decode()
    return made


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/invoices/{rest}"


def sent(fields: dict[str, CustomField], said: dict[str, str]) -> dict[str, str]:
    return {f"field_{fields[label].id}": text for label, text in said.items()}


def csv(client: Client, address: str, **query: str) -> list[str]:
    answer = client.get(address, query)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return content.decode("utf-8-sig").splitlines()


def test_a_new_invoice_has_them(
    books: Books, client: Client, fields: dict[str, CustomField]
) -> None:
    customer = books.customer("Globex")
    lines = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}
    line = {"description": "Pipes", "quantity": "1", "unit_price": "90", "tax_rate": "0"}
    form = {"issued_on": books.on.isoformat(), **lines} | {
        f"lines-0-{name}": value for name, value in line.items()
    }
    address = record_path(books, customer, "invoice/")
    bad = client.post(address, form | sent(fields, HARBOUR | {"Delivered": "soon"}))
    assert bad.status_code == 422
    assert "soon is no date" in bad.content.decode()
    more = client.post(address, form | sent(fields, HARBOUR) | {"add": "line"}).content.decode()
    assert 'value="Harbour"' in more, "nothing typed is lost when a line is added"
    assert client.post(address, form | sent(fields, HARBOUR)).status_code == 302
    with tenant(books.id):
        invoice = Invoice.objects.get()
        held = values_of(InvoiceValue, [invoice.id])[invoice.id]
        event = Event.objects.get(kind="invoice.issued")
        pdf = invoice_pdf(invoice)
    assert held[fields["Project"].id] == "Harbour"
    assert "Harbour" not in str(event.data), "what they hold is personal"
    page = shown(client, path(books, f"{invoice.id}/"))
    for text in ("Harbour", "-2.5", "Mar 2, 2026", "Two"):
        assert text in page
    assert b"Harbour" not in pdf


def test_one_is_edited_where_it_stands(
    books: Books, client: Client, fields: dict[str, CustomField], pair: list[Invoice]
) -> None:
    name = f"field_{fields['Margin'].id}"
    address = path(books, f"{pair[0].id}/details/{name}/")
    assert 'value="-2.5"' in shown(client, address)
    refused = client.post(address, {name: "much"})
    assert refused.status_code == 422
    assert "much is no number" in refused.content.decode()
    part = client.post(address, {name: "40"}).content.decode()
    assert "40" in part
    assert "<html" not in part
    page = shown(client, path(books, f"{pair[0].id}/"))
    assert f"Custom fields of invoice {pair[0].number} edited" in page
    assert "Harbour" in page, "the others stay"
    assert client.get(path(books, f"{pair[0].id}/details/number/")).status_code == 404
    page = onlooker(books).get(path(books, f"{pair[0].id}/")).content.decode()
    assert "Harbour" in page
    assert "/details/" not in page


def test_nothing_is_recorded_where_nothing_differs_and_a_removed_field_is_refused(
    books: Books, fields: dict[str, CustomField], pair: list[Invoice]
) -> None:
    margin, project = fields["Margin"], fields["Project"]
    with tenant(books.id):
        filled = Event.objects.filter(kind="invoice.filled_in")
        before = filled.count()
        fill_in_invoice(invoice=pair[0], fields={project.id: "Harbour"}, by=books.by, at=books.at)
        assert filled.count() == before == 2
        assert remove_field(field=margin, by=books.by, at=books.at) == 2
        with pytest.raises(FieldRefused, match="removed meanwhile"):
            fill_in_invoice(invoice=pair[0], fields={margin.id: None}, by=books.by, at=books.at)


def test_the_list_is_narrowed_and_exported_as_it_is_shown(
    books: Books, client: Client, fields: dict[str, CustomField], pair: list[Invoice]
) -> None:
    harbour, tower = (invoice.number for invoice in pair)
    found: list[tuple[str, str, str, list[str]]] = [
        ("Project", "", "harbour", [harbour]),
        ("Stage", "", "two", [harbour]),
        ("Margin", "_from", "-2.5", [harbour, tower]),
        ("Margin", "_from", "0", [tower]),
        ("Delivered", "_to", "2026-03-01", [tower]),
    ]
    for label, part, text, numbers in found:
        asked = {f"field_{fields[label].id}{part}": text}
        assert names(shown(client, path(books), **asked)) == numbers, (label, text)
        _head, *lines = csv(client, path(books, "invoices.csv"), **asked)
        assert [line.partition(",")[0] for line in lines] == numbers, (label, text)
    asked = {f"field_{fields['Project'].id}": "Harbour"}
    page = shown(client, path(books), **asked)
    assert 'id="filters-set" hx-swap-oob="true">1<' in page
    assert f'invoices.csv?field_{fields["Project"].id}=Harbour"' in page
    assert "No invoice passes these filters" in shown(client, path(books), **asked, kind="paid")


def test_the_file_says_what_they_hold_and_computes_nothing(
    books: Books, client: Client, pair: list[Invoice]
) -> None:
    head, first, second, _third = csv(client, path(books, "invoices.csv"))
    assert head == (
        "Number,PO number,Customer,Account Number,Status,Collection Status,Currency,"
        "Issued,Due,Total,Open,Late fee for,Project,Margin,Delivered,Stage"
    )
    late = pair[0]
    assert first.startswith(f"{late.number},,Globex,")
    assert ",Overdue,,USD," in first
    assert first.endswith(f",{late.due_on},100.00,100.00,,Harbour,-2.5,2026-03-02,Two")
    assert second.endswith(",'=1+1,12,2026-02-01,")


def test_more_invoices_ask_for_no_more_rows(
    books: Books, client: Client, fields: dict[str, CustomField], pair: list[Invoice]
) -> None:
    asked = {f"field_{fields['Margin'].id}_from": "-9"}
    before = queries(client, path(books), **asked)
    for _more in range(3):
        invoice = books.invoice(books.customer("Initech"))
        client.post(path(books, f"{invoice.id}/fields/"), sent(fields, HARBOUR))
    assert queries(client, path(books), **asked) == before
    assert len(names(shown(client, path(books), **asked))) == len(pair) + 3


def test_a_merge_leaves_them_with_their_invoice(
    books: Books, fields: dict[str, CustomField], pair: list[Invoice]
) -> None:
    target = books.customer("Initech")
    with tenant(books.id):
        assert pair[0].customer
        merge_customers(source=pair[0].customer, target=target, by=books.by, at=books.at)
        held = values_of(InvoiceValue, [pair[0].id])[pair[0].id]
        assert Invoice.objects.get(id=pair[0].id).customer == target
    assert held[fields["Project"].id] == "Harbour"
