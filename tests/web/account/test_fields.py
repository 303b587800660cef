"""Custom fields on the account's pages: adding, editing, arranging and removing them."""

import pytest

from paidup.customers import operations as customers
from paidup.lib.tenancy import tenant
from paidup.organizations.fields import fields_of
from paidup.organizations.models import CustomField
from paidup.organizations.states import FieldSubject, ReadyRole
from tests.support.books import Books, found_books
from tests.web.staff import member_with, onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    """An organization of the test's own."""
    return found_books()


def path(books: Books, rest: str = "") -> str:
    """An address below the account."""
    return f"/o/{books.organization.slug}/account/{rest}"


def known(books: Books, of: FieldSubject = FieldSubject.CUSTOMER) -> list[CustomField]:
    """The fields as they stand."""
    with tenant(books.id):
        return fields_of(of)


def test_a_field_is_added_edited_moved_and_removed(books: Books) -> None:
    client = signed_in(books)
    new = path(books, "custom-fields/new/customer/")
    refused = client.post(new, {"label": "Tier", "kind": "choice", "choices": " "})
    assert refused.status_code == 422
    assert "at least one choice" in refused.content.decode()
    client.post(new, {"label": "Region", "kind": "text"})
    client.post(new, {"label": "Tier", "kind": "choice", "choices": "Gold\r\nSilver\r\n"})
    region, tier = known(books)
    client.post(path(books, f"custom-fields/{tier.id}/position/"), {"to": "up"})
    assert [field.label for field in known(books)] == ["Tier", "Region"]
    page = client.get(path(books, "?tab=fields")).content.decode()
    assert page.index("Gold, Silver") < page.index("Region")

    customer = books.customer()
    with tenant(books.id):
        customers.edit_customer(
            customer=customer,
            fields={tier.id: "Gold", region.id: "West"},
            by=books.by,
            at=books.at,
        )
    edit = path(books, f"custom-fields/{tier.id}/")
    asked = client.post(edit, {"label": "Level", "choices": "Platinum\nSilver"})
    assert asked.status_code == 422
    assert "What takes its place?" in asked.content.decode()
    sent = {"label": "Level", "choices": "Platinum\nSilver", "becomes_0": "Platinum"}
    assert client.post(edit, sent).status_code == 302
    assert known(books)[0].choices == ["Platinum", "Silver"]
    record = client.get(f"/o/{books.organization.slug}/customers/{customer.id}/").content.decode()
    assert "Platinum" in record

    removal = path(books, f"custom-fields/{region.id}/removal/")
    assert "1 value goes with it" in " ".join(client.get(removal).content.decode().split())
    assert client.post(removal, {"typed": "region"}).status_code == 422
    assert client.post(removal, {"typed": "Region"}).status_code == 302
    assert [field.label for field in known(books)] == ["Level"]


def test_an_employees_fields_are_filled_in(books: Books) -> None:
    client = signed_in(books)
    assert "Custom fields of" not in client.get(path(books, "?tab=members")).content.decode()
    client.post(path(books, "custom-fields/new/member/"), {"label": "Desk", "kind": "number"})
    [desk] = known(books, FieldSubject.MEMBER)
    address = path(books, f"members/{books.owner.id}/fields/")
    assert client.post(address, {f"field_{desk.id}": "upstairs"}).status_code == 422
    assert client.post(address, {f"field_{desk.id}": "1217.5"}).status_code == 302
    assert "1,217.5" in client.get(path(books, "?tab=members")).content.decode()


def test_employees_are_narrowed_by_them_and_exported(books: Books) -> None:
    client = signed_in(books)
    member_with(books, ReadyRole.VIEWER, "Uma Upstairs")
    client.post(path(books, "custom-fields/new/member/"), {"label": "Desk", "kind": "number"})
    client.post(path(books, "custom-fields/new/member/"), {"label": "Car", "kind": "yes_no"})
    desk, car = known(books, FieldSubject.MEMBER)
    sent = {f"field_{desk.id}": "12", f"field_{car.id}": "yes"}
    client.post(path(books, f"members/{books.owner.id}/fields/"), sent)
    asked = {f"field_{desk.id}_from": "12", f"field_{car.id}": "yes"}
    everybody = client.get(path(books, "?tab=members")).content.decode()
    assert "Uma Upstairs" in everybody
    narrow = client.get(path(books), {"tab": "members", **asked}).content.decode()
    assert "Uma Upstairs" not in narrow
    assert books.owner.user.email in narrow
    assert (
        "No employee passes"
        in client.get(
            path(books), {"tab": "members", **asked, f"field_{car.id}": "no"}
        ).content.decode()
    )
    # Who may look at the members may take them along.
    file = onlooker(books).get(path(books, "members/members.csv"), asked)
    head, *lines = file.content.decode("utf-8-sig").splitlines()
    assert head == "Name,E-mail,Role,Active,Desk,Car"
    with tenant(books.id):
        name = books.owner.name
    assert lines == [f"{name},{books.owner.user.email},Owner,Yes,12,yes"]


def test_who_may_not_edit_the_account_only_reads_them(books: Books) -> None:
    signed_in(books).post(
        path(books, "custom-fields/new/customer/"), {"label": "Region", "kind": "text"}
    )
    page = onlooker(books).get(path(books, "?tab=fields")).content.decode()
    assert "Region" in page
    assert "custom-fields/" not in page
