"""The invoices list and an invoice's page: who sees what, and what staff may do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Dispute, Invoice, Promise
from paidup.invoicing.states import DisputeState, Hold
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.payments import links
from paidup.payments.models import PayLink
from tests.support.books import Books, found_books
from tests.support.templates import add_template, edit
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/invoices/{rest}"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_what_was_asked_for(books: Books) -> None:
    customer = books.customer("Globex Supplies")
    late = books.invoice(customer, due_in=-3)
    early = books.invoice(books.customer("Initech"), due_in=3)
    client = signed_in(books)
    everything = page(client, path(books))
    assert late.number in everything
    assert early.number in everything
    overdue = page(client, path(books, "?kind=overdue"))
    assert late.number in overdue
    assert early.number not in overdue
    for wanted in (late.number, "globx supplies"):
        found = page(client, path(books, f"?q={wanted}"))
        assert late.number in found
        assert early.number not in found
    assert "No invoice matches" in page(client, path(books, "?q=nothing-of-the-kind"))


def test_an_invoice_and_its_pdf(books: Books) -> None:
    invoice = books.invoice(books.customer(), due_in=-3)
    client = signed_in(books)
    shown = page(client, path(books, f"{invoice.id}/"))
    assert invoice.number in shown
    assert "3 days late" in shown
    pdf = client.get(path(books, f"{invoice.id}/pdf/"))
    assert pdf.content.startswith(b"%PDF")


def test_disputing_and_resolving(books: Books) -> None:
    invoice = books.invoice(books.customer(), "100.00")
    client = signed_in(books)
    refused = client.post(
        path(books, f"{invoice.id}/dispute/"), {"amount": "101", "reason": "Broken"}
    )
    assert refused.status_code == 422
    assert "dispute less" in refused.content.decode()
    assert "Broken" in refused.content.decode(), "nothing typed is lost"
    client.post(path(books, f"{invoice.id}/dispute/"), {"amount": "40", "reason": "Broken"})
    assert books.again(invoice).disputed_amount == Decimal(40)
    client.post(path(books, f"{invoice.id}/resolution/"))
    assert books.again(invoice).disputed_amount == 0
    with tenant(books.id):
        assert Dispute.objects.get().state == DisputeState.RESOLVED


def test_a_promise_to_pay(books: Books) -> None:
    invoice = books.invoice(books.customer(), "100.00")
    day = books.on + timedelta(days=5)
    signed_in(books).post(
        path(books, f"{invoice.id}/promise/"), {"amount": "100", "promised_for": day.isoformat()}
    )
    with tenant(books.id):
        assert Promise.objects.get().promised_for == day


def test_releasing_a_held_invoice(books: Books) -> None:
    invoice = books.invoice(books.customer())
    with tenant(books.id):
        invoicing.hold_invoices(
            invoice_ids=[invoice.id], reason=Hold.RETURNED, by=books.by, at=books.at
        )
    client = signed_in(books)
    assert "Release" in page(client, path(books, f"{invoice.id}/"))
    client.post(path(books, f"{invoice.id}/release/"))
    assert books.again(invoice).hold == Hold.NONE


def test_a_pay_link_is_revoked_after_a_question(books: Books) -> None:
    invoice = books.invoice(books.customer())
    client, link_path = signed_in(books), path(books, f"{invoice.id}/pay-link/")
    revocation = f"{link_path}revocation/"
    assert f'href="{revocation}"' in client.post(link_path).content.decode()
    assert f"Revoke the pay link of invoice {invoice.number}?" in page(client, revocation)
    with tenant(books.id):
        link = PayLink.objects.get(revoked_at=None)
    assert client.post(revocation).status_code == 302
    assert links.token(link) not in client.post(link_path).content.decode()
    with tenant(books.id):
        assert PayLink.objects.get(id=link.id).revoked_at


def test_looking_at_a_pay_link_page_makes_none(books: Books) -> None:
    invoice = books.invoice(books.customer())
    client = signed_in(books)
    assert "/pay/" not in page(client, path(books, f"{invoice.id}/pay-link/"))
    shown = client.post(path(books, f"{invoice.id}/pay-link/")).content.decode()
    assert f"{books.organization.slug}.localhost" in shown


def test_who_may_not(books: Books) -> None:
    invoice = books.invoice(books.customer())
    address = path(books, f"{invoice.id}/dispute/")
    assert onlooker(books).post(address, {"amount": "1", "reason": "x"}).status_code == 403
    stranger = signed_in(found_books())
    nothing = path(books, "01890000-0000-7000-8000-000000000000/")
    for asked in (path(books), path(books, f"{invoice.id}/"), nothing):
        assert stranger.get(asked).status_code == 404
    theirs = found_books()
    elsewhere = f"/o/{theirs.organization.slug}/invoices/{invoice.id}/"
    assert signed_in(theirs).get(elsewhere).status_code == 404
    assert Client(SERVER_NAME="localhost").get(path(books)).status_code == 302
    with tenant(books.id):
        assert Invoice.objects.get().disputed_amount == 0


def test_an_open_invoice_says_what_it_may_be_paid_with(books: Books) -> None:
    customer = books.customer()
    edit(books, customer, invoice_template=add_template(books, "By bank", "wire", "check"))
    invoice = books.invoice(customer)
    client = signed_in(books)
    shown = page(client, path(books, f"{invoice.id}/"))
    assert "By bank" in shown
    assert "Check, Wire" in shown
    edit(books, customer, invoice_template=None, payment_kinds=["card"])
    assert "Nothing that is offered" in page(client, path(books, f"{invoice.id}/"))
