"""The composer: opened, refused with nothing lost, sent, undone, and what it shows of that."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from paidup.communications.models import Message
from paidup.correspondence.operations import establish_templates
from paidup.customers.models import Contact, Customer
from paidup.invoicing.models import Invoice
from paidup.lib import clock
from paidup.lib.ids import new_id
from paidup.lib.tenancy import tenant
from paidup.organizations import roles
from paidup.organizations.roles import RoleDetails
from paidup.organizations.states import Level, Module
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, onlooker, signed_in

from .people import record_path, shown

pytestmark = pytest.mark.usefixtures("db")

TICKED = re.compile(r'name="(\w+)"\s+value="([^"]+)"\s+checked')


@pytest.fixture
def books() -> Books:
    books = found_books(at=clock.now())
    with tenant(books.id):
        establish_templates(organization=books.organization, by=books.by, at=books.at)
    return books


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer(email="ann@globex.example")


@pytest.fixture
def invoice(books: Books, customer: Customer) -> Invoice:
    return books.invoice(customer, "120.00", due_in=-3)


def ann(books: Books) -> Contact:
    with tenant(books.id):
        return Contact.objects.get(name="Ann")


def letter(books: Books, **changes: Any) -> dict[str, Any]:
    words = {"subject": "Hello {{ contact.name }}", "body": "A word, {{ contact.name }}."}
    return {"mail_id": str(new_id()), "to": [str(ann(books).id)], **words, **changes}


def ticked(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in TICKED.findall(page):
        found.setdefault(name, []).append(value)
    return found


def test_it_opens_at_what_was_asked_for(
    books: Books, client: Client, customer: Customer, invoice: Invoice
) -> None:
    with tenant(books.id):
        bob = books.contact(customer, "bob@globex.example")
        Contact.objects.filter(id=bob.id).update(bounced_at=books.at)
        books.contact(customer, "cy@globex.example")
        Contact.objects.filter(name="Cy").update(email="")
    record = shown(client, record_path(books, customer))
    assert "Send E-mail" in record
    assert f"{record_path(books, customer)}mail/?about=invoices" in record
    note = shown(client, record_path(books, customer, "note/"))
    assert re.search(r'id="panel-mail"[^>]*hidden', note)
    assert not re.search(r'id="panel-note"[^>]*hidden', note)
    plain = shown(client, record_path(books, customer, "mail/"))
    assert ticked(plain) == {"to": [str(ann(books).id)]}
    assert "A message from {{ organization.name }}" in plain
    assert "mail came back as undeliverable" in plain
    assert "no e-mail address" in plain
    assert plain.count("disabled>") == 2
    sending = shown(client, record_path(books, customer, "mail/"), about="invoices")
    assert ticked(sending) == {"to": [str(ann(books).id)], "invoices": [str(invoice.id)]}
    assert "Enclosed: {{ invoices.summary }}" in sending


def test_from_sending_to_undoing(
    books: Books, client: Client, customer: Customer, invoice: Invoice
) -> None:
    written = letter(books, invoices=[str(invoice.id)])
    answer = client.post(record_path(books, customer, "mail/"), written)
    assert answer.status_code == 302
    page = shown(client, answer["Location"])
    undo = record_path(books, customer, f"mails/{written['mail_id']}/withdrawal/")
    assert "The e-mail to Ann leaves in a moment." in page
    assert page.count(f'hx-post="{undo}"') == 2, "in the toast and in the tab"
    assert "by owner" in page
    with tenant(books.id):
        message = Message.objects.get()
    assert message.subject == "Hello Ann"
    path = record_path(books, customer, f"messages/{message.id}/")
    assert undo in shown(client, f"{path}state/")
    assert invoice.number in shown(client, f"{path}mail/")
    answer = client.post(undo)
    again = shown(client, answer["Location"])
    assert "A word, {{ contact.name }}." in again, "as it was typed"
    assert ticked(again) == {"to": written["to"], "invoices": written["invoices"]}
    assert "Withdrawn" in shown(client, f"{path}state/")
    assert undo not in shown(client, f"{path}state/")
    timeline = shown(client, record_path(books, customer), tab="timeline")
    assert "E-mail “Hello Ann” to ann@globex.example withdrawn" in timeline
    assert client.post(undo.replace(written["mail_id"], str(new_id()))).status_code == 404


def test_what_has_left_cannot_be_undone(books: Books, client: Client, customer: Customer) -> None:
    written = letter(books)
    answer = client.post(record_path(books, customer, "mail/"), written)
    undo = record_path(books, customer, f"mails/{written['mail_id']}/withdrawal/")
    assert undo in shown(client, answer["Location"])
    with tenant(books.id):
        Message.objects.update(state="sent", sent_at=books.at)
    page = shown(client, client.post(undo)["Location"])
    assert "has left already" in page
    assert undo not in page


def test_a_refusal_keeps_what_was_typed(
    books: Books, client: Client, customer: Customer, invoice: Invoice
) -> None:
    path = record_path(books, customer, "mail/")
    for changes, said in (
        ({"body": "Dear {{ contact.nme }}"}, "did you mean {{ contact.name }}?"),
        ({"body": "{{ invoices }}"}, "{{ invoices }} is empty here"),
        ({"to": []}, "Choose at least one contact to write to."),
    ):
        written = letter(books) | changes
        answer = client.post(path, written)
        assert answer.status_code == 422
        page = unescape(answer.content.decode())
        assert said in page
        assert str(written["body"]) in page
        preview = client.post(f"{path}preview/", written)
        assert preview.status_code == 422
        assert said in unescape(preview.content.decode())
    assert client.post(record_path(books, customer, "note/"), {"text": ""}).status_code == 422
    paid = letter(books, invoices=[str(invoice.id)])
    with tenant(books.id):
        Invoice.objects.update(state="paid", open_amount=0)
    answer = client.post(path, paid)
    assert "isn't open any more" in unescape(answer.content.decode())
    with tenant(books.id):
        assert not Message.objects.exists()


def test_the_preview_shows_what_each_would_get(
    books: Books, client: Client, customer: Customer, invoice: Invoice
) -> None:
    bob = books.contact(customer, "bob@globex.example")
    to = [str(ann(books).id), str(bob.id)]
    written = letter(books, to=to, invoices=[str(invoice.id)], preview_for=str(bob.id))
    path = record_path(books, customer, "mail/preview/")
    facts = client.post(path, written).content.decode()
    assert "Hello Bob" in facts
    assert f"{invoice.number}.pdf" in facts
    mail = client.post(f"{path}mail/", written)
    assert "sandbox" in mail["Content-Security-Policy"]
    assert "A word, Bob." in mail.content.decode()
    assert "$120.00" in mail.content.decode()


def test_each_role_gets_its_kinds(books: Books, customer: Customer, invoice: Invoice) -> None:
    looking = shown(onlooker(books), record_path(books, customer))
    assert "Send E-mail" not in looking
    assert "Send Invoices" not in looking
    levels = {Module.CUSTOMERS: Level.VIEW, Module.COMMUNICATIONS: Level.EDIT}
    with tenant(books.id):
        role = roles.add_role(
            details=RoleDetails(name="Writer", limited=False, levels=levels),
            by=books.by,
            at=books.at,
        )
    client = client_of(member_with(books, role).user)
    path = record_path(books, customer, "mail/")
    page = shown(client, path)
    assert 'id="compose-note"' not in page
    assert invoice.number not in page
    assert client.post(path, letter(books, invoices=[str(invoice.id)])).status_code == 422
    assert client.post(path, letter(books, body="{{ account }}")).status_code == 422
    assert client.post(path, letter(books)).status_code == 302
