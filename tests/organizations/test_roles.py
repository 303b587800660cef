"""Who may make, change and give which role."""

import pytest
from django.db import IntegrityError, connection

from paidup.history.actors import staff, system
from paidup.history.models import Event
from paidup.lib.tenancy import tenant
from paidup.organizations import roles
from paidup.organizations.models import Member, Role
from paidup.organizations.queries import ready_role
from paidup.organizations.roles import RoleDetails, RoleRefused
from paidup.organizations.states import Level, Module, ReadyRole
from tests.support.books import Books, found_books
from tests.web.staff import member_with

pytestmark = pytest.mark.usefixtures("db")

READS = dict.fromkeys(Module, Level.VIEW)


@pytest.fixture
def books() -> Books:
    return found_books()


def custom(books: Books, name: str = "Helper", *, limited: bool = False, **levels: Level) -> Role:
    details = RoleDetails(
        name=name, limited=limited, levels=READS | {Module(key): levels[key] for key in levels}
    )
    with tenant(books.id):
        return roles.add_role(details=details, by=books.by, at=books.at)


def give(books: Books, to: Member, role: Role | ReadyRole, by: Member) -> None:
    with tenant(books.id):
        given = role if isinstance(role, Role) else ready_role(books.id, role)
        roles.change_role(member=to, role=given, by=staff(by.id), at=books.at)


def role_of(books: Books, who: Member) -> str:
    with tenant(books.id):
        return str(Member.objects.select_related("role").get(id=who.id).role)


def test_a_custom_role_is_given_and_told(books: Books) -> None:
    role = custom(books, "  Night   shift ", limited=True, todos=Level.EDIT)
    sam = member_with(books, ReadyRole.VIEWER)
    give(books, sam, role, books.owner)
    assert role_of(books, sam) == "Night shift"
    with tenant(books.id):
        events = Event.objects.filter(kind__in=["role.added", "member.role_changed"])
        assert [event.data["name"] for event in events.filter(subject_id=role.id)] == [
            "Night shift"
        ]
        told = events.get(subject_id=sam.id)
        assert told.data == {"before": "Viewer", "after": "Night shift"}
        assert told.actor_id == books.owner.id


def test_the_last_owner_stays_one(books: Books) -> None:
    second = member_with(books, ReadyRole.OWNER)
    give(books, second, ReadyRole.VIEWER, books.owner)
    third = member_with(books, ReadyRole.OWNER)
    with tenant(books.id):
        Member.objects.filter(id=third.id).update(active=False)
    with tenant(books.id), pytest.raises(RoleRefused, match="there has to be one"):
        roles.change_role(
            member=books.owner,
            role=ready_role(books.id, ReadyRole.ADMIN),
            by=system("test"),
            at=books.at,
        )
    with pytest.raises(RoleRefused, match="no member here any more"):
        give(books, books.owner, ReadyRole.ADMIN, third)


def test_nobody_changes_their_own_role(books: Books) -> None:
    role = custom(books, account=Level.EDIT)
    sam = member_with(books, role)
    with pytest.raises(RoleRefused, match="their own role"):
        give(books, sam, ReadyRole.OWNER, sam)
    details = RoleDetails(name="More", limited=False, levels=dict.fromkeys(Module, Level.EDIT))
    with tenant(books.id), pytest.raises(RoleRefused, match="their own role"):
        roles.edit_role(role=role, details=details, by=staff(sam.id), at=books.at)


def test_nobody_gives_more_than_they_have(books: Books) -> None:
    sam = member_with(books, custom(books, limited=True, account=Level.EDIT))
    other = member_with(books, custom(books, "Less", limited=True))
    for more in (ReadyRole.VIEWER, ReadyRole.OWNER, custom(books, "More", todos=Level.EDIT)):
        with pytest.raises(RoleRefused, match="more than your own"):
            give(books, other, more, sam)
    admin = member_with(books, ReadyRole.ADMIN)
    with pytest.raises(RoleRefused, match="more than your own"):
        give(books, other, ReadyRole.OWNER, admin)
    with pytest.raises(RoleRefused, match="more than your own"):
        give(books, books.owner, ReadyRole.VIEWER, admin)
    give(books, other, ReadyRole.ADMIN, admin)
    assert role_of(books, other) == "Admin"


def test_levels_that_rest_on_others_need_them(books: Books) -> None:
    with pytest.raises(RoleRefused, match="Payments is read together with Invoices"):
        custom(books, invoices=Level.NONE)
    with pytest.raises(RoleRefused, match="read together with Customers"):
        custom(books, customers=Level.NONE)
    with pytest.raises(IntegrityError, match="role_todos_rests_on_customers"), tenant(books.id):
        Role.objects.create(organization=books.organization, name="Bad", todos=Level.EDIT)


@pytest.mark.parametrize("name", ["Helper", "HELPER", "Owner", "ar manager"])
def test_names_are_not_given_twice(books: Books, name: str) -> None:
    custom(books)
    with pytest.raises(RoleRefused, match="of this name already"):
        custom(books, name)


def test_ready_roles_stay(books: Books) -> None:
    with tenant(books.id):
        viewer = ready_role(books.id, ReadyRole.VIEWER)
        with pytest.raises(RoleRefused, match="ready roles stay"):
            roles.delete_role(role=viewer, by=books.by, at=books.at)
        details = RoleDetails(name="V", limited=True)
        with pytest.raises(RoleRefused, match="ready roles stay"):
            roles.edit_role(role=viewer, details=details, by=books.by, at=books.at)
    with (
        pytest.raises(IntegrityError, match="owner_may_everything"),
        tenant(books.id),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE organizations_role SET todos = 0 WHERE ready = 'owner'")


def test_a_role_that_somebody_has_is_not_deleted(books: Books) -> None:
    role = custom(books)
    sam = member_with(books, role)
    with tenant(books.id), pytest.raises(RoleRefused, match="have this one: Sam"):
        roles.delete_role(role=role, by=books.by, at=books.at)
    give(books, sam, ReadyRole.VIEWER, books.owner)
    with tenant(books.id):
        roles.delete_role(role=role, by=books.by, at=books.at)
        assert not Role.objects.filter(name="Helper").exists()
