"""Health set by hand: what it refuses, how long it counts, and what a merge makes of it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from paidup.customers import operations as customers
from paidup.customers.models import Customer, HealthChange
from paidup.customers.operations import CustomerRefused
from paidup.customers.states import Grade
from paidup.history.actors import system
from paidup.history.models import Event, PersonalData
from paidup.lib.tenancy import tenant
from tests.lifecycle.cast import merge
from tests.support.books import Books, found_books

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books()


def rate(
    books: Books, customer: Customer, score: int, reason: str = "Pays late", days: int | None = None
) -> None:
    """Sets it, for so many days when there are any."""
    with tenant(books.id):
        customers.set_health(
            customer=customer,
            score=score,
            reason=reason,
            until=None if days is None else books.on + timedelta(days=days),
            on=books.on,
            by=books.by,
            at=books.at,
        )


def standing(books: Books, customer: Customer) -> tuple[int | None, str]:
    with tenant(books.id):
        stored = Customer.objects.get(id=customer.id)
    return stored.health_score, stored.health_reason


def past(books: Books, customer: Customer) -> list[int | None]:
    with tenant(books.id):
        rows = HealthChange.objects.filter(customer=customer).order_by("id")
        return list(rows.values_list("score", flat=True))


def test_every_score_has_a_grade() -> None:
    ends = {grade: grade.scores for grade in Grade}
    assert ends == {
        "A": (80, 100),
        "B": (60, 79),
        "C": (40, 59),
        "D": (20, 39),
        "E": (0, 19),
    }
    for grade, (least, most) in ends.items():
        assert {Grade.of(least), Grade.of(most)} == {grade}


def test_it_is_set_and_cleared_and_each_time_remembered(books: Books) -> None:
    customer = books.customer("Globex")
    rate(books, customer, 0, " Insolvent,  says 4111 1111 1111 1111 ", days=0)
    rate(books, customer, 70)
    rate(books, customer, 70)  # which changes nothing
    assert standing(books, customer) == (70, "Pays late")
    with tenant(books.id):
        customers.clear_health(customer=customer, by=books.by, at=books.at)
        customers.clear_health(customer=customer, by=books.by, at=books.at)
        events = Event.objects.filter(customer_id=customer.id, kind__startswith="customer.health")
        told = [event.data["changes"] for event in events.order_by("id")]
        said = PersonalData.objects.filter(event_id__in=events.values("id"))
        [first, _second] = said.order_by("event_id")
        reasons = HealthChange.objects.order_by("id").values_list("reason", flat=True)
        assert reasons[0] == first.data["reason"] == "Insolvent, says •••• 1111"
    assert standing(books, customer) == (None, "")
    assert past(books, customer) == [0, 70, None]
    day = books.on.isoformat()
    assert told == [
        {"health_score": [None, 0], "health_until": [None, day]},
        {"health_score": [0, 70], "health_until": [day, None]},
        {"health_score": [70, None]},
    ]


@pytest.mark.parametrize(
    ("score", "reason", "days", "why"),
    [
        (101, "Good", None, "0 to 100"),
        (-1, "Good", None, "0 to 100"),
        (50, "  ", None, "Say why"),
        (50, "x" * 501, None, "500 characters"),
        (50, "Good", -1, "has passed"),
    ],
)
def test_what_is_refused(books: Books, score: int, reason: str, days: int | None, why: str) -> None:
    customer = books.customer("Globex")
    with pytest.raises(CustomerRefused, match=why):
        rate(books, customer, score, reason, days)
    assert standing(books, customer) == (None, "")
    assert past(books, customer) == []


def test_it_counts_until_its_day_has_passed(books: Books) -> None:
    ends, stays, always = (books.customer(name) for name in ("Ends", "Stays", "Always"))
    rate(books, ends, 10, days=2)
    rate(books, stays, 20, days=3)
    rate(books, always, 30)
    counts = []
    for days in (2, 3, 3):
        with tenant(books.id):
            ended = customers.end_health(
                on=books.on + timedelta(days=days), by=system("health"), at=books.at
            )
        counts.append(ended)
    assert counts == [0, 1, 0]
    assert standing(books, ends) == (None, "")
    assert past(books, ends) == [10, None]
    assert (standing(books, stays)[0], standing(books, always)[0]) == (20, 30)


@pytest.mark.parametrize(("target_has", "then"), [(None, 15), (0, 0)])
def test_a_merge_keeps_the_targets_else_the_sources(
    books: Books, target_has: int | None, then: int
) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    if target_has is not None:
        rate(books, target, target_has, "Its own")
    rate(books, source, 15, "The other's", days=9)
    merged = merge(books, source, target)
    assert merged.health_score == then
    assert merged.health_reason == ("Its own" if target_has is not None else "The other's")
    assert (merged.health_until is None) == (target_has is not None)
    assert past(books, target) == ([0, 15] if target_has is not None else [15])


def test_the_history_never_changes(books: Books) -> None:
    customer = books.customer("Globex")
    rate(books, customer, 15)
    with tenant(books.id):
        for change in ({"score": 16}, {"reason": "Other"}):
            with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
                HealthChange.objects.update(**change)
        with pytest.raises(DatabaseError, match="customer_health"), transaction.atomic():
            Customer.objects.filter(id=customer.id).update(health_score=None)
