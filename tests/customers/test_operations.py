"""Changing customers and the people there."""

from decimal import Decimal
from typing import Any

import pytest

from paidup.customers import operations as customers
from paidup.customers import search
from paidup.customers.models import Contact, ContactLink, Customer, Note
from paidup.customers.operations import CustomerRefused
from paidup.customers.states import Category
from paidup.history.models import Event, PersonalData
from paidup.lib.tenancy import tenant
from paidup.organizations.models import User
from paidup.organizations.operations import add_member
from paidup.organizations.queries import ready_role
from paidup.organizations.states import ReadyRole
from paidup.payments import operations as payments
from paidup.payments.states import PaymentKind
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def books(committed: None) -> Books:
    return found_books()


def last_event(kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    event = Event.objects.filter(kind=kind).latest("id")
    personal = PersonalData.objects.filter(event_id=event.id).first()
    return event.data, personal.data if personal else {}


def test_editing_records_before_and_after(books: Books) -> None:
    customer = books.customer("Globex")
    with tenant(books.id):
        customers.edit_customer(
            customer=customer, name=" Globex Ltd ", terms_days=45, by=books.by, at=books.at
        )
        data, personal = last_event("customer.edited")
        assert data == {"changes": {"terms_days": [30, 45]}}
        assert personal == {"changes": {"name": ["Globex", "Globex Ltd"]}}
        stored = Customer.objects.get()
        assert (stored.name, stored.sort_name) == ("Globex Ltd", "globex ltd")
        hits = search.find("ltd")
        assert hits
        assert hits.count == 1


def test_an_edit_that_changes_nothing_leaves_no_event(books: Books) -> None:
    customer = books.customer("Globex")
    with tenant(books.id):
        customers.edit_customer(customer=customer, name="Globex", by=books.by, at=books.at)
        assert not Event.objects.filter(kind="customer.edited").exists()


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({"name": " "}, "Give the customer a name"),
        ({"number": ""}, "account number"),
        ({"number": "C-00002"}, "belongs to another customer"),
    ],
)
def test_what_an_edit_refuses(books: Books, details: dict[str, Any], sentence: str) -> None:
    customer = books.customer("Globex")
    books.customer("Initech")
    with tenant(books.id), pytest.raises(CustomerRefused, match=sentence):
        customers.edit_customer(customer=customer, by=books.by, at=books.at, **details)


def test_a_parent_is_never_below_its_child(books: Books) -> None:
    top = books.customer("Top")
    middle = books.customer("Middle", parent=top)
    bottom = books.customer("Bottom", parent=middle)
    with tenant(books.id):
        for parent in (top, bottom):
            with pytest.raises(CustomerRefused, match="itself or below it"):
                customers.edit_customer(customer=top, parent=parent, by=books.by, at=books.at)
        customers.edit_customer(customer=bottom, parent=top, by=books.by, at=books.at)
        data, _personal = last_event("customer.edited")
        assert data["changes"]["parent"] == [str(middle.id), str(top.id)]


def test_change_of_owner(books: Books) -> None:
    customer = books.customer()
    with tenant(books.id):
        user = User.objects.create_user(f"{books.id}@mail.example", name="Ben", joined_at=books.at)
        ben = add_member(
            organization=books.organization,
            user=user,
            role=ready_role(books.organization, ReadyRole.AR_SPECIALIST),
        )
        customers.change_owner(customer=customer, owner=ben, by=books.by, at=books.at)
        assert last_event("customer.owner_changed")[0] == {
            "before": str(books.owner.id),
            "after": str(ben.id),
        }
        ben.active = False
        with pytest.raises(CustomerRefused, match="no active member"):
            customers.change_owner(customer=customer, owner=ben, by=books.by, at=books.at)


def test_the_category_follows_state_and_open_invoices(books: Books) -> None:
    customer = books.customer()

    def category() -> str:
        return str(Customer.objects.get(id=customer.id).category)

    with tenant(books.id):
        assert category() == Category.SETTLED
    books.invoice(customer)
    with tenant(books.id):
        assert category() == Category.ACTIVE
        customers.deactivate_customer(customer=customer, by=books.by, at=books.at)
        assert category() == Category.INACTIVE
        customers.reactivate_customer(customer=customer, by=books.by, at=books.at)
        assert category() == Category.ACTIVE


