"""Custom fields: what they hold, and what becomes of it when they change."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from paidup.customers import operations as customers
from paidup.customers.models import Customer, CustomerValue
from paidup.customers.operations import CustomerRefused
from paidup.history.models import Event, PersonalData
from paidup.lib.tenancy import tenant
from paidup.organizations import fields
from paidup.organizations.field_rules import BadValue, Value, read, written
from paidup.organizations.field_values import values_of
from paidup.organizations.fields import FieldRefused
from paidup.organizations.models import CustomField
from paidup.organizations.states import FieldKind, FieldSubject
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def books(committed: None) -> Books:
    return found_books()


def add(books: Books, kind: FieldKind, label: str, *choices: str) -> CustomField:
    with tenant(books.id):
        return fields.add_field(
            of=FieldSubject.CUSTOMER,
            kind=kind,
            label=label,
            choices=choices,
            by=books.by,
            at=books.at,
        )


def fill_in(books: Books, customer: Customer, field: CustomField, value: Value | None) -> None:
    with tenant(books.id):
        customers.edit_customer(
            customer=customer, fields={field.id: value}, by=books.by, at=books.at
        )


def held(books: Books, customer: Customer) -> dict[str, Value]:
    with tenant(books.id):
        known = values_of(CustomerValue, [customer.id])[customer.id]
        return {
            field.label: known[field.id]
            for field in fields.fields_of(FieldSubject.CUSTOMER)
            if field.id in known
        }


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldKind.TEXT, "  two   words ", "two words"),
        (FieldKind.NUMBER, "-1234.5000", Decimal("-1234.5")),
        (FieldKind.NUMBER, "0100", Decimal(100)),
        (FieldKind.DATE, "2026-02-28", date(2026, 2, 28)),
        (FieldKind.CHOICE, "GOLD", "Gold"),
        (FieldKind.YES_NO, "Y", "yes"),
        (FieldKind.YES_NO, "false", "no"),
    ],
)
def test_a_text_becomes_a_value_and_the_value_that_text(
    kind: FieldKind, text: str, value: Value
) -> None:
    field = CustomField(kind=kind, choices=["Gold", "Silver"])
    assert read(field, text) == value
    assert read(field, written(value)) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldKind.TEXT, "x" * 201),
        *((FieldKind.NUMBER, text) for text in ("NaN", "1e5", "1,5", "1.23456", "٣", "9" * 15)),
        *((FieldKind.DATE, text) for text in ("2026-02-29", "20260228", "1/2/2026", "0000-01-01")),
        (FieldKind.CHOICE, "Bronze"),
        (FieldKind.YES_NO, "perhaps"),
    ],
)
def test_what_it_can_not_hold_is_said(kind: FieldKind, text: str) -> None:
    with pytest.raises(BadValue):
        read(CustomField(kind=kind, choices=["Gold"]), text)


def test_a_change_is_an_event_whose_values_are_personal(books: Books) -> None:
    customer = books.customer()
    limit, region = add(books, FieldKind.NUMBER, "Limit"), add(books, FieldKind.TEXT, "Region")
    with tenant(books.id):
        customers.edit_customer(
            customer=customer,
            tags=["west"],
            fields={limit.id: Decimal("10.50"), region.id: "Westend"},
            by=books.by,
            at=books.at,
        )
    fill_in(books, customer, limit, Decimal("10.5"))  # the same
    fill_in(books, customer, region, None)
    assert held(books, customer) == {"Limit": Decimal("10.5")}
    with tenant(books.id):
        events = list(Event.objects.of(books.id).filter(kind="customer.edited").order_by("id"))
        personal = [PersonalData.objects.get(event_id=event.id).data for event in events]
    assert len(events) == 2
    assert [(one["label"], one["before"], one["after"]) for one in personal[0]["fields"]] == [
        ("Limit", "", "10.5"),
        ("Region", "", "Westend"),
    ]
    assert personal[0]["changes"] == {"tags": [[], ["west"]]}
    [last] = personal[1]["fields"]
    assert (last["before"], last["after"]) == ("Westend", "")
    assert "Westend" not in str([event.data for event in events])


def test_a_choice_in_use_goes_only_when_it_is_said_what_becomes_of_it(books: Books) -> None:
    tier = add(books, FieldKind.CHOICE, "Tier", "Gold", "Silver", "Bronze", "Wood")
    first, second = books.customer("First"), books.customer("Second")
    fill_in(books, first, tier, "Gold")
    fill_in(books, second, tier, "Bronze")

    def edit(*choices: str, **becomes: str) -> None:
        with tenant(books.id):
            fields.edit_field(
                field=tier,
                label="Tier",
                choices=choices,
                becomes=becomes,
                by=books.by,
                at=books.at,
            )

    for becomes in ({}, {"Gold": "Wood"}):
        with pytest.raises(FieldRefused, match="“Gold” is chosen 1 time"):
            edit("Platinum", "Silver", "Bronze", **becomes)
    edit("Platinum", "Silver", Gold="Platinum", Bronze="")
    assert held(books, first) == {"Tier": "Platinum"}
    assert held(books, second) == {}
    with pytest.raises(CustomerRefused, match="no choice of Tier any more"):
        fill_in(books, second, tier, "Gold")


def test_a_field_goes_with_its_values(books: Books) -> None:
    customer, region = books.customer(), add(books, FieldKind.TEXT, "Region")
    fill_in(books, customer, region, "West")
    with tenant(books.id):
        assert fields.remove_field(field=region, by=books.by, at=books.at) == 1
    assert held(books, customer) == {}
    with pytest.raises(CustomerRefused, match="removed meanwhile"):
        fill_in(books, customer, region, "East")
    with pytest.raises(FieldRefused, match="removed meanwhile"), tenant(books.id):
        fields.remove_field(field=region, by=books.by, at=books.at)


def test_labels_and_choices_that_are_none_are_refused(books: Books) -> None:
    add(books, FieldKind.TEXT, "Region")
    for kind, label, choices, reason in (
        (FieldKind.TEXT, " ", (), "Give the field a label"),
        (FieldKind.DATE, "REGION", (), "already"),
        (FieldKind.CHOICE, "Tier", (), "at least one choice"),
        (FieldKind.CHOICE, "Tier", ("Gold", " gold "), "twice"),
    ):
        with pytest.raises(FieldRefused, match=reason):
            add(books, kind, label, *choices)


def test_fields_keep_the_order_in_which_they_are_put(books: Books) -> None:
    first, second, third = (add(books, FieldKind.TEXT, label) for label in "ABC")
    with tenant(books.id):
        fields.move_field(field=third, up=True, by=books.by, at=books.at)
        fields.move_field(field=first, up=True, by=books.by, at=books.at)  # it is the first
        labels = [field.label for field in fields.fields_of(FieldSubject.CUSTOMER)]
    assert labels == ["A", "C", "B"]
    assert second.label == "B"


def test_the_database_keeps_one_value_of_one_type(books: Books) -> None:
    customer, region = books.customer(), add(books, FieldKind.TEXT, "Region")
    fill_in(books, customer, region, "West")
    for wrong in ({"text": "East"}, {}, {"text": "x", "number": 1}, {"day": books.on, "number": 1}):
        other = customer if wrong == {"text": "East"} else books.customer("Other")
        with pytest.raises(IntegrityError), tenant(books.id):
            CustomerValue.objects.create(
                organization=books.organization, customer=other, field=region, **wrong
            )


def test_a_choice_is_not_taken_away_under_who_chooses_it(books: Books) -> None:
    """The one waits for the other, and then sees what it did."""
    customer, tier = books.customer(), add(books, FieldKind.CHOICE, "Tier", "Gold", "Silver")
    refusals: list[str] = []

    def remove_gold() -> None:
        _told(
            refusals,
            lambda: fields.edit_field(
                field=tier, label="Tier", choices=["Silver"], by=books.by, at=books.at
            ),
            books,
        )

    thread = Thread(target=remove_gold)
    with tenant(books.id):
        customers.edit_customer(
            customer=customer, fields={tier.id: "Gold"}, by=books.by, at=books.at
        )
        thread.start()
        thread.join(0.4)
        assert thread.is_alive(), "it waits for the choice that is being made"
    thread.join()
    assert len(refusals) == 1
    assert "“Gold” is chosen 1 time" in refusals[0]


def _told(refusals: list[str], action: Callable[[], None], books: Books) -> None:
    try:
        with transaction.atomic(), tenant(books.id):
            action()
    except FieldRefused as refused:
        refusals.append(str(refused))
    finally:
        connection.close()
