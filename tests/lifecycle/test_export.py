"""One customer's whole data as a ZIP: all of it, nothing of others, and no secret."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from django.db import models

from paidup.communications import operations as communications
from paidup.communications.blocks import Button, InvoiceRow, InvoiceTable, Paragraph
from paidup.communications.states import Purpose
from paidup.config.cli import commands
from paidup.customers import operations as customers
from paidup.customers.models import Contact, Customer
from paidup.history.models import Event
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.lifecycle.contents import EXPORTED, LEFT_OUT
from paidup.lifecycle.export import export_customer
from paidup.payments.models import PaymentMethod
from tests.support.books import Books, found_books

from .cast import customer_with_everything, merge
from .tables import ours

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def books(committed: None) -> Books:
    return found_books()


def archive(books: Books, customer: Customer) -> ZipFile:
    with tenant(books.id):
        pieces = export_customer(customer=customer, by=books.by, at=books.at)
    found = ZipFile(io.BytesIO(b"".join(pieces)))
    assert found.testzip() is None
    return found


def rows(found: ZipFile, name: str) -> list[dict[str, Any]]:
    """A table's rows, which JSON and CSV have alike."""
    read: list[dict[str, Any]] = json.loads(found.read(f"{name}.json"))
    lines = list(csv.DictReader(io.StringIO(found.read(f"{name}.csv").decode("utf-8-sig"))))
    assert len(read) == len(lines), name
    assert all(set(row) == set(line) for row, line in zip(read, lines, strict=True)), name
    return read


def test_every_table_that_leads_to_a_customer_is_in_it_or_left_out_with_a_reason() -> None:
    reached: set[type[models.Model]] = {Customer, Contact}
    before: set[type[models.Model]] = set()
    while reached != before:
        before = set(reached)
        reached |= {
            model
            for model in ours()
            for field in model._meta.local_fields
            if field.related_model in before or field.attname == "customer_id"
        }
    # What events say of persons leads to them without a key.
    named = set(EXPORTED) | set(LEFT_OUT)
    assert reached <= named, "Name these in paidup/lifecycle/contents.py."
    assert {model.__name__ for model in named - reached} == {"PersonalData"}
    assert not set(EXPORTED) & set(LEFT_OUT)
    assert all(LEFT_OUT.values())


def test_all_of_one_customer_and_nothing_of_others(books: Books) -> None:
    customer, other = (
        customer_with_everything(books, name) for name in ("Globex Inc", "Initech Ltd")
    )
    with tenant(books.id):
        invoice = Invoice.objects.filter(customer=customer, open_amount__gt=0)[0]
        invoicing.open_dispute(
            invoice=invoice, amount=invoice.open_amount, reason="Too much", on=books.on,
            by=books.by, at=books.at,
        )  # fmt: skip
    found = archive(books, customer)
    filled = {
        part.name
        for part in EXPORTED.values()
        if part.name != "customer" and rows(found, part.name)
    }
    assert set(filled) >= {
        "merged-customers", "other-balances", "contacts", "contact-places", "notes", "todos",
        "invoices", "invoice-lines", "invoice-custom-fields", "disputes", "payments", "credits",
        "allocations",
        "payment-methods", "mandates", "pay-links", "charges", "charged-invoices", "charge-facts",
        "auto-pay-schedules", "messages", "events",
    }  # fmt: skip
    itself = json.loads(found.read("customer.json"))
    assert (itself["name"], itself["billing_owner"]) == ("Globex Inc", books.owner.name)
    assert [row["reason"] for row in rows(found, "disputes")] == ["Too much"]
    kinds = [row["kind"] for row in rows(found, "events")]
    assert kinds.count("customer.added") == 2, "also what befell the one merged into it"
    assert kinds[-1] == "customer.exported"

    everything = b"".join(
        found.read(name) for name in found.namelist() if name.endswith(("json", "csv"))
    )
    with tenant(books.id):
        tokens = PaymentMethod.objects.filter(customer=customer).values_list("token", flat=True)
        theirs = Contact.objects.filter(email__startswith="initech").values_list("id", flat=True)
        assert tokens
        assert theirs
        for secret in (*tokens, *theirs, "Initech", other.id, other.number):
            assert str(secret).encode() not in everything
        numbers = Invoice.objects.filter(customer=customer).values_list("number", flat=True)
        pdfs = {name for name in found.namelist() if name.startswith("invoices/")}
        assert pdfs == {f"invoices/{number}.pdf" for number in numbers}
    assert all(found.read(pdf).startswith(b"%PDF") for pdf in pdfs)
    readme = found.read("README.txt").decode()
    assert "Globex Inc" in readme
    for name in set(found.namelist()) - {"README.txt"}:
        stem = name.split("/")[0].rpartition(".")[0] or "invoices/"
        assert stem in readme, f"The README doesn't say what {name} is."


