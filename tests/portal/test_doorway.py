"""The ways into the portal: invitations, signing in, asking for access, a forgotten password."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from paidup.communications.models import Message
from paidup.communications.rendering import render
from paidup.communications.states import Purpose
from paidup.customers import operations as customers
from paidup.customers.models import Contact, ContactLink
from paidup.history.models import Event
from paidup.lib.tenancy import tenant
from paidup.lifecycle.contacts import merge_contacts
from paidup.portal_access import operations as portal_access
from paidup.portal_access.models import Login, PortalSession, Ticket
from paidup.portal_access.operations import PortalRefused
from paidup.portal_access.states import TicketPurpose
from paidup.portal_access.wording import Wording
from tests.support import queue
from tests.support.books import Books, found_books

from .guest import PASSWORD, Guest, accepted, invite, token_for
from .payer import words


@pytest.fixture
def ann(books: Books) -> Contact:
    """The billing contact of a customer."""
    return books.contact(books.customer(), "Ann@globex.example")


@pytest.fixture
def guest(books: Books) -> Guest:
    return Guest(books)


def mails(books: Books, contact: Contact) -> list[Message]:
    with tenant(books.id):
        return list(Message.objects.filter(contact=contact).order_by("id"))


def disable(books: Books, contact: Contact) -> None:
    with tenant(books.id):
        for link in ContactLink.objects.filter(contact=contact):
            portal_access.disable(link=link, by=books.by, at=books.at)


def test_the_mail_says_what_was_written_and_its_link_stands_nowhere_else(
    books: Books, ann: Contact
) -> None:
    with tenant(books.id):
        link = ContactLink.objects.get(contact=ann)
        portal_access.invite(
            contact=ann,
            customer_ids=[link.customer_id],
            wording=Wording("Come in, {{ contact.name }}", "{{ customer.name }} awaits you."),
            by=books.by,
            at=books.at,
        )
    [mail] = mails(books, ann)
    assert (mail.subject, mail.purpose) == ("Come in, Ann", Purpose.INVITATION)
    assert mail.blocks[0]["text"] == "Globex awaits you."
    token = token_for(books, ann)
    assert "http" not in str(mail.blocks)
    with tenant(books.id):
        assert token not in str(list(Ticket.objects.values()))
        [event] = Event.objects.filter(kind="contact.portal_invited")
    assert event.subject_id == ann.id


def test_who_looks_at_the_mail_gets_no_link_and_the_one_that_left_stays_good(
    books: Books, ann: Contact, guest: Guest
) -> None:
    token = invite(books, ann)
    [mail] = mails(books, ann)
    with tenant(books.id):
        shown = render(mail, organization=books.organization)
    assert "Choose a password" in shown.html
    assert "/invitation/" not in shown.html + shown.text
    assert guest.accept(token).status_code == 302


def test_an_invitation_is_no_reminder_and_reaches_who_refuses_those(
    books: Books, ann: Contact
) -> None:
    with tenant(books.id):
        Contact.objects.filter(id=ann.id).update(reminders_refused_at=books.at)
        books.organization.automation_stopped = True
        books.organization.save()
    invite(books, ann)
    [mail] = mails(books, ann)
    assert mail.reminder_on is None
    assert not mail.automatic


def test_who_accepts_is_inside_and_signs_in_later(books: Books, ann: Contact, guest: Guest) -> None:
    token = invite(books, ann)
    page = guest.get(f"/invitation/{token}/")
    assert "Welcome, Ann" in words(page)
    answer = guest.accept(token)
    assert answer.status_code == 302
    cookie = answer.cookies["paidup_portal"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]
    assert guest.is_inside
    other = Guest(books)
    assert not other.is_inside
    assert other.sign_in("ann@GLOBEX.example").status_code == 302
    assert other.is_inside
    assert other.client.cookies["paidup_portal"].value != cookie.value
    with tenant(books.id):
        stored = str([*Login.objects.values(), *PortalSession.objects.values()])
        assert Event.objects.filter(kind="contact.portal_accepted", actor_id=ann.id).exists()
    assert PASSWORD not in stored
    assert cookie.value not in stored


def test_a_weak_password_is_refused_and_the_invitation_stays_good(
    books: Books, ann: Contact, guest: Guest
) -> None:
    token = invite(books, ann)
    for weak in ("short", "1q2w3e4r5t6y", "ann@globex.example"):
        answer = guest.accept(token, weak)
        assert answer.status_code == 422, weak
    assert guest.accept(token).status_code == 302


def used(books: Books, ann: Contact, token: str) -> None:
    Guest(books).accept(token)


def replaced(books: Books, ann: Contact, token: str) -> None:
    invite(books, ann)


def switched_off(books: Books, ann: Contact, token: str) -> None:
    disable(books, ann)


def unlinked(books: Books, ann: Contact, token: str) -> None:
    with tenant(books.id):
        link = ContactLink.objects.get(contact=ann)
        customers.unlink_contact(link=link, by=books.by, at=books.at)


def merged(books: Books, ann: Contact, token: str) -> None:
    elder = books.contact(books.customer("Initech"), "elder@globex.example")
    with tenant(books.id):
        merge_contacts(into=elder.id, others=[ann.id], by=books.by, at=books.at)


@pytest.mark.parametrize("what", [used, replaced, switched_off, unlinked, merged])
def test_an_invitation_that_opens_nothing_any_more(
    books: Books, ann: Contact, guest: Guest, what: Callable[..., None]
) -> None:
    token = invite(books, ann)
    what(books, ann, token)
    assert guest.get(f"/invitation/{token}/").status_code == 404
    assert guest.accept(token).status_code == 404
    assert not guest.is_inside


def test_an_invitation_that_is_expired_tampered_or_for_elsewhere(
    books: Books, ann: Contact, guest: Guest
) -> None:
    token = invite(books, ann, at=books.at - timedelta(days=8))
    assert guest.accept(token).status_code == 404
    token = invite(books, ann)
    other = found_books()
    wrong = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[:-2], "x", "é", "." * 300]
    for one in wrong:
        assert guest.accept(one).status_code == 404, one
    assert Guest(other).accept(token).status_code == 404
    assert guest.client.post(f"/password/{token}/", {"password": PASSWORD}).status_code == 404
    assert Client(headers={"host": "localhost:8000"}).get("/sign-in/").status_code == 404
    assert guest.accept(token).status_code == 302


def test_a_session_counts_at_its_own_host_only(books: Books, ann: Contact) -> None:
    guest = accepted(books, ann)
    elsewhere = Guest(found_books())
    elsewhere.client.cookies["paidup_portal"] = guest.client.cookies["paidup_portal"].value
    assert not elsewhere.is_inside
    guest.client.post("/sign-out/")
    assert not guest.is_inside
    with tenant(books.id):
        assert not PortalSession.objects.exists()


def test_nobody_learns_whether_an_address_is_known(books: Books, ann: Contact) -> None:
    accepted(books, ann)
    bob = books.contact(books.customer("Initech"), "bob@initech.example")
    invite(books, bob)
    off = accepted(books, gone := books.contact(books.customer("Umbrella"), "eve@umbrella.example"))
    disable(books, gone)
    assert not off.is_inside
    asked = [
        ("/sign-in/", {"password": "wrong wrong wrong"}),
        ("/access-request/", {}),
        ("/password-request/", {}),
    ]
    known = [ann.email, bob.email, gone.email]
    for path, sent in asked:
        seen = set()
        for address in (*known, "nobody@nowhere.example"):
            guest = Guest(books)
            with CaptureQueriesContext(connection) as queries:
                answer = guest.client.post(path, {"address": address, **sent})
            body = words(answer).replace(address, "")
            seen.add((answer.status_code, _plain(body), len(queries)))
        assert len(seen) == 1, path


def _plain(body: str) -> str:
    """Without the secrets that change with every answer."""
    before, _, rest = body.partition('csrfmiddlewaretoken" value="')
    return before.partition("X-CSRFToken")[0] + rest.partition('"')[2]


def test_the_right_password_of_somebody_switched_off_is_a_wrong_one(
    books: Books, ann: Contact
) -> None:
    guest = accepted(books, ann)
    disable(books, ann)
    assert not guest.is_inside
    assert guest.sign_in(ann.email).status_code == 422
    assert _plain(words(guest.sign_in(ann.email))) == _plain(words(guest.sign_in(ann.email, "no")))


def ask(books: Books, path: str, address: str) -> None:
    """Asks, and does the worker's part."""
    before = queue.last_job()
    answer = Guest(books).client.post(path, {"address": address})
    assert "If this address is known here" in words(answer)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs WHERE id > %s AND task_name LIKE %s",
            [before, "%portal_access%"],
        )
        [(arguments,)] = cursor.fetchall()
    assert address not in arguments, "jobs hold ids"
    with tenant(books.id):
        portal_access.answer_request(
            contact_id=UUID(json.loads(arguments)["contact_id"]), at=books.at
        )


