"""Two runs of a day at once: the twin message is first shown with the locks off."""

import pytest

from paidup.cadences.models import Cadence
from paidup.cadences.operations import Run, establish_default
from paidup.cadences.operations import run as running
from paidup.lib.tenancy import tenant
from tests.support.books import found_books
from tests.support.races import both, index_off, meeting

from .chasing import BY, chasing_books, later, messages, run

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.database]

TABLE = "communications_message"
REMINDS = "WHERE purpose = 'reminder' AND state NOT IN ('failed', 'withdrawn')"
ONE_INTENT = ("message_once_per_intent", TABLE, "(organization_id, intent_key)")
ONE_A_DAY = ("one_reminder_a_day", TABLE, f"(organization_id, contact_id, reminder_on) {REMINDS}")
ONE_AN_ADDRESS = (
    "one_reminder_a_day_and_address",
    TABLE,
    f"(organization_id, lower(to_address), reminder_on) {REMINDS}",
)


def test_two_runs_of_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    def race() -> tuple[int, list[Run]]:
        books = chasing_books()
        books.invoice(books.customer(email="ann@payer.example"), due_in=4)
        run(books)  # enters the cadence, where the unique enrolment would be one more lock
        books = later(books, 1)
        with meeting(monkeypatch, running, "groups"):
            outcomes = both(lambda: run(books))
        return len(messages(books)), outcomes

    with monkeypatch.context() as unlocked:
        unlocked.setattr(running, "take_turns", lambda _cadence: None)
        with (
            index_off(*ONE_INTENT) as remove_twins,
            index_off(*ONE_A_DAY),
            index_off(*ONE_AN_ADDRESS),
        ):
            assert race()[0] == 2
            remove_twins()
        assert race()[0] == 1
    made, outcomes = race()
    assert made == 1
    assert sorted(outcome.messages for outcome in outcomes) == [0, 1]


def test_two_who_establish_the_default() -> None:
    books = found_books()

    def establish() -> Cadence:
        with tenant(books.id):
            return establish_default(organization=books.organization, by=BY, at=books.at)

    first, second = both(establish)
    assert first == second
