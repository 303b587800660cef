"""The organization, its people, and when its messages leave."""

import pytest

from paidup.communications.models import DeliveryWindow
from paidup.lib.tenancy import tenant
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    """An organization of the test's own."""
    return found_books(name="Acme")


def path(books: Books, rest: str = "") -> str:
    """An address below the account."""
    return f"/o/{books.organization.slug}/account/{rest}"


def test_the_company_is_shown_with_its_entities(books: Books) -> None:
    shown = signed_in(books).get(path(books)).content.decode()
    assert f"{books.organization.slug}.localhost:" in shown
    assert books.organization.colour in shown
    assert "INV-00001" in shown


def test_the_members_are_shown_with_their_roles(books: Books) -> None:
    client = onlooker(books)
    shown = client.get(path(books, "?tab=members")).content.decode()
    for words in ("Vic Viewer", "Viewer", books.owner.user.email, "Owner", "Default owner"):
        assert words in shown
    assert "/accounts/2fa/" in shown


def test_an_unknown_tab_shows_the_first(books: Books) -> None:
    assert "Legal entity" in signed_in(books).get(path(books, "?tab=<b>")).content.decode()


def test_the_last_message_is_named(books: Books) -> None:
    shown = signed_in(books).get(path(books, "?tab=communication")).content.decode()
    assert "last message 17:59" in shown


def test_an_administrator_sets_the_hours(books: Books) -> None:
    client = signed_in(books)
    assert client.get(path(books, "delivery-window/")).status_code == 200
    asked = {"days": ["0", "4"], "from_hour": "9", "to_hour": "16"}
    answer = client.post(path(books, "delivery-window/"), asked)
    assert answer["Location"] == path(books, "?tab=communication")
    shown = client.get(answer["Location"]).content.decode()
    assert "Monday, Friday" in shown
    assert "last message 16:59" in shown


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"days": ["0"], "from_hour": "17", "to_hour": "9"}, "must not lie before"),
        ({"days": [], "from_hour": "9", "to_hour": "17"}, "This field is required"),
        ({"days": ["7"], "from_hour": "9", "to_hour": "17"}, "Select a valid choice"),
        ({"days": ["0"], "from_hour": "24", "to_hour": "17"}, "Select a valid choice"),
    ],
)
def test_hours_in_which_nothing_could_leave_are_refused(
    books: Books, asked: dict[str, object], said: str
) -> None:
    answer = signed_in(books).post(path(books, "delivery-window/"), asked)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with tenant(books.id):
        assert not DeliveryWindow.objects.exists()


def test_who_may_only_look_is_offered_no_change(books: Books) -> None:
    client = onlooker(books)
    assert "delivery-window" not in client.get(path(books, "?tab=communication")).content.decode()
    assert client.get(path(books, "delivery-window/")).status_code == 403
