"""The pages of merging contacts, and what leads to a contact that was merged."""

import re
from typing import Any

import pytest
from django.test import Client

from paidup.cadences.models import LinkAssignment
from paidup.cadences.operations import add_cadence, change_contact_cadence, establish_default
from paidup.customers import operations as customers
from paidup.customers.models import Contact, ContactLink
from paidup.lib import clock
from paidup.lib.tenancy import tenant
from paidup.lifecycle.contacts import merge_contacts
from tests.support.books import Books, found_books
from tests.web.staff import onlooker, signed_in

from .people import names, queries, record_path, shown

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books(at=clock.now())


@pytest.fixture
def client(books: Books) -> Client:
    return signed_in(books)


def path(books: Books, rest: str = "") -> str:
    return f"/o/{books.organization.slug}/contacts/{rest}"


def two(books: Books) -> tuple[Contact, Contact]:
    customer = books.customer("Globex")
    return (
        books.contact(customer, "ann@globex.example"),
        books.contact(customer, "anna@globex.example"),
    )


def merged(books: Books, into: Contact, *others: Contact) -> None:
    with tenant(books.id):
        merge_contacts(into=into.id, others=[one.id for one in others], by=books.by, at=books.at)


def test_the_preview_says_what_will_happen(books: Books, client: Client) -> None:
    ann, anna = two(books)
    page = shown(client, path(books, "merging/"), contact=[ann.id, anna.id], keep=anna.id)
    for words in ("Anna stays", "<strong>anna@globex.example</strong> stays the e-mail address"):
        assert words in page
    assert "Nothing is sent any more to ann@globex.example" in page
    assert "Linked to 1 customer." in page
    assert "1 link to the same customer becomes part of another" in page
    with tenant(books.id):
        assert Contact.objects.standing().count() == 2, "nothing has happened yet"


def test_the_preview_says_what_becomes_of_own_cadences(books: Books, client: Client) -> None:
    ann, anna = two(books)
    initech = books.customer("Initech")
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    with tenant(books.id):
        customers.link_contact(customer=initech, contact=anna, **acts)
    path_of_both = path(books, f"merging/?contact={ann.id}&contact={anna.id}&keep={ann.id}")
    assert "Own cadence" not in shown(client, path_of_both)
    with tenant(books.id):
        standard = establish_default(organization=books.organization, **acts)
        for name, places in (
            ("Firm", ContactLink.objects.filter(contact=ann)),
            ("Gentle", ContactLink.objects.filter(contact=anna)),
        ):
            cadence = add_cadence(name=name, copy_of=standard, **acts)
            for link in places:
                change_contact_cadence(link=link, cadence=cadence, **acts)
    rows = preview(client, path_of_both)
    assert rows == ["Firm instead of Gentle", "Gentle taken over from Anna"]
    assert "Own cadences go on at 2 customers" in shown(client, path_of_both)
    with tenant(books.id):
        change_contact_cadence(link=ContactLink.objects.get(contact=ann), cadence=None, **acts)
    assert preview(client, path_of_both) == [
        "Gentle taken over from Anna",
        "Gentle taken over from Anna",
    ]
    merged(books, ann, anna)
    with tenant(books.id):
        own = LinkAssignment.objects.values_list("link__contact_id", "cadence__name")
        assert list(own) == [(ann.id, "Gentle")] * 2


def preview(client: Client, address: str) -> list[str]:
    """What the preview says of own cadences, customer by customer."""
    cells = re.findall(r"Own cadence: (.*?)</div>", shown(client, address), re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in cells]


def test_one_alone_may_not_be_merged_but_others_are_offered(books: Books, client: Client) -> None:
    ann, anna = two(books)
    with tenant(books.id):
        Contact.objects.filter(id=anna.id).update(email="", words="ann anna@globex.example")
    page = shown(client, path(books, f"merging/?contact={ann.id}"))
    assert "May be the same person" in page
    assert f'id="with-{anna.id}"' in page
    assert "Choose at least two contacts" in page
    assert 'method="post"' not in page.partition('id="merge-preview"')[2].partition("</main>")[0]
    found = shown(client, path(books, f"merging/?contact={ann.id}"), q="nobody at all")
    assert "No other contact matches" in found


def test_addresses_that_are_none_are_left_out(books: Books, client: Client) -> None:
    ann, _anna = two(books)
    strangers = found_books()
    theirs = strangers.contact(strangers.customer(), "theirs@globex.example")
    page = shown(client, path(books, "merging/"), contact=["x", ann.id, theirs.id])
    assert "Choose at least two contacts" in page
    assert "theirs@globex.example" not in page


def test_merging_and_the_way_from_the_old_address(books: Books, client: Client) -> None:
    ann, anna = two(books)
    sent = {"contact": [str(ann.id), str(anna.id)], "keep": str(ann.id)}
    answer = client.post(path(books, "merging/"), sent)
    assert answer["Location"] == path(books, f"{ann.id}/")
    assert names(shown(client, path(books))) == ["Ann"]
    for rest in ("", "details/", "links/"):
        old = client.get(path(books, f"{anna.id}/{rest}"))
        assert old["Location"] == path(books, f"{ann.id}/{rest}")
    begun = client.get(path(books, f"{anna.id}/merging/"))
    assert begun["Location"] == path(books, f"merging/?contact={ann.id}")
    page = shown(client, path(books, f"{ann.id}/"), show="all")
    assert "Contact Anna merged into Ann" in page
    assert "anna@globex.example" in page, "the old address"
    again = client.post(path(books, "merging/"), sent)
    assert again.status_code == 422
    assert "at least two" in again.content.decode()