def test_archiving_waits_for_the_money(books: Books) -> None:
    customer = books.customer()
    invoice = books.invoice(customer, "100.00")
    with tenant(books.id):
        with pytest.raises(CustomerRefused, match="open balance"):
            customers.archive_customer(customer=customer, by=books.by, at=books.at)
        payments.record_payment(
            customer=customer,
            amount=Decimal("150.00"),
            currency="USD",
            kind=PaymentKind.CHECK,
            received_on=books.on,
            on=books.on,
            by=books.by,
            at=books.at,
            to=[(invoice.id, Decimal("100.00"))],
        )
        with pytest.raises(CustomerRefused, match="unapplied money"):
            customers.archive_customer(customer=customer, by=books.by, at=books.at)


def test_an_archived_customer_comes_back(books: Books) -> None:
    customer = books.customer()
    with tenant(books.id):
        customers.archive_customer(customer=customer, by=books.by, at=books.at)
        with pytest.raises(CustomerRefused, match="archived"):
            customers.deactivate_customer(customer=customer, by=books.by, at=books.at)
        customers.reactivate_customer(customer=customer, by=books.by, at=books.at)
        assert last_event("customer.reactivated")[0] == {"before": "archived"}


def test_auto_payments_are_set_once(books: Books) -> None:
    customer = books.customer()
    with tenant(books.id):
        for _ in range(2):
            customers.set_auto_payments(customer=customer, allowed=False, by=books.by, at=books.at)
        assert Event.objects.filter(kind="customer.auto_payments_disabled").count() == 1


def test_a_note_never_holds_a_card_number(books: Books) -> None:
    customer = books.customer()
    with tenant(books.id):
        customers.add_note(
            customer=customer, text="He read out 4242 4242 4242 4242.", by=books.by, at=books.at
        )
        assert Note.objects.get().text == "He read out •••• 4242."
        with pytest.raises(CustomerRefused, match="Write something"):
            customers.add_note(customer=customer, text="  ", by=books.by, at=books.at)


def test_a_contact_changes_everywhere_at_once(books: Books) -> None:
    first, second = books.customer("First"), books.customer("Second")
    contact = books.contact(first, "ann@first.example")
    with tenant(books.id):
        link = customers.link_contact(customer=second, contact=contact, by=books.by, at=books.at)
        Contact.objects.update(bounced_at=books.at)
        contact.refresh_from_db()
        customers.edit_contact(
            contact=contact,
            details={"email": "ann@new.example"},
            link=link,
            link_details={"gets_reminders": False},
            by=books.by,
            at=books.at,
        )
        assert Event.objects.filter(kind="contact.edited").count() == 2
        assert last_event("contact.place_changed")[0] == {
            "changes": {"gets_reminders": [True, False]}
        }
        contact.refresh_from_db()
        assert contact.bounced_at is None
        hits = search.find("ann@new.example")
        assert hits
        assert hits.count == 2


def test_a_contact_needs_a_name_or_an_address(books: Books) -> None:
    customer = books.customer()
    contact = books.contact(customer, "ann@first.example")
    with tenant(books.id):
        with pytest.raises(CustomerRefused, match="name or an e-mail"):
            customers.edit_contact(
                contact=contact, details={"name": "", "email": ""}, by=books.by, at=books.at
            )
        with pytest.raises(CustomerRefused, match="already"):
            customers.link_contact(customer=customer, contact=contact, by=books.by, at=books.at)


def test_unlinking_leaves_the_person_elsewhere(books: Books) -> None:
    first, second = books.customer("First"), books.customer("Second")
    contact = books.contact(first, "ann@first.example")
    with tenant(books.id):
        customers.link_contact(customer=second, contact=contact, by=books.by, at=books.at)
        link = ContactLink.objects.get(customer=first)
        customers.unlink_contact(link=link, by=books.by, at=books.at)
        customers.unlink_contact(link=link, by=books.by, at=books.at)
        assert ContactLink.objects.get().customer_id == second.id
        assert Event.objects.filter(kind="contact.unlinked").count() == 1
