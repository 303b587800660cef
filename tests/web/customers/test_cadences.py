"""Which cadence a customer has: on its record, in the list, for many, and at its people."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client

from paidup.cadences.models import Assignment, Cadence
from paidup.cadences.operations import add_cadence, establish_default
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.operations import link_contact
from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Member
from paidup.organizations.roles import RoleDetails, add_role
from paidup.organizations.states import Level, Module
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, onlooker, signed_in

from .people import customers_path, names, record_path, shown

pytestmark = pytest.mark.usefixtures("db")
WorkOff = Callable[[], int]


@pytest.fixture
def books() -> Books:
    """Books with two cadences and two customers that owe."""
    made = found_books(at=clock.now())
    with tenant(made.id):
        standard = establish_default(organization=made.organization, by=made.by, at=made.at)
        add_cadence(name="Gentle", copy_of=standard, by=made.by, at=made.at)
    for name in ("Globex", "Initech"):
        made.invoice(made.customer(name, email=f"{name.lower()}@payer.example"), due_in=-8)
    return made


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def customer(books: Books, name: str = "Globex") -> Customer:
    with tenant(books.id):
        return Customer.objects.get(name=name)


def cadence(books: Books, name: str = "Gentle") -> Cadence:
    with tenant(books.id):
        return Cadence.objects.get(name=name)


def assigned(books: Books) -> dict[str, str | None]:
    with tenant(books.id):
        return dict(Assignment.objects.values_list("customer__name", "cadence__name"))


def test_it_is_changed_removed_and_given_back(books: Books, client: Client) -> None:
    globex = customer(books)
    record = record_path(books, globex)
    assert "<dd>Standard</dd>" in shown(client, record)
    asked = shown(client, f"{record}cadence/")
    for words in ("The default one: Standard", "Gentle", "the latest step that their age allows"):
        assert words in asked
    client.post(f"{record}cadence/", {"cadence": cadence(books).id})
    assert assigned(books) == {"Globex": "Gentle"}
    page = shown(client, record)
    assert "<dd>Gentle</dd>" in page
    assert "Remove Cadences" in page
    assert "Remove the cadences of Globex?" in shown(client, f"{record}cadence/removal/")
    client.post(f"{record}cadence/removal/")
    assert assigned(books) == {"Globex": None}
    page = shown(client, record)
    assert "<dd>None</dd>" in page
    assert "Remove Cadences" not in page
    preview = shown(client, f"/o/{books.organization.slug}/cadences/preview/")
    assert "No cadence" in preview
    assert "Choose a cadence" in shown(client, f"{record}cadence/")
    client.post(f"{record}cadence/", {"cadence": "default"})
    assert assigned(books) == {}
    timeline = shown(client, f"{record}?tab=timeline")
    for words in ("Cadence changed", "Cadences removed", "Gentle"):
        assert words in timeline


def test_a_cadence_that_is_none_is_refused(books: Books, client: Client) -> None:
    address = f"{record_path(books, customer(books))}cadence/"
    for none in (customer(books).id, ""):
        assert client.post(address, {"cadence": none}).status_code == 422
    assert onlooker(books).post(address, {"cadence": "default"}).status_code == 403
    assert assigned(books) == {}


def test_the_list_is_filtered_by_cadence_and_shows_it(books: Books, client: Client) -> None:
    path, gentle = customers_path(books), cadence(books)
    client.post(f"{record_path(books, customer(books))}cadence/", {"cadence": gentle.id})
    assert names(shown(client, path, cadence=gentle.id)) == ["Globex"]
    assert names(shown(client, path, cadence=cadence(books, "Standard").id)) == ["Initech"]
    assert names(shown(client, path, cadence=gentle.id, q="initech")) == []
    assert names(shown(client, path, cadence="none")) == []
    assert names(shown(client, path, cadence="nonsense")) == ["Globex", "Initech"]
    offered = " ".join(shown(client, f"{path}filters/?cadence={gentle.id}").split())
    assert f'<option value="{gentle.id}" selected>Gentle' in offered
    with tenant(books.id):
        Member.objects.filter(id=books.owner.id).update(list_columns={"customers": ["cadence"]})
    page = shown(client, path)
    assert page.index("Gentle") < page.index("Standard")
    answer = client.get(f"{path}customers.csv", {"cadence": str(gentle.id)})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["Customer"], row["Cadence"]) == ("Globex", "Gentle")


def test_many_are_given_one_or_lose_theirs(books: Books, client: Client, work_off: WorkOff) -> None:
    gentle = cadence(books)
    change = customers_path(books, "batches/new/change_cadence/?all=1")
    assert "the latest step that their age allows" in shown(client, change)
    assert client.post(change, {"cadence": gentle.id, "typed": "3"}).status_code == 422
    client.post(change, {"cadence": gentle.id, "typed": "2"})
    work_off()
    assert assigned(books) == {"Globex": "Gentle", "Initech": "Gentle"}
    remove = customers_path(books, f"batches/new/remove_cadences/?customer={customer(books).id}")
    assert "until you choose a cadence again" in shown(client, remove)
    client.post(remove, {"typed": "1"})
    work_off()
    assert assigned(books) == {"Globex": None, "Initech": "Gentle"}
    assert client.post(change, {"cadence": "", "typed": "2"}).status_code == 422
    client.post(change, {"cadence": "default", "typed": "2"})
    work_off()
    assert assigned(books) == {}
    with tenant(books.id):
        events = Event.objects.filter(kind__startswith="customer.cadence")
        assert events.count() == 5


def test_a_cadence_removed_meanwhile_is_refused_to_each(
    books: Books, client: Client, work_off: WorkOff
) -> None:
    change = customers_path(books, "batches/new/change_cadence/?all=1")
    started = client.post(change, {"cadence": cadence(books).id, "typed": "2"})
    with tenant(books.id):
        Cadence.objects.filter(name="Gentle").update(removed_at=books.at)
    work_off()
    assert "This cadence was removed meanwhile" in shown(client, started.headers["Location"])
    assert assigned(books) == {}


def test_a_merger_says_that_the_cadences_stay_removed(books: Books, client: Client) -> None:
    globex, initech = customer(books), customer(books, "Initech")
    client.post(f"{record_path(books, globex)}cadence/removal/")
    merger = shown(client, f"{record_path(books, initech)}merger/?from={globex.id}")
    assert "Cadence: None instead of Standard" in " ".join(merger.split())
    merger = shown(client, f"{record_path(books, globex)}merger/?from={initech.id}")
    assert "Cadence:" not in merger


def test_a_merger_says_that_own_ones_are_removed_too(books: Books, client: Client) -> None:
    globex, initech = customer(books), customer(books, "Initech")
    with tenant(books.id):
        link = ContactLink.objects.get(customer=initech)
    own = f"{record_path(books, initech)}contacts/{link.id}/cadence/"
    client.post(own, {"cadence": cadence(books).id})
    address = f"{record_path(books, globex)}merger/?from={initech.id}"
    words = "Cadences of single contacts and invoices: Removed"
    assert words not in " ".join(shown(client, address).split())
    client.post(f"{record_path(books, globex)}cadence/removal/")
    assert words in " ".join(shown(client, address).split())


def test_a_merger_says_whose_own_one_is_given_up_for_another(books: Books, client: Client) -> None:
    globex, initech = customer(books), customer(books, "Initech")
    with tenant(books.id):
        person = Contact.objects.get(email="globex@payer.example")
        link_contact(customer=initech, contact=person, by=books.by, at=books.at)
        places = dict(ContactLink.objects.filter(contact=person).values_list("customer", "id"))
    for one, name in ((globex, "Gentle"), (initech, "Standard")):
        address = f"{record_path(books, one)}contacts/{places[one.id]}/cadence/"
        client.post(address, {"cadence": cadence(books, name).id})
    merger = f"{record_path(books, initech)}merger/?from={globex.id}"
    words = f"Cadence of {person.name}: Standard instead of Gentle"
    assert words in " ".join(shown(client, merger).split())
    levels = {Module.CUSTOMERS: Level.EDIT}
    with tenant(books.id):
        details = RoleDetails(name="Merging", limited=False, levels=levels)
        role = add_role(details=details, by=books.by, at=books.at)
    assert "Cadence of" not in shown(client_of(member_with(books, role).user), merger)


def test_a_persons_page_shows_the_cadence_of_each_customer(books: Books, client: Client) -> None:
    globex, initech = customer(books), customer(books, "Initech")
    with tenant(books.id):
        person = Contact.objects.get(email="globex@payer.example")
        link_contact(customer=initech, contact=person, by=books.by, at=books.at)
    client.post(f"{record_path(books, globex)}cadence/", {"cadence": cadence(books).id})
    client.post(f"{record_path(books, initech)}cadence/removal/")
    page = shown(client, f"/o/{books.organization.slug}/contacts/{person.id}/")
    cells = [cell.partition("<")[0] for cell in page.split('<td class="soft">')[1:]]
    assert cells == ["Gentle", "–"]
