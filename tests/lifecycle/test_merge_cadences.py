"""Own cadences of people and invoices, when customers or people are merged."""

from typing import Any

import pytest

from paidup.cadences import operations as cadences
from paidup.cadences.models import Assignment, Cadence, InvoiceAssignment, LinkAssignment
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.operations import link_contact
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.lifecycle.contacts import merge_contacts
from paidup.lifecycle.queries import preview
from tests.support.books import Books, found_books

from .cast import merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    """Books with the cadences Standard, Gentle and Firm."""
    made = found_books()
    with tenant(made.id):
        acts: dict[str, Any] = {"by": made.by, "at": made.at}
        standard = cadences.establish_default(organization=made.organization, **acts)
        for name in ("Gentle", "Firm"):
            cadences.add_cadence(name=name, copy_of=standard, **acts)
    return made


def give_person(books: Books, customer: Customer, email: str, name: str) -> None:
    with tenant(books.id):
        link = ContactLink.objects.get(customer=customer, contact__email=email)
        cadences.change_contact_cadence(
            link=link, cadence=Cadence.objects.get(name=name), by=books.by, at=books.at
        )


def give_invoice(books: Books, invoice: Invoice, name: str) -> None:
    with tenant(books.id):
        these: dict[str, Any] = {"invoice": invoice, "by": books.by, "at": books.at}
        if name:
            cadence = Cadence.objects.get(name=name)
            cadences.change_invoice_cadence(cadence=cadence, **these)
        else:
            cadences.remove_invoice_cadence(**these)


def of_people(books: Books) -> dict[tuple[str, str], str]:
    with tenant(books.id):
        rows = LinkAssignment.objects.values_list(
            "link__customer__name", "link__contact__email", "cadence__name"
        )
        return {(customer, email): name for customer, email, name in rows}


def of_invoices(books: Books) -> dict[Any, str | None]:
    with tenant(books.id):
        return dict(InvoiceAssignment.objects.values_list("invoice_id", "cadence__name"))


def test_they_go_along_to_the_target(books: Books) -> None:
    goes = books.customer("Globex", email="ann@payer.example")
    stays = books.customer("Initech", email="bob@payer.example")
    with tenant(books.id):
        both = [Contact.objects.get(email=email) for email in ("ann@payer.example",)]
        link_contact(customer=stays, contact=both[0], by=books.by, at=books.at)
    books.contact(goes, "cy@payer.example")
    invoice, out = books.invoice(goes), books.invoice(goes)
    give_person(books, goes, "ann@payer.example", "Gentle")
    give_person(books, goes, "cy@payer.example", "Firm")
    give_invoice(books, invoice, "Firm")
    give_invoice(books, out, "")
    merge(books, goes, stays)
    assert of_people(books) == {
        ("Initech", "ann@payer.example"): "Gentle",
        ("Initech", "cy@payer.example"): "Firm",
    }
    assert of_invoices(books) == {invoice.id: "Firm", out.id: None}


def test_who_has_one_at_both_keeps_that_at_the_target(books: Books) -> None:
    goes = books.customer("Globex", email="ann@payer.example")
    stays = books.customer("Initech")
    with tenant(books.id):
        link_contact(customer=stays, contact=Contact.objects.get(), by=books.by, at=books.at)
    give_person(books, goes, "ann@payer.example", "Gentle")
    give_person(books, stays, "ann@payer.example", "Firm")
    with tenant(books.id):
        assert preview(goes, stays).given_up == [("Ann", "Gentle", "Firm")]
    merge(books, goes, stays)
    assert of_people(books) == {("Initech", "ann@payer.example"): "Firm"}


@pytest.mark.parametrize("removed", ["source", "target"])
def test_where_the_cadences_of_one_were_removed_the_others_go(books: Books, removed: str) -> None:
    """What was given in spite of that stays."""
    goes = books.customer("Globex", email="ann@payer.example")
    stays = books.customer("Initech", email="bob@payer.example")
    strict, other = (goes, stays) if removed == "source" else (stays, goes)
    with tenant(books.id):
        cadences.remove_cadences(customer_ids=[strict.id], by=books.by, at=books.at)
    own = {goes.id: "ann@payer.example", stays.id: "bob@payer.example"}
    for customer in (goes, stays):
        give_person(books, customer, own[customer.id], "Gentle")
    kept, gone, out = books.invoice(strict), books.invoice(other), books.invoice(other)
    give_invoice(books, kept, "Firm")
    give_invoice(books, gone, "Firm")
    give_invoice(books, out, "")
    merge(books, goes, stays)
    assert of_people(books) == {("Initech", own[strict.id]): "Gentle"}
    assert of_invoices(books) == {kept.id: "Firm", out.id: None}
    with tenant(books.id):
        assert Assignment.objects.get().cadence is None


def test_of_people_who_are_one_the_place_that_stays_keeps_or_takes_over(books: Books) -> None:
    globex, initech, hooli = (books.customer(name) for name in ("Globex", "Initech", "Hooli"))
    ann, anna = books.contact(globex, "ann@payer.example"), books.contact(globex, "a@payer.example")
    with tenant(books.id):
        for customer in (initech, hooli):
            link_contact(customer=customer, contact=anna, by=books.by, at=books.at)
        link_contact(customer=initech, contact=ann, by=books.by, at=books.at)
    give_person(books, globex, "ann@payer.example", "Firm")
    for customer in (globex, initech, hooli):
        give_person(books, customer, "a@payer.example", "Gentle")
    with tenant(books.id):
        merge_contacts(into=ann.id, others=[anna.id], by=books.by, at=books.at)
    assert of_people(books) == {
        ("Globex", "ann@payer.example"): "Firm",
        ("Initech", "ann@payer.example"): "Gentle",
        ("Hooli", "ann@payer.example"): "Gentle",
    }
