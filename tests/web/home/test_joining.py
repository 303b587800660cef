"""An invitation from the account's page to the new member's first page."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connections
from django.test import Client
from django.utils.crypto import get_random_string

from paidup.communications import gates
from paidup.communications.gates import Send, Withdraw
from paidup.communications.models import Message
from paidup.communications.rendering import render, render_to_leave
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations import invitations, roles
from paidup.organizations.invitations import InvitationRefused
from paidup.organizations.models import DirectoryEntry, DirectoryKind, Invitation, Member, User
from paidup.organizations.queries import ready_role
from paidup.organizations.roles import RoleDetails, RoleRefused
from paidup.organizations.states import Level, Module, ReadyRole
from paidup.ui import limits
from paidup.web.home.joining import VIEWS_OF_ADDRESS
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, onlooker, signed_in

PASSWORD = "correct horse battery"
LINK = re.compile(r"http://\S+?(/invitations/\S+/)")


@pytest.fixture
def books(db: None) -> Books:
    """An organization of the test's own."""
    cache.clear()
    return found_books(at=clock.now())


@pytest.fixture
def email() -> str:
    """An address that nobody has yet."""
    return f"{get_random_string(12).lower()}@example.test"


def account(books: Books, rest: str = "?tab=members") -> str:
    """An address below the account."""
    return f"/o/{books.organization.slug}/account/{rest}"


def ask(books: Books, email: str, role: ReadyRole = ReadyRole.ADMIN) -> Invitation:
    """The owner invites."""
    with tenant(books.id):
        return invitations.invite(
            email=email,
            name="Kim <b>New</b>",
            role=ready_role(books.id, role),
            inviter=books.owner,
            at=books.at,
        )


def path_of(invitation_id: UUID) -> str:
    """Where the mail's link leads."""
    return f"/invitations/{invitations.token(invitation_id)}/"


def visitor() -> Client:
    """A browser in which nobody is signed in."""
    return Client(SERVER_NAME="localhost")


def members_at(books: Books, email: str) -> list[str]:
    """The names of the roles that the person has here."""
    with tenant(books.id):
        rows = Member.objects.of(books.id).filter(user__email=email).select_related("role")
        return [str(member.role) for member in rows]


def test_a_new_person_is_invited_chooses_a_password_and_is_in(
    books: Books, email: str, work_off: Callable[[], int]
) -> None:
    with tenant(books.id):
        admin = ready_role(books.id, ReadyRole.ADMIN)
    asked = {"name": "Kim <b>New</b>", "email": email.upper(), "role": str(admin.id)}
    answer = signed_in(books).post(account(books, "invitations/new/"), asked)
    assert answer["Location"] == account(books)
    listed = signed_in(books).get(account(books)).content.decode()
    assert email in listed
    assert "Send again" in listed
    work_off()
    with tenant(books.id):
        message = Message.objects.get(to_address=email)
        shown = render(message, organization=books.organization)
        mail = render_to_leave(message, organization=books.organization)
    assert "/invitations/" not in shown.html + shown.text
    assert "<b>New" not in mail.html
    [path] = LINK.findall(mail.text)
    client = visitor()
    page = client.get(path).content.decode()
    for said in (books.organization.name, "Admin", books.owner.name, email):
        assert said in page
    assert members_at(books, email) == []
    weak = client.post(path, {"password": "password"})
    assert weak.status_code == 422
    assert "too common" in weak.content.decode()
    assert not User.objects.filter(email=email).exists()
    answer = client.post(path, {"password": PASSWORD})
    assert answer["Location"] == f"/o/{books.organization.slug}/"
    assert client.get(answer["Location"]).status_code == 200
    assert members_at(books, email) == ["Admin"]
    assert User.objects.get(email=email).check_password(PASSWORD)
    again = visitor().get(path)
    assert again.status_code == 404
    assert "opens nothing any more" in again.content.decode()


def test_who_has_an_account_signs_in_and_keeps_it_as_it_is(books: Books, email: str) -> None:
    user = User.objects.create_user(email, PASSWORD, name="Own Name", joined_at=books.at)
    path = path_of(ask(books, email).id)
    client = visitor()
    assert f"/accounts/login/?next={path}" in client.get(path).content.decode()
    posted = client.post(path, {"password": "another long password"})
    assert posted["Location"].startswith("/accounts/login/")
    entered = client.post(
        f"/accounts/login/?next={path}", {"login": email, "password": PASSWORD, "next": path}
    )
    assert entered["Location"] == path
    assert "Accept the invitation" in client.get(path).content.decode()
    assert members_at(books, email) == []
    assert client.post(path)["Location"] == f"/o/{books.organization.slug}/"
    assert members_at(books, email) == ["Admin"]
    user.refresh_from_db()
    assert (user.name, user.check_password(PASSWORD)) == ("Own Name", True)


def test_somebody_else_is_told_so_and_accepts_nothing(books: Books, email: str) -> None:
    path = path_of(ask(books, email).id)
    stranger = signed_in(found_books())
    assert f"This invitation is for {email}" in stranger.get(path).content.decode()
    assert stranger.post(path).status_code == 422
    assert members_at(books, email) == []


