"""Filters by tag and entity, and views of the list that members keep."""

import pytest
from django.test import Client

from paidup.customers import operations as customers
from paidup.customers.models import TaggedCustomer
from paidup.history.models import Event
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.organizations.models import SavedView
from paidup.organizations.operations import add_entity
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    books = found_books(at=clock.now())
    for name, tags in (("Globex", ["vip", "north"]), ("Initech", ["vip"]), ("Umbrella", [])):
        customer = books.customer(name)
        books.invoice(customer, "100.00", due_in=3)
        with tenant(books.id):
            customer.tags = tags
            customer.save(update_fields=["tags"])
    return books


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/customers/{rest}"


def shown(client: Client, books: Books, query: str) -> set[str]:
    page = client.get(path(books, query)).content.decode()
    return {name for name in ("Globex", "Initech", "Umbrella") if f">{name}</a>" in page}


def test_a_tag_narrows_rows_sums_and_export(books: Books) -> None:
    client = signed_in(books)
    assert shown(client, books, "?tag=vip") == {"Globex", "Initech"}
    assert shown(client, books, "?tag=vip&q=init") == {"Initech"}
    assert shown(client, books, "?tag=nobody") == set()
    assert "$200.00" in client.get(path(books, "totals/?tag=vip")).content.decode()
    lines = b"".join(client.get(path(books, "customers.csv?tag=north")).streaming_content)  # type: ignore[attr-defined]
    assert lines.count(b"\r\n") == 2


def test_tags_are_found_as_they_are_now(books: Books) -> None:
    with tenant(books.id):
        assert set(TaggedCustomer.objects.values_list("tag", flat=True)) == {"vip", "north"}
        customer = customers.add_customer(
            entity=books.entity, name="Hooli", by=books.by, at=books.at
        )
        customer.tags = ["south", "south"]
        customer.save()
        customer.tags = ["west"]
        customer.save()
        mine = TaggedCustomer.objects.filter(customer_id=customer.id)
        assert [row.tag for row in mine] == ["west"]
        customer.tags = []
        customer.save()
        assert not mine.all().exists()


def test_an_entity_narrows_the_list(books: Books) -> None:
    with tenant(books.id):
        other = add_entity(
            organization=books.organization, name="Other Ltd", currency="USD", country="GB"
        )
    client = signed_in(books)
    assert shown(client, books, f"?entity={other.id}") == set()
    assert shown(client, books, f"?entity={books.entity.id}") == {"Globex", "Initech", "Umbrella"}
    offered = client.get(path(books, "filters/?tag=vip")).content.decode()
    assert "Other Ltd" in offered
    assert '<option value="vip" selected>' in offered


def test_a_view_is_kept_replaced_and_removed(books: Books) -> None:
    client = signed_in(books)
    saved = client.post(path(books, "views/?tag=vip&sort=-balance&q="), {"name": " Mine "})
    assert saved.headers["Location"] == path(books, "?tag=vip&sort=-balance")
    client.post(path(books, "views/?tag=north"), {"name": "Mine"})
    with tenant(books.id):
        [view] = SavedView.objects.all()
        assert (view.name, view.query, view.shared) == ("Mine", "tag=north", False)
        assert Event.objects.filter(kind="member.view_saved").count() == 2
    assert "?tag=north" in client.get(path(books)).content.decode()
    client.post(path(books, f"views/{view.id}/removal/"))
    with tenant(books.id):
        assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused(books: Books) -> None:
    answer = signed_in(books).post(path(books, "views/?tag=vip"), {"name": "  "})
    assert answer.status_code == 422
    with tenant(books.id):
        assert not SavedView.objects.exists()


def test_colleagues_see_what_is_shared_and_remove_only_their_own(books: Books) -> None:
    client, other = signed_in(books), onlooker(books)
    client.post(path(books, "views/?tag=vip"), {"name": "Secret"})
    client.post(path(books, "views/?tag=north"), {"name": "Common", "shared": "on"})
    page = other.get(path(books)).content.decode()
    assert "Common" in page
    assert "Secret" not in page
    with tenant(books.id):
        view = SavedView.objects.get(name="Common")
    assert other.post(path(books, f"views/{view.id}/removal/")).status_code == 404
