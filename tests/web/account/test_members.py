"""Members who are shut out and let in again on the account's page."""

import pytest

from paidup.history.actors import staff, system
from paidup.lib.tenancy import tenant
from paidup.organizations import members
from paidup.organizations.invitations import invite
from paidup.organizations.models import Invitation, Member
from paidup.organizations.queries import default_owner, ready_role
from paidup.organizations.roles import RoleRefused
from paidup.organizations.states import ReadyRole
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    """An organization of the test's own."""
    return found_books()


def shut_out(books: Books, who: Member, by: Member) -> None:
    """The operation, as a colleague."""
    with tenant(books.id):
        members.deactivate(member=who, by=staff(by.id), at=books.at)


def test_a_member_loses_access_at_once_and_gets_it_back(books: Books) -> None:
    sam = member_with(books, ReadyRole.ADMIN)
    client, home = client_of(sam.user), f"/o/{books.organization.slug}/"
    assert client.get(home).status_code == 200
    owner, activity = signed_in(books), f"{home}account/members/{sam.id}/activity/"
    assert "Deactivate Sam?" in owner.get(activity).content.decode()
    owner.post(activity, {"to": "off"})
    assert client.get(home).status_code == 404
    assert "Reactivate" in owner.get(f"{home}account/?tab=members").content.decode()
    owner.post(activity, {"to": "on"})
    assert client.get(home).status_code == 200


def test_the_last_owner_stays_and_nobody_shuts_themselves_or_higher_ones_out(books: Books) -> None:
    admin = member_with(books, ReadyRole.ADMIN)
    with pytest.raises(RoleRefused, match="more than your own"):
        shut_out(books, books.owner, admin)
    with pytest.raises(RoleRefused, match="Nobody deactivates themselves"):
        shut_out(books, books.owner, books.owner)
    second = member_with(books, ReadyRole.OWNER)
    shut_out(books, second, books.owner)
    with pytest.raises(RoleRefused, match="no member here any more"):
        shut_out(books, books.owner, second)
    page = client_of(admin.user).post(
        f"/o/{books.organization.slug}/account/members/{books.owner.id}/activity/", {"to": "off"}
    )
    assert page.status_code == 422
    with tenant(books.id), pytest.raises(RoleRefused, match="there has to be one"):
        members.deactivate(member=books.owner, by=system("test"), at=books.at)


def test_who_leaves_hands_on_new_customers_and_invites_nobody_any_more(books: Books) -> None:
    second = member_with(books, ReadyRole.OWNER)
    with tenant(books.id):
        viewer = ready_role(books.id, ReadyRole.VIEWER)
        invite(email="kim@example.test", name="Kim", role=viewer, inviter=books.owner, at=books.at)
    shut_out(books, books.owner, second)
    with tenant(books.id):
        assert default_owner(books.id) == second
        assert not Invitation.objects.exists()