def test_mails_say_nothing_of_others_and_open_nothing(books: Books) -> None:
    customer, other = books.customer("Globex", email="ann@globex.test"), books.customer("Initech")
    link = "https://books.test/pay/s3cret-t0ken/"
    with tenant(books.id):
        person = Contact.objects.get(email="ann@globex.test")
        for key, about in (("own", [customer.id]), ("both", [customer.id, other.id])):
            communications.queue_messages(
                [
                    communications.NewMessage(
                        purpose=Purpose.REMINDER,
                        to_address=f"{key}@globex.test",
                        subject=f"About {key}",
                        blocks=[
                            Paragraph(f"What {key} owe: {link}?from=mail"),
                            Button("Pay", link),
                            InvoiceTable("USD", (InvoiceRow(key, books.on, Decimal(7), link),)),
                        ],
                        intent_key=key,
                        contact_id=person.id,
                        customer_ids=about,
                        reminder_on=books.on + timedelta(days=len(about)),
                    )
                ],
                by=books.by,
                at=books.at,
            )
    found = archive(books, customer)
    own, both = rows(found, "messages")
    assert own["subject"] == "About own"
    assert own["blocks"][0]["text"] == "What own owe: https://books.test/pay/…/?from=mail"
    assert own["blocks"][1]["url"] == "https://books.test/pay/…/"
    assert (both["subject"], both["blocks"], both["to_address"]) == ("", [], "both@globex.test")
    for name in found.namelist():
        if name != "README.txt":
            text = found.read(name).decode()
            assert "s3cret" not in text, name
            assert "About both" not in text, name
    personal = {row["subject_id"]: row["personal"] for row in rows(found, "events")}
    assert personal[own["id"]]
    assert not personal[both["id"]]


def test_it_leaves_an_event(books: Books) -> None:
    customer = books.customer()
    archive(books, customer)
    with tenant(books.id):
        event = Event.objects.get(kind="customer.exported")
    assert (event.customer_id, event.actor_id) == (customer.id, books.owner.id)


def test_formulas_and_paths_of_others_do_no_harm(books: Books) -> None:
    customer = books.customer()
    with tenant(books.id):
        customers.add_note(customer=customer, text="=1+1", by=books.by, at=books.at)
    bill = books.invoice(customer)
    with tenant(books.id):
        Invoice.objects.filter(id=bill.id).update(number="../../etc/x")
    found = archive(books, customer)
    assert "'=1+1" in found.read("notes.csv").decode()
    assert [note["text"] for note in json.loads(found.read("notes.json"))] == ["=1+1"]
    assert [name for name in found.namelist() if "etc" in name] == ["invoices/_.._etc_x.pdf"]


def test_the_command(books: Books, tmp_path: Path) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    number = source.number
    merge(books, source, target)
    file = tmp_path / "globex.zip"
    command = ["customer", "export", number, str(file), "--organization", books.organization.slug]
    result = CliRunner().invoke(commands, [*command, "--json"])
    assert json.loads(result.stdout)["customer"] == target.number
    assert json.loads(ZipFile(file).read("customer.json"))["id"] == str(target.id)
    again = CliRunner().invoke(commands, command)
    assert (again.exit_code, "exists already" in again.output) == (1, True)
    unknown = CliRunner().invoke(
        commands, [*command[:2], "Z-0", str(tmp_path / "z.zip"), *command[4:]]
    )
    assert "No customer has the account number Z-0" in unknown.output
    assert not (tmp_path / "z.zip").exists()
