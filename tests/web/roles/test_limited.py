"""What a limited member may do, and what is reckoned for such a member."""

import re

import pytest
from django.test import Client

from paidup.communications import operations as communications
from paidup.communications.states import Purpose
from paidup.customers import operations as customers
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.lib import clock
from paidup.lib.tenancy import limit_to, tenant
from paidup.organizations import roles
from paidup.organizations.models import Member, TenantModel
from paidup.organizations.roles import RoleDetails
from paidup.payments import operations as payments
from paidup.reporting.aging import aging
from paidup.todos.operations import add_todo
from tests.support.books import Books, found_books
from tests.web.roles.cast import LIMITED
from tests.web.staff import client_of, member_with

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def lee(books: Books) -> Member:
    details = RoleDetails(name="Own customers", limited=True, levels=LIMITED)
    with tenant(books.id):
        role = roles.add_role(details=details, by=books.by, at=books.at)
    return member_with(books, role, "Lee Limited")


@pytest.fixture
def client(lee: Member) -> Client:
    return client_of(lee.user)


def own(books: Books, member: Member, name: str = "Ownwell", *, as_: str = "manager") -> Customer:
    customer = books.customer(name, email=f"{name.lower()}@example.test")
    with tenant(books.id):
        if as_ == "billing_owner":
            customers.change_owner(customer=customer, owner=member, by=books.by, at=books.at)
        else:
            customers.edit_customer(customer=customer, by=books.by, at=books.at, **{as_: member})  # type: ignore[arg-type]  # an owner field
    return customer


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/{rest}"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("field", ["billing_owner", "account_manager", "sales_rep", "manager"])
def test_any_owner_field_shows_the_customer(
    books: Books, lee: Member, client: Client, field: str
) -> None:
    customer, hidden = own(books, lee, as_=field), books.customer("Hiddenco")
    assert client.get(path(books, f"customers/{customer.id}/")).status_code == 200
    assert client.get(path(books, f"customers/{hidden.id}/")).status_code == 404


def test_sums_and_counts_are_of_what_is_seen(books: Books, lee: Member, client: Client) -> None:
    books.invoice(own(books, lee), "120.00", due_in=-3)
    books.invoice(own(books, lee, "Second"), "30.00")
    for number in range(3):
        books.invoice(books.customer(f"Hiddenco {number}", email=f"h{number}@example.test"), "9.00")
    assert "$150.00" in page(client, path(books))
    listed = page(client, path(books, "customers/totals/"))
    assert 'id="count-active" hx-swap-oob="true">2<' in listed
    assert "$150.00" in listed
    assert re.search(r'class="total"[^>]*>\s*2\s*<', page(client, path(books, "contacts/")))
    assert re.search(r"\b5\b", page(client_of(books.owner.user), path(books, "contacts/")))
    lines = b"".join(client.get(path(books, "customers/customers.csv")).streaming_content)  # type: ignore[attr-defined]  # a streamed answer
    assert len(lines.decode().strip().splitlines()) == 3
    with tenant(books.id), limit_to(lee.id):
        [aged] = aging(books.on)
    assert aged.receivable == 150


def test_a_hidden_parent_stays_and_its_number_is_unknown(
    books: Books, lee: Member, client: Client
) -> None:
    parent, customer = books.customer("Hiddenco"), own(books, lee)
    with tenant(books.id):
        customers.edit_customer(customer=customer, parent=parent, by=books.by, at=books.at)
    address = path(books, f"customers/{customer.id}/details/")
    form = {"name": "Ownwell Ltd", "terms_days": "30", "language": "en", "manager": str(lee.id)}
    assert client.post(address, form | {"number": "X-1"}).status_code == 302
    with tenant(books.id):
        customer.refresh_from_db()
    assert (customer.name, customer.parent_id) == ("Ownwell Ltd", parent.id)
    assert customer.number != "X-1", "numbers that are taken would tell of other customers"
    for number in (parent.number, "C-99999"):
        answer = client.post(address, form | {"parent": number})
        assert f"No customer has the account number {number}" in answer.content.decode()


def test_a_customer_given_away_is_gone(books: Books, lee: Member, client: Client) -> None:
    customer = own(books, lee, as_="billing_owner")
    address = path(books, f"customers/{customer.id}/owner/")
    answer = client.post(address, {"owner": str(books.owner.id)})
    assert answer["Location"] == path(books, "customers/")
    assert client.get(path(books, f"customers/{customer.id}/")).status_code == 404


