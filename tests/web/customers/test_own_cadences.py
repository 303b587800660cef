"""The cadences of contacts and invoices: assigned on the record, changed where they stand."""

import pytest
from django.test import Client

from paidup.cadences.models import Cadence, InvoiceAssignment, LinkAssignment
from paidup.cadences.operations import add_cadence, establish_default
from paidup.customers.models import ContactLink, Customer
from paidup.invoicing.models import Invoice
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.roles import RoleDetails, add_role
from paidup.organizations.states import Level, Module
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, onlooker, signed_in

from .people import record_path, shown

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    made = found_books(at=clock.now())
    with tenant(made.id):
        standard = establish_default(organization=made.organization, by=made.by, at=made.at)
        add_cadence(name="Gentle", copy_of=standard, by=made.by, at=made.at)
    return made


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer("Globex", email="ann@payer.example")


@pytest.fixture
def invoice(books: Books, customer: Customer) -> Invoice:
    return books.invoice(customer, due_in=-8)


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def gentle(books: Books) -> str:
    with tenant(books.id):
        return str(Cadence.objects.get(name="Gentle").id)


def place(books: Books) -> ContactLink:
    with tenant(books.id):
        return ContactLink.objects.get()


def own(books: Books) -> tuple[list[str], list[str | None]]:
    """The cadences of people, and of invoices."""
    with tenant(books.id):
        return (
            list(LinkAssignment.objects.values_list("cadence__name", flat=True)),
            list(InvoiceAssignment.objects.values_list("cadence__name", flat=True)),
        )


def section(page: str) -> str:
    """What the record says of assigned cadences."""
    return page.partition("<h2>Assigned cadences</h2>")[2].partition("</section>")[0]


def test_they_are_assigned_from_the_record_and_stand_there(
    books: Books, client: Client, customer: Customer, invoice: Invoice
) -> None:
    record, link = record_path(books, customer), place(books)
    assignment = f"{record}cadence/assignment/"
    asked = shown(client, assignment)
    for words in ("Ann", invoice.number, "Gentle", "None: out of chasing"):
        assert words in asked
    assert client.post(assignment, {"of": link.id, "cadence": "none"}).status_code == 422
    assert client.post(assignment, {"of": customer.id, "cadence": "default"}).status_code == 422
    client.post(assignment, {"of": link.id, "cadence": gentle(books)})
    client.post(assignment, {"of": invoice.id, "cadence": "none"})
    assert own(books) == (["Gentle"], [None])
    page = shown(client, record)
    assert "Own cadence: Gentle" in page
    for words in ("<dd>Standard</dd>", "<dt>Ann</dt>", "<dd>Gentle</dd>", "out of chasing"):
        assert words in section(page)
    assert invoice.number in section(page)
    client.post(assignment, {"of": link.id, "cadence": "default"})
    client.post(assignment, {"of": invoice.id, "cadence": "default"})
    assert own(books) == ([], [])
    client.post(assignment, {"of": link.id, "cadence": gentle(books)})
    with tenant(books.id):
        Customer.objects.update(state="inactive")
    assert "Gentle" not in section(shown(client, record)), "nobody goes by it now"
    timeline = shown(client, f"{record}?tab=timeline")
    for words in ("Cadence of Ann changed", f"{invoice.number} taken out of chasing"):
        assert words in timeline


def test_they_can_all_be_removed_also_where_the_customer_has_none(
    books: Books, client: Client, customer: Customer, invoice: Invoice
) -> None:
    record = record_path(books, customer)
    removal = f"{record}cadence/removal/"
    assert removal in shown(client, record)
    client.post(removal)
    client.post(f"{record}cadence/assignment/", {"of": invoice.id, "cadence": "none"})
    assert removal not in shown(client, record), "nobody is reminded of anything"
    client.post(f"{record}cadence/assignment/", {"of": invoice.id, "cadence": gentle(books)})
    assert removal in shown(client, record)
    client.post(removal)
    assert own(books) == ([], [])


def test_an_invoices_is_changed_on_its_page(books: Books, client: Client, invoice: Invoice) -> None:
    page = f"/o/{books.organization.slug}/invoices/{invoice.id}/"
    assert 'Standard <span class="faint">the default one' in shown(client, page)
    change = f"{page}cadence/"
    assert change in shown(client, page)
    assert "The customer&#x27;s: Standard" in shown(client, change)
    assert client.post(change, {"cadence": gentle(books)}).headers["Location"] == page
    assert 'Gentle <span class="faint">own' in shown(client, page)
    client.post(change, {"cadence": "none"})
    assert 'None <span class="faint">out of chasing' in shown(client, page)
    assert own(books) == ([], [None])
    with tenant(books.id):
        Invoice.objects.update(state="paid", open_amount=0)
    refused = client.post(change, {"cadence": "default"})
    assert refused.status_code == 422
    assert "is not open any more" in refused.content.decode()


def test_a_persons_page_says_whose_cadence_it_is(
    books: Books, client: Client, customer: Customer
) -> None:
    link = place(books)
    person = f"/o/{books.organization.slug}/contacts/{link.contact_id}/"
    assert 'Standard<span class="faint"> · the default one' in shown(client, person)
    change = f"{record_path(books, customer)}contacts/{link.id}/cadence/"
    assert change in shown(client, person)
    assert "Cadence of Ann" in shown(client, change)
    client.post(change, {"cadence": gentle(books)})
    assert 'Gentle<span class="faint"> · own' in shown(client, person)
    cadences = shown(client, f"/o/{books.organization.slug}/cadences/")
    assert "1 contact assigned" in cadences


def test_who_may_not_change_contacts_or_invoices_is_not_offered_them(
    books: Books, customer: Customer, invoice: Invoice
) -> None:
    assignment = f"{record_path(books, customer)}cadence/assignment/"
    assert onlooker(books).get(assignment).status_code == 403
    levels = {Module.CUSTOMERS: Level.EDIT, Module.CONTACTS: Level.EDIT}
    with tenant(books.id):
        details = RoleDetails(name="People", limited=False, levels=levels)
        role = add_role(details=details, by=books.by, at=books.at)
    client = client_of(member_with(books, role).user)
    assert invoice.number not in shown(client, assignment)
    sent = client.post(assignment, {"of": invoice.id, "cadence": gentle(books)})
    assert sent.status_code == 422
    client.post(assignment, {"of": place(books).id, "cadence": gentle(books)})
    assert own(books) == (["Gentle"], [])
    with tenant(books.id):
        InvoiceAssignment.objects.create(organization_id=books.id, invoice=invoice)
    assert invoice.number not in section(shown(client, record_path(books, customer)))