def test_what_is_wrong_expired_revoked_or_replaced_opens_nothing(books: Books, email: str) -> None:
    first = ask(books, email)
    owner = signed_in(books)
    answer = owner.post(account(books, f"invitations/{first.id}/renewal/"))
    assert answer["Location"] == account(books)
    with tenant(books.id):
        second = Invitation.objects.get(email=email)
    assert visitor().get(path_of(second.id)).status_code == 200
    owner.post(account(books, f"invitations/{second.id}/revocation/"))
    third = ask(books, email)
    with tenant(books.id):
        Invitation.objects.update(
            invited_at=books.at - timedelta(days=8), expires_at=books.at - timedelta(days=1)
        )
    assert "Expired" in owner.get(account(books)).content.decode()
    right = path_of(third.id)
    other = right[:13] + ("A" if right[13] != "A" else "B") + right[14:]
    for path in (path_of(first.id), path_of(second.id), right, other, "/invitations/x/"):
        assert visitor().get(path).status_code == 404, path
        assert visitor().post(path, {"password": PASSWORD}).status_code == 404, path
    with tenant(books.id), pytest.raises(InvitationRefused, match="has expired"):
        invitations.join_anew(invitation_id=third.id, password=PASSWORD, at=books.at)
    assert not User.objects.filter(email=email).exists()
    keys = DirectoryEntry.objects.filter(kind=DirectoryKind.INVITATION, organization_id=books.id)
    assert [entry.key for entry in keys] == [third.id.hex]


def test_a_mail_that_would_open_nothing_is_not_sent(
    books: Books, email: str, work_off: Callable[[], int]
) -> None:
    invitation = ask(books, email)
    work_off()
    with tenant(books.id):
        message = Message.objects.get(to_address=email)
        assert gates.ask(message, books.at) == Send()
        invitations.revoke(invitation=invitation, by=books.owner, at=books.at)
        assert isinstance(gates.ask(message, books.at), Withdraw)


def test_who_may_invite_and_with_which_roles(books: Books, email: str) -> None:
    page = onlooker(books)
    assert "invitations/new/" not in page.get(account(books)).content.decode()
    assert page.post(account(books, "invitations/new/"), {}).status_code == 403
    admin = member_with(books, ReadyRole.ADMIN)
    with tenant(books.id):
        owner_role = ready_role(books.id, ReadyRole.OWNER)
        with pytest.raises(RoleRefused, match="more than your own"):
            invitations.invite(email=email, name="Kim", role=owner_role, inviter=admin, at=books.at)
    invitation = ask(books, email, ReadyRole.OWNER)
    browser = client_of(admin.user)
    asked = {"name": "Kim", "email": f"x{email}", "role": str(owner_role.id)}
    assert browser.post(account(books, "invitations/new/"), asked).status_code == 422
    for verb in ("renewal", "revocation"):
        answer = browser.post(account(books, f"invitations/{invitation.id}/{verb}/"))
        assert answer.status_code == 422
        assert "more than your own" in answer.content.decode()


def test_nobody_is_invited_twice_or_who_is_here(books: Books, email: str) -> None:
    invitation = ask(books, email)
    with pytest.raises(InvitationRefused, match="invited already"):
        ask(books, email.upper())
    invitation.id, invitation.email = UUID(int=7), email.upper()
    with (
        pytest.raises(IntegrityError, match="one_open_invitation_per_address"),
        tenant(books.id),
    ):
        invitation.save(force_insert=True)


def test_members_are_not_invited(books: Books) -> None:
    sam = member_with(books, ReadyRole.VIEWER)
    with pytest.raises(InvitationRefused, match="is a member already"):
        ask(books, sam.user.email)
    with tenant(books.id):
        Member.objects.filter(id=sam.id).update(active=False)
    with pytest.raises(InvitationRefused, match="reactivate them"):
        ask(books, sam.user.email)


def test_a_role_that_somebody_is_invited_with_is_not_deleted(books: Books, email: str) -> None:
    details = RoleDetails(name="Helper", limited=False, levels=dict.fromkeys(Module, Level.VIEW))
    with tenant(books.id):
        role = roles.add_role(details=details, by=books.by, at=books.at)
        invitations.invite(email=email, name="Kim", role=role, inviter=books.owner, at=books.at)
        with pytest.raises(RoleRefused, match=f"Revoke first.*{email}"):
            roles.delete_role(role=role, by=books.by, at=books.at)


def test_guessing_is_slowed_down(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 0.0))
    answers = [
        visitor().get(f"/invitations/{number}/").status_code
        for number in range(VIEWS_OF_ADDRESS.times + 1)
    ]
    assert answers == [404] * VIEWS_OF_ADDRESS.times + [429]


@pytest.mark.database
def test_accepted_twice_at_once_makes_one_member(committed: None, email: str) -> None:
    cache.clear()
    books = found_books(at=clock.now())
    path = path_of(ask(books, email).id)
    together = Barrier(2)

    def accept() -> int:
        together.wait(timeout=20)
        try:
            return visitor().post(path, {"password": PASSWORD}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(each.result() for each in [threads.submit(accept) for _ in range(2)])
    assert answers[0] == 302
    assert answers[1] in {302, 404, 422}
    assert members_at(books, email) == ["Admin"]