def test_request_access_invites_a_contact_and_nobody_else(books: Books, ann: Contact) -> None:
    ask(books, "/access-request/", "nobody@nowhere.example")
    with tenant(books.id):
        assert not Message.objects.exists()
    ask(books, "/access-request/", "ANN@globex.example")
    [mail] = mails(books, ann)
    assert mail.purpose == Purpose.INVITATION
    assert Guest(books).accept(token_for(books, ann)).status_code == 302
    with tenant(books.id):
        assert Event.objects.filter(kind="contact.portal_requested").count() == 1
        customer_id = ContactLink.objects.get(contact=ann).customer_id
        event = Event.objects.get(kind="contact.portal_invited")
    assert (event.actor_id, event.customer_id) == (ann.id, customer_id)


def test_who_is_switched_off_gets_no_mail(books: Books, ann: Contact) -> None:
    disable(books, ann)
    ask(books, "/access-request/", ann.email)
    ask(books, "/password-request/", ann.email)
    assert mails(books, ann) == []


def test_a_new_password_ends_every_session(books: Books, ann: Contact, guest: Guest) -> None:
    before = accepted(books, ann)
    ask(books, "/password-request/", ann.email)
    token = token_for(books, ann, TicketPurpose.PASSWORD)
    assert before.is_inside
    answer = guest.client.post(f"/password/{token}/", {"password": "another long secret"})
    assert answer.status_code == 302
    assert guest.is_inside
    assert not before.is_inside
    assert before.sign_in(ann.email).status_code == 422
    assert before.sign_in(ann.email, "another long secret").status_code == 302
    again = guest.client.post(f"/password/{token}/", {"password": "a third long secret"})
    assert again.status_code == 404


