"""The queue: what waits, for whom, and deciding it."""

from datetime import timedelta

import pytest
from django.test import Client

from paidup.cadences.operations import establish_default, run_day
from paidup.communications.models import Message
from paidup.communications.states import MessageState
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Member
from paidup.todos.models import Todo
from paidup.todos.operations import add_todo
from paidup.todos.states import TodoState
from tests.support.books import AT, Books, found_books
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _on_the_day_of_the_books(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAIDUP_NOW", AT.isoformat())


@pytest.fixture
def books() -> Books:
    """An organization of the test's own."""
    return found_books(name="Acme")


def path(books: Books, rest: str = "") -> str:
    """An address below the queue."""
    return f"/o/{books.organization.slug}/todos/{rest}"


def page(client: Client, address: str) -> str:
    """The text of a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def todo(books: Books, title: str = "Call Ann", **about: object) -> Todo:
    """A to-do of the owner's."""
    with tenant(books.id):
        made = add_todo(kind="task", title=title, by=books.by, at=books.at, **about)  # type: ignore[arg-type]  # as given
    assert made
    return made


def again(made: Todo) -> Todo:
    """The to-do as it stands now."""
    with tenant(made.organization_id):
        return Todo.objects.get(id=made.id)


def reminders(books: Books, number: int = 1) -> list[Todo]:
    """So many reminders that wait for approval."""
    for count in range(number):
        customer = books.customer(f"Globex {count}", email=f"ann{count}@globex.example")
        books.invoice(customer, "1234.50", due_in=-8)
    with tenant(books.id):
        establish_default(organization=books.organization, by=books.by, at=books.at)
        run_day(organization=books.organization, on=books.on, by=books.by, at=books.at)
        return list(Todo.objects.filter(kind="message_approval").order_by("id"))


def states(books: Books) -> list[str]:
    """How the messages stand."""
    with tenant(books.id):
        return list(Message.objects.order_by("id").values_list("state", flat=True))


def test_the_queue_is_ones_own_with_the_most_urgent_first(books: Books) -> None:
    todo(books, "Later")
    todo(books, "Urgent", due_on=books.on - timedelta(days=2))
    client = signed_in(books)
    shown = page(client, path(books))
    assert shown.index("Urgent") < shown.index("Later")
    assert "1 overdue" in shown
    colleague = onlooker(books)
    assert "Nothing waits for you" in page(colleague, path(books))
    everyones = page(colleague, path(books, "?queue=everyone"))
    assert "Urgent" in everyones
    assert books.owner.name in everyones


def test_a_search_goes_by_words_and_customer(books: Books) -> None:
    todo(books, "Call Ann", customer=books.customer("Globex"))
    todo(books, "Write a letter")
    client = signed_in(books)
    for q in ("call", "globex"):
        found = page(client, path(books, f"?q={q}"))
        assert "Call Ann" in found
        assert "Write a letter" not in found
    assert "No to-do matches" in page(client, path(books, "?q=nothing"))


def test_ticked_off_it_leaves_the_queue_and_can_come_back(books: Books) -> None:
    made, client = todo(books), signed_in(books)
    answer = client.post(path(books, f"{made.id}/completion/"))
    assert answer["Location"] == path(books)
    assert again(made).state == TodoState.DONE
    assert "Call Ann" not in page(client, path(books))
    assert "Call Ann" in page(client, path(books, "?queue=done"))
    client.post(path(books, f"{made.id}/reopening/"))
    assert again(made).state == TodoState.OPEN


def test_snoozed_it_is_out_of_sight(books: Books) -> None:
    made, client = todo(books), signed_in(books)
    assert page(client, path(books, f"{made.id}/snooze/"))
    tomorrow = (books.on + timedelta(days=1)).isoformat()
    client.post(path(books, f"{made.id}/snooze/"), {"until": tomorrow})
    assert "Call Ann" not in page(client, path(books))
    assert "Call Ann" in page(client, path(books, "?queue=snoozed"))
    refused = client.post(path(books, f"{made.id}/snooze/"), {"until": books.on.isoformat()})
    assert refused.status_code == 422
    assert "Choose a day after today" in refused.content.decode()


def test_it_is_handed_to_a_colleague_who_is_there(books: Books) -> None:
    made, client = todo(books), signed_in(books)
    onlooker(books)
    with tenant(books.id):
        vic = Member.objects.get(name="Vic Viewer")
    answer = client.post(path(books, f"{made.id}/assignment/"), {"assignee": str(vic.id)})
    assert answer.status_code == 302
    assert again(made).assignee_id == vic.id
    stranger = found_books().owner
    refused = client.post(path(books, f"{made.id}/assignment/"), {"assignee": str(stranger.id)})
    assert refused.status_code == 422


def test_acting_leads_back_to_the_list_as_it_stood_and_nowhere_else(books: Books) -> None:
    made, client = todo(books), signed_in(books)
    act = path(books, f"{made.id}/completion/")
    asked = path(books, "?queue=everyone&q=ann")
    assert client.post(act, {"next": asked})["Location"] == asked
    for elsewhere in ("https://evil.example/", "//evil.example", path(books, "x/"), "javascript:1"):
        assert client.post(act, {"next": elsewhere})["Location"] == path(books)


def test_a_mail_is_read_before_it_is_approved(books: Books) -> None:
    [made] = reminders(books)
    client = signed_in(books)
    shown = page(client, path(books, f"{made.id}/"))
    for words in ("ann0@globex.example", "Payment reminder", "Approve", "Withdraw"):
        assert words in shown
    mail = client.get(path(books, f"{made.id}/mail/"))
    assert "$1,234.50" in mail.content.decode()
    assert "sandbox" in mail["Content-Security-Policy"]
    assert mail["X-Frame-Options"] == "SAMEORIGIN"
    client.post(path(books, f"{made.id}/approval/"))
    assert states(books) == [MessageState.QUEUED]
    assert again(made).state == TodoState.DONE
    with tenant(books.id):
        assert Message.objects.get().approved_by_id == books.owner.id


def test_a_withdrawn_message_is_not_sent_and_says_why(books: Books) -> None:
    [made] = reminders(books)
    client = signed_in(books)
    assert client.post(path(books, f"{made.id}/withdrawal/"), {"reason": ""}).status_code == 422
    client.post(path(books, f"{made.id}/withdrawal/"), {"reason": "Ann called."})
    assert states(books) == [MessageState.WITHDRAWN]
    assert again(made).state == TodoState.DONE
    client.post(path(books, f"{made.id}/approval/"))
    assert "was withdrawn" in page(client, path(books))
    assert states(books) == [MessageState.WITHDRAWN]


def test_all_are_approved_once_their_number_is_known(books: Books) -> None:
    reminders(books, 2)
    client = signed_in(books)
    assert "Approve all (2)" in page(client, path(books))
    assert "Approve 2 messages?" in page(client, path(books, "approvals/"))
    client.post(path(books, "approvals/"))
    assert states(books) == [MessageState.QUEUED] * 2
    assert "2 messages leave now." in page(client, path(books))


def test_the_number_of_many_is_typed(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paidup.web.todos.approvals.TYPED_FROM", 2)
    reminders(books, 2)
    client = signed_in(books)
    assert 'data-must-be="2"' in page(client, path(books, "approvals/"))
    refused = client.post(path(books, "approvals/"), {"typed": "3"})
    assert refused.status_code == 422
    assert "the number of messages that wait now" in refused.content.decode()
    assert states(books) == [MessageState.AWAITING_APPROVAL] * 2
    client.post(path(books, "approvals/"), {"typed": " 2 "})
    assert states(books) == [MessageState.QUEUED] * 2


def test_only_the_queue_that_shows_is_approved(books: Books) -> None:
    [first, second] = reminders(books, 2)
    onlooker(books)
    with tenant(books.id):
        vic = Member.objects.get(name="Vic Viewer")
        Todo.objects.filter(id=second.id).update(assignee=vic)
    signed_in(books).post(path(books, "approvals/"))
    assert again(first).state == TodoState.DONE
    assert again(second).state == TodoState.OPEN


def test_a_message_that_failed_is_sent_again(books: Books) -> None:
    [made] = reminders(books)
    with tenant(books.id):
        Message.objects.update(state=MessageState.FAILED, failure="Mailbox full")
        Todo.objects.filter(id=made.id).update(kind="message_failed")
    client = signed_in(books)
    shown = page(client, path(books, f"{made.id}/"))
    assert "Mailbox full" in shown
    assert "Send again" in shown
    client.post(path(books, f"{made.id}/sending-again/"))
    assert states(books) == [MessageState.QUEUED]


def test_a_to_do_without_a_message_has_no_mail(books: Books) -> None:
    made, client = todo(books), signed_in(books)
    assert client.get(path(books, f"{made.id}/mail/")).status_code == 404
    assert client.post(path(books, f"{made.id}/approval/")).status_code == 404


def test_who_may_only_look_reads_the_mail_and_decides_nothing(books: Books) -> None:
    [made] = reminders(books)
    client = onlooker(books)
    shown = page(client, path(books, f"{made.id}/"))
    assert "approval/" not in shown
    assert client.get(path(books, f"{made.id}/mail/")).status_code == 200
    for act in ("approval", "withdrawal", "completion", "snooze", "assignment", "sending-again"):
        assert client.post(path(books, f"{made.id}/{act}/")).status_code == 403
    assert client.post(path(books, "approvals/")).status_code == 403
    assert states(books) == [MessageState.AWAITING_APPROVAL]
