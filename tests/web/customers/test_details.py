"""Customer Details, each changed where it stands."""

import pytest
from django.test import Client

from paidup.customers.models import Customer, CustomerValue
from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.field_values import values_of
from paidup.organizations.fields import add_field
from paidup.organizations.models import User
from paidup.organizations.operations import add_member
from paidup.organizations.queries import ready_role
from paidup.organizations.states import FieldKind, FieldSubject, ReadyRole
from tests.support.books import Books, found_books
from tests.web.staff import signed_in

from .people import record_path, shown

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


def path(books: Books, customer: Customer, name: str) -> str:
    return f"{record_path(books, customer)}details/{name}/"


def test_one_line_is_changed_and_nothing_else(
    books: Books, client: Client, customer: Customer
) -> None:
    form = shown(client, path(books, customer, "terms_days"))
    assert 'name="terms_days"' in form
    assert form.count("<input") == 2, "the field and the token"
    answer = client.post(path(books, customer, "terms_days"), {"terms_days": "45"})
    assert "45 days" in answer.content.decode()
    with tenant(books.id):
        customer.refresh_from_db()
        assert (customer.terms_days, customer.name) == (45, "Globex")
        event = Event.objects.get(kind="customer.edited")
    assert event.data["changes"] == {"terms_days": [30, 45]}


def test_what_is_wrong_is_said_where_it_stands(
    books: Books, client: Client, customer: Customer
) -> None:
    answer = client.post(path(books, customer, "terms_days"), {"terms_days": "soon"})
    assert answer.status_code == 422
    assert "Enter a whole number." in answer.content.decode()
    cancelled = shown(client, path(books, customer, "terms_days") + "?shown")
    assert "30 days" in cancelled
    assert "<form" not in cancelled


def test_owners_and_both_halves_of_an_address(
    books: Books, client: Client, customer: Customer
) -> None:
    user = User.objects.create_user("casey@acme.example", "pw", name="Casey", joined_at=books.at)
    with tenant(books.id):
        role = ready_role(books.organization, ReadyRole.AR_SPECIALIST)
        colleague = add_member(organization=books.organization, user=user, role=role)
    for role in ("billing_owner", "manager"):
        field = "owner" if role == "billing_owner" else role
        answer = client.post(path(books, customer, role), {field: str(colleague.id)})
        assert "Casey" in answer.content.decode()
    answer = client.post(
        path(books, customer, "billing_address"),
        {"billing_address": "1 Main Street", "billing_country": "US"},
    )
    assert "1 Main Street<br>United States of America" in answer.content.decode()
    with tenant(books.id):
        customer.refresh_from_db()
    assert customer.billing_owner_id == customer.manager_id == colleague.id


def test_a_custom_field(books: Books, client: Client, customer: Customer) -> None:
    with tenant(books.id):
        field = add_field(
            of=FieldSubject.CUSTOMER,
            kind=FieldKind.DATE,
            label="Since",
            by=books.by,
            at=books.at,
        )
    name = f"field_{field.id}"
    assert "Since" in shown(client, record_path(books, customer))
    answer = client.post(path(books, customer, name), {name: "2019-07-01"})
    assert "Jul 1, 2019" in answer.content.decode()
    with tenant(books.id):
        assert values_of(CustomerValue, [customer.id])[customer.id].keys() == {field.id}


@pytest.mark.parametrize("name", ["nothing", "open_amount", "field_nothing", "entity"])
def test_what_is_no_detail_is_not_found(
    books: Books, client: Client, customer: Customer, name: str
) -> None:
    assert client.get(path(books, customer, name)).status_code == 404
    assert client.post(path(books, customer, name), {name: "1"}).status_code == 404