def test_a_task_goes_only_to_who_sees_the_customer(books: Books, lee: Member) -> None:
    owner = client_of(books.owner.user)
    for customer, offered in ((own(books, lee), True), (books.customer("Hiddenco"), False)):
        with tenant(books.id):
            todo = add_todo(kind="task", title="Call", customer=customer, by=books.by, at=books.at)
        assert todo
        for address in (f"customers/{customer.id}/todo/", f"todos/{todo.id}/assignment/"):
            assert ("Lee Limited" in page(owner, path(books, address))) is offered


def shared(books: Books, lee: Member) -> tuple[Customer, Customer, Contact]:
    """A customer that is seen, one that isn't, and a person at both."""
    seen, hidden = own(books, lee), books.customer("Hiddenco")
    with tenant(books.id):
        person = Contact.objects.get()
        customers.link_contact(customer=hidden, contact=person, by=books.by, at=books.at)
    return seen, hidden, person


def test_a_person_of_hidden_customers_stays_as_it_is(
    books: Books, lee: Member, client: Client
) -> None:
    """Who changes a person changes where the hidden customers' mail goes."""
    seen, _hidden, person = shared(books, lee)
    with tenant(books.id):
        other = customers.add_contact(
            customer=seen, name="Eve", email="eve@evil.test", by=books.by, at=books.at
        )
        place = ContactLink.objects.get(customer=seen, contact=person)
    form = {"name": person.name, "email": "eve@evil.test", "phone": "", "language": "en"}
    place_form = form | {"role": "billing", "messages": ["gets_invoices"]}
    for address, data in (
        (f"contacts/{person.id}/details/", form),
        (f"customers/{seen.id}/contacts/{place.id}/", place_form),
        ("contacts/merging/", {"contact": [person.id, other.id], "keep": other.id}),
        ("contacts/merging/", {"contact": [person.id, other.id], "keep": person.id}),
    ):
        answer = client.post(path(books, address), data)
        assert answer.status_code == 422, address
        assert "Only a colleague who sees all customers" in answer.content.decode()
    with tenant(books.id):
        person.refresh_from_db()
        assert person.email == "ownwell@example.test"
        assert ContactLink.objects.filter(contact=person).count() == 2
    # The place at one's own customer is one's own to change.
    mine = place_form | {"email": person.email}
    answer = client.post(path(books, f"customers/{seen.id}/contacts/{place.id}/"), mine)
    assert answer.status_code == 302
    with tenant(books.id):
        place.refresh_from_db()
    assert (place.gets_invoices, place.gets_reminders) == (True, False)


def test_a_mail_about_hidden_customers_too_is_told_of_nowhere(
    books: Books, lee: Member, client: Client
) -> None:
    seen, hidden, person = shared(books, lee)
    with tenant(books.id):
        for key, about in (("one", [seen.id]), ("both", [seen.id, hidden.id])):
            communications.queue_messages(
                [
                    communications.NewMessage(
                        purpose=Purpose.INVOICE,
                        to_address=person.email,
                        subject=f"About {key}",
                        blocks=[],
                        intent_key=key,
                        contact_id=person.id,
                        customer_ids=about,
                    )
                ],
                by=books.by,
                at=books.at,
            )
    boss = client_of(books.owner.user)
    for address in (
        f"customers/{seen.id}/?tab=timeline",
        f"customers/{seen.id}/?tab=communication",
        f"customers/{seen.id}/panel/",
        f"contacts/{person.id}/",
        f"contacts/{person.id}/?show=all",
    ):
        assert "About both" in page(boss, path(books, address)), address
        told = page(client, path(books, address))
        assert "About both" not in told, address
        assert "About one" in told, address


def test_operations_are_not_narrowed(books: Books, lee: Member) -> None:
    """What decides about money reads `of`, which no limit touches."""
    customer: TenantModel = books.customer("Hiddenco")
    with tenant(books.id), limit_to(lee.id):
        assert Customer.objects.of(books.id).filter(id=customer.id).exists()
        assert not Customer.objects.visible(books.id).exists()


def test_a_method_goes_only_to_a_customer_that_is_seen(
    books: Books, lee: Member, client: Client
) -> None:
    mine, hidden = own(books, lee), books.customer("Hiddenco")
    method = books.method(mine)
    there = path(books, f"customers/{mine.id}/method/transfer/")
    assert "Hiddenco" not in page(client, f"{there}?q=Hidenco")
    assert client.get(f"{there}?to={hidden.id}").status_code == 404
    assert client.post(f"{there}?to={hidden.id}").status_code == 404
    with tenant(books.id):
        payments.transfer_method(
            method=method, target=hidden, on=books.on, by=books.by, at=books.at
        )
    told = page(client, path(books, f"customers/{mine.id}/?tab=timeline"))
    assert "transferred to another customer" in told
    assert "Hiddenco" not in told
