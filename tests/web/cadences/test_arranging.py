"""Adding, changing and removing cadences and their steps."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from paidup.cadences.models import Cadence, Step
from paidup.cadences.operations import (
    change_cadences,
    change_contact_cadence,
    change_invoice_cadence,
    establish_default,
)
from paidup.communications.models import MessageTemplate
from paidup.customers.models import ContactLink
from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.states import ReadyRole
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    """Books with the standard cadence."""
    made = found_books(at=clock.now())
    with tenant(made.id):
        establish_default(organization=made.organization, by=made.by, at=made.at)
    return made


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/cadences/{rest}"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def cadence(books: Books, name: str = "Standard") -> Cadence:
    with tenant(books.id):
        return Cadence.objects.standing().get(name=name)


def days(books: Books, name: str) -> list[int]:
    with tenant(books.id):
        steps = Step.objects.standing().filter(cadence__name=name)
        return list(steps.values_list("days", flat=True))


def template(books: Books) -> UUID:
    with tenant(books.id):
        return MessageTemplate.objects.get(name="14 days late").id


def gentle(books: Books, client: Client) -> str:
    """The address of a new cadence."""
    answer = client.post(path(books, "new/"), {"name": "Gentle", "copy_of": cadence(books).id})
    assert answer["Location"] == path(books)
    return path(books, f"{cadence(books, 'Gentle').id}/")


def refused(client: Client, address: str, **data: object) -> str:
    answer = client.post(address, data)
    assert answer.status_code == 422
    return " ".join(answer.content.decode().split())


def test_a_cadence_begins_as_a_copy_and_is_changed(books: Books, client: Client) -> None:
    own = gentle(books, client)
    assert days(books, "Gentle") == [-3, 0, 7, 14, 30]
    shown = page(client, path(books))
    assert shown.index("Standard") < shown.index("Gentle")
    assert "of this name already" in refused(
        client, path(books, "new/"), name=" gentle ", copy_of=cadence(books).id
    )
    client.post(f"{own}details/", {"name": "Very gentle", "gap_days": 5})
    assert cadence(books, "Very gentle").gap_days == 5
    assert "There is a cadence" in refused(client, f"{own}details/", name="Standard", gap_days=5)
    assert "Standard" in page(client, path(books, f"new/?copy_of={cadence(books).id}"))
    with tenant(books.id):
        event = Event.objects.get(kind="cadence.edited")
        assert event.data["name_before"] == "Gentle"


def test_steps_are_added_moved_and_removed(books: Books, client: Client) -> None:
    own = gentle(books, client)
    step = {"days": 45, "side": "after", "template": template(books), "mode": "approve_first"}
    client.post(f"{own}steps/", step)
    assert days(books, "Gentle") == [-3, 0, 7, 14, 30, 45]
    assert days(books, "Standard") == [-3, 0, 7, 14, 30]
    shown = page(client, path(books))
    assert "45 days late" in shown
    assert '<span class="tag">Approve first</span>' in shown
    assert "a step on that day already" in refused(client, f"{own}steps/", **step)
    with tenant(books.id):
        first = Step.objects.get(cadence__name="Gentle", days=-3)
    assert 'value="3"' in page(client, f"{own}steps/{first.id}/")
    client.post(f"{own}steps/{first.id}/", step | {"days": 5, "side": "before"})
    assert days(books, "Gentle") == [-5, 0, 7, 14, 30, 45]
    assert "5 days before due" in page(client, f"{own}steps/{first.id}/removal/")
    client.post(f"{own}steps/{first.id}/removal/")
    assert days(books, "Gentle") == [0, 7, 14, 30, 45]
    assert client.get(f"{own}steps/{first.id}/").status_code == 404


def test_the_last_step_stays(books: Books, client: Client) -> None:
    own = gentle(books, client)
    with tenant(books.id):
        steps = list(Step.objects.filter(cadence__name="Gentle"))
    for step in steps[1:]:
        client.post(f"{own}steps/{step.id}/removal/")
    shown = refused(client, f"{own}steps/{steps[0].id}/removal/")
    assert "A cadence keeps one step at least." in shown


def test_another_becomes_the_default_after_a_question(books: Books, client: Client) -> None:
    customers = [books.customer(name) for name in ("Globex", "Initech", "Hooli")]
    own = gentle(books, client)
    with tenant(books.id):
        change_cadences(
            customer_ids=[customers[0].id],
            cadence=Cadence.objects.get(default=True),
            by=books.by,
            at=books.at,
        )
    assert "<strong>2</strong> customers that have none" in page(client, f"{own}default/")
    assert cadence(books).default
    client.post(f"{own}default/")
    assert cadence(books, "Gentle").default
    assert not cadence(books).default


def test_a_cadence_that_customers_have_is_not_removed(books: Books, client: Client) -> None:
    customer, own = books.customer(), gentle(books, client)
    with tenant(books.id):
        acts = {"customer_ids": [customer.id], "by": books.by, "at": books.at}
        change_cadences(cadence=Cadence.objects.get(name="Gentle"), **acts)  # type: ignore[arg-type]  # see above
    assert "Customers are assigned to Gentle." in refused(client, f"{own}removal/")
    assert "1 customer assigned" in page(client, path(books))
    with tenant(books.id):
        change_cadences(cadence=None, **acts)  # type: ignore[arg-type]  # see above
    client.post(f"{own}removal/")
    assert "Gentle" not in page(client, path(books)).replace("Gentle is removed", "")
    assert client.get(f"{own}details/").status_code == 404


def test_whoever_removes_a_cadence_is_led_to_whose_own_it_is(books: Books, client: Client) -> None:
    customer, own = books.customer("Globex", email="ann@globex.example"), gentle(books, client)
    invoice = books.invoice(customer)
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    with tenant(books.id):
        link = ContactLink.objects.get()
        change_contact_cadence(link=link, cadence=cadence(books, "Gentle"), **acts)
        change_invoice_cadence(invoice=invoice, cadence=cadence(books, "Gentle"), **acts)
    asked = refused(client, f"{own}removal/")
    assert "Contacts are assigned to Gentle." in asked
    for address in (f"contacts/{link.contact_id}/", f"invoices/{invoice.id}/"):
        assert f'href="/o/{books.organization.slug}/{address}"' in asked
    assert "Ann at Globex" in asked
    with tenant(books.id):
        change_contact_cadence(link=link, cadence=None, **acts)
        change_invoice_cadence(invoice=invoice, cadence=None, **acts)
    assert "Assigned to it" not in page(client, f"{own}removal/")


def test_a_specialist_looks_and_changes_nothing(books: Books, client: Client) -> None:
    own = gentle(books, client)
    looking = client_of(member_with(books, ReadyRole.AR_SPECIALIST).user)
    shown = page(looking, path(books))
    assert "Gentle" in shown
    assert "Add Cadence" not in shown
    assert "menu-" not in shown
    assert looking.post(f"{own}default/").status_code == 403
