"""Custom fields on the account's pages: adding, editing, arranging and removing them."""

import pytest

from paidup.customers import operations as customers
from paidup.lib.tenancy import tenant
from paidup.organizations.fields import fields_of
from paidup.organizations.models import CustomField
from paidup.organizations.states import FieldSubject
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


def test_who_may_not_edit_the_account_only_reads_them(books: Books) -> None:
    signed_in(books).post(
        path(books, "custom-fields/new/customer/"), {"label": "Region", "kind": "text"}
    )
    page = onlooker(books).get(path(books, "?tab=fields")).content.decode()
    assert "Region" in page
    assert "custom-fields/" not in page