def test_a_forgotten_password_is_nothing_for_who_never_had_one(books: Books, ann: Contact) -> None:
    ask(books, "/password-request/", ann.email)
    assert mails(books, ann) == []


def test_another_address_of_the_contact_is_perhaps_another_person(
    books: Books, ann: Contact
) -> None:
    guest = accepted(books, ann)
    with tenant(books.id):
        customers.edit_contact(
            contact=ann, details={"email": "successor@globex.example"}, by=books.by, at=books.at
        )
    assert not guest.is_inside
    assert guest.sign_in("ann@globex.example").status_code == 422
    successor = Guest(books)
    assert successor.accept(invite(books, ann)).status_code == 302
    assert guest.sign_in("ann@globex.example").status_code == 422
    assert successor.is_inside


def test_a_merged_contact_s_login_survives(books: Books, ann: Contact) -> None:
    guest = accepted(books, ann)
    elder = books.contact(books.customer("Initech"), "elder@globex.example")
    with tenant(books.id):
        merge_contacts(into=elder.id, others=[ann.id], by=books.by, at=books.at)
    assert guest.is_inside
    assert guest.sign_in(ann.email).status_code == 302
    # What was not enabled for either stays shut.
    assert "Initech" not in words(guest.client.get("/", follow=True))


def test_of_two_logins_the_one_of_who_stays_survives_and_a_switch_off_wins(books: Books) -> None:
    customer = books.customer()
    ann, bob = (books.contact(customer, f"{name}@globex.example") for name in ("ann", "bob"))
    stays, goes = accepted(books, ann), accepted(books, bob)
    with tenant(books.id):
        merge_contacts(into=ann.id, others=[bob.id], by=books.by, at=books.at)
    assert stays.is_inside
    assert not goes.is_inside
    assert goes.sign_in(bob.email).status_code == 422
    carl = books.contact(customer, "carl@globex.example")
    disable(books, carl)
    with tenant(books.id):
        merge_contacts(into=ann.id, others=[carl.id], by=books.by, at=books.at)
    assert not stays.is_inside


@pytest.mark.parametrize("trouble", ["no address", "bounced", "accepted", "taken"])
def test_who_cannot_be_invited_is_named_with_the_remedy(
    books: Books, ann: Contact, trouble: str
) -> None:
    remedy = {
        "no address": "add one first",
        "bounced": "correct the address first",
        "accepted": "accepted already",
        "taken": "Merge the two",
    }[trouble]
    if trouble == "accepted":
        accepted(books, ann)
    if trouble == "taken":
        accepted(books, books.contact(books.customer("Initech"), "ann@globex.example"))
    with tenant(books.id):
        if trouble == "no address":
            Contact.objects.filter(id=ann.id).update(email="")
        if trouble == "bounced":
            Contact.objects.filter(id=ann.id).update(bounced_at=books.at)
    count = len(mails(books, ann))
    with pytest.raises(PortalRefused, match=remedy):
        invite(books, ann)
    assert len(mails(books, ann)) == count