def test_whom_to_keep_must_be_one_of_the_chosen(books: Books, client: Client) -> None:
    ann, anna = two(books)
    other = books.contact(books.customer("Hooli"), "hal@hooli.example")
    sent = {"contact": [str(ann.id), str(anna.id)], "keep": str(other.id)}
    answer = client.post(path(books, "merging/"), sent)
    assert answer.status_code == 422
    with tenant(books.id):
        assert Contact.objects.standing().count() == 3


def test_the_history_of_all_is_there_told_once(books: Books, client: Client) -> None:
    ann, anna = two(books)
    left = books.customer("Initech")
    with tenant(books.id):
        link = customers.link_contact(customer=left, contact=anna, by=books.by, at=books.at)
        customers.edit_contact(
            contact=Contact.objects.get(id=anna.id),
            details={"name": "Anna Lee"},
            by=books.by,
            at=books.at,
        )
        customers.unlink_contact(link=link, by=books.by, at=books.at)
    merged(books, ann, anna)
    page = shown(client, path(books, f"{ann.id}/"), show="all")
    assert "Contact Anna Lee removed" in page, "of a customer where it is none any more"
    assert page.count("Contact Anna Lee edited") == 1, "though on two customers' timelines"
    assert "Contact Anna Lee merged" not in shown(client, path(books, f"{ann.id}/"), show="emails")


def test_the_number_of_queries_is_the_same_for_many(books: Books, client: Client) -> None:
    ann, anna = two(books)
    few = queries(client, path(books, f"{ann.id}/"))
    choosing = queries(client, path(books, f"merging/?contact={ann.id}&contact={anna.id}"))
    people = [anna]
    for number in range(6):
        customer = books.customer(f"Customer {number}")
        people.append(books.contact(customer, f"ann{number}@globex.example"))
        with tenant(books.id):
            customers.link_contact(customer=customer, contact=ann, by=books.by, at=books.at)
    asked = "&".join(f"contact={one.id}" for one in [ann, *people])
    assert queries(client, path(books, f"merging/?{asked}")) <= choosing
    merged(books, ann, *people)
    assert queries(client, path(books, f"{ann.id}/")) <= few + 1, "the names of those merged"


def test_the_history_pages_by_keyset(books: Books, client: Client) -> None:
    ann, anna = two(books)
    customer = books.customer("Initech")
    with tenant(books.id):
        customers.link_contact(customer=customer, contact=ann, by=books.by, at=books.at)
        for number in range(45):
            customers.add_note(customer=customer, text=f"No {number}.", by=books.by, at=books.at)
    merged(books, ann, anna)
    assert "Initech · owner" in shown(client, path(books, f"{ann.id}/")), "whose note it is"
    seen: list[str] = []
    address, rest = path(books, f"{ann.id}/"), ""
    while True:
        page = shown(client, address + rest)
        seen += [part.partition("<")[0] for part in page.split('class="body">')[1:]]
        if 'rel="next"' not in page:
            break
        link = page.partition('rel="next"')[0].rpartition('href="')[2]
        rest = link.partition('"')[0].replace("&amp;", "&").removeprefix(address)
    assert sorted(seen) == sorted(f"No {number}." for number in range(45))


def test_adding_one_from_the_list(books: Books, client: Client) -> None:
    customer = books.customer("Globex Ltd")
    typed = {"name": "Ann", "email": "a@globex.example", "language": "en", "role": "billing"}
    for place, called in enumerate(("Globex  LTD", customer.number)):
        typed["email"] = f"{place}@globex.example"
        answer = client.post(path(books, "new/"), typed | {"customer": called, "messages": []})
        assert answer.status_code == 302
    with tenant(books.id):
        assert ContactLink.objects.filter(customer=customer, gets_invoices=False).count() == 2
    refused = client.post(path(books, "new/"), typed | {"customer": "Nobody"})
    assert refused.status_code == 422
    assert "Nobody is neither the account number nor the name" in refused.content.decode()
    books.customer("Globex Ltd")
    several = client.post(path(books, "new/"), typed | {"customer": "globex ltd"})
    assert "give the account number" in several.content.decode()


def test_linking_one_more_customer(books: Books, client: Client) -> None:
    ann, _anna = two(books)
    other = books.customer("Initech")
    typed = {"customer": other.number, "role": "executive", "messages": ["gets_receipts"]}
    address = path(books, f"{ann.id}/links/")
    assert client.post(address, typed)["Location"] == path(books, f"{ann.id}/")
    with tenant(books.id):
        link = ContactLink.objects.get(customer=other)
    assert (link.contact_id, link.role) == (ann.id, "executive")
    assert (link.gets_receipts, link.gets_invoices) == (True, False)
    twice = client.post(address, typed)
    assert twice.status_code == 422
    assert "is a contact of Initech already" in twice.content.decode()


def test_a_place_changed_on_the_contacts_page_leads_back_there(
    books: Books, client: Client
) -> None:
    ann, _anna = two(books)
    with tenant(books.id):
        link = ContactLink.objects.select_related("customer").get(contact=ann)
    here = path(books, f"{ann.id}/?show=notes")
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{here}"}
    place = record_path(books, link.customer, f"contacts/{link.id}/")
    typed = {"name": "Ann", "email": "a@globex.example", "language": "en", "role": "other"}
    answer = client.post(place, typed, headers=headers)
    assert answer["HX-Refresh"] == "true", "where it was opened"


def test_who_may_only_look_is_offered_nothing(books: Books) -> None:
    ann, _anna = two(books)
    looking = onlooker(books)
    for page in (shown(looking, path(books)), shown(looking, path(books, f"{ann.id}/"))):
        for words in ("Merge Contacts", "Add Billing Contact", "Link a customer", "row-check"):
            assert words not in page
