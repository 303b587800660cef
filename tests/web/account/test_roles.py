"""Roles on the account's pages: the list, adding one, giving it."""

import re

import pytest

from paidup.lib.tenancy import tenant
from paidup.organizations.models import Member, Role
from paidup.organizations.states import Level, Module
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    """An organization of the test's own."""
    return found_books()


def path(books: Books, rest: str = "") -> str:
    """An address below the account."""
    return f"/o/{books.organization.slug}/account/{rest}"


def asked(name: str = "Helper", *, access: str = "limited", **levels: int) -> dict[str, object]:
    """What the form sends: View everywhere else."""
    return {"name": name, "access": access, **{str(one): 1 for one in Module}, **levels}


def test_a_role_is_added_given_and_deleted(books: Books) -> None:
    client = signed_in(books)
    onlooker(books)
    with tenant(books.id):
        vic = Member.objects.get(name="Vic Viewer")
    assert "Copy" in client.get(path(books, "?tab=roles")).content.decode()
    answer = client.post(path(books, "roles/new/"), asked(todos=2))
    assert answer["Location"] == path(books, "?tab=roles")
    with tenant(books.id):
        role = Role.objects.get(name="Helper")
    assert role.limited
    assert role.level(Module.TODOS) == Level.EDIT
    assert role.edits == {"todos"}
    client.post(path(books, f"members/{vic.id}/role/"), {"role": role.id})
    assert "Helper" in client.get(path(books, "?tab=members")).content.decode()
    refused = client.post(path(books, f"roles/{role.id}/deletion/"))
    assert refused.status_code == 422
    assert "Vic Viewer" in refused.content.decode()
    changed = client.post(path(books, f"roles/{role.id}/"), asked("Helpers", access="full"))
    assert changed.status_code == 302
    with tenant(books.id):
        role.refresh_from_db()
    assert (role.name, role.limited, role.edits) == ("Helpers", False, frozenset())


def test_a_role_begins_like_another(books: Books) -> None:
    with tenant(books.id):
        viewer = Role.objects.get(ready="viewer")
    page = (
        signed_in(books).get(path(books, "roles/new/"), {"like": str(viewer.id)}).content.decode()
    )
    chosen = re.findall(r'name="(\w+)" value="1"[^>]* checked', page)
    assert chosen == [str(module) for module in Module]


def test_what_does_not_fit_is_said(books: Books) -> None:
    client = signed_in(books)
    answer = client.post(path(books, "roles/new/"), asked(customers=0))
    assert answer.status_code == 422
    assert "is read together with Customers" in answer.content.decode()
    answer = client.post(path(books, "roles/new/"), asked(todos=7))
    assert answer.status_code == 422
    own = client.post(path(books, f"members/{books.owner.id}/role/"), {"role": "nonsense"})
    assert own.status_code == 422


def test_who_may_not_edit_the_account_only_reads_roles(books: Books) -> None:
    shown = onlooker(books).get(path(books, "?tab=roles")).content.decode()
    assert "AR Specialist" in shown
    assert "roles/" not in shown.partition("<main")[2]
