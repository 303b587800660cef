"""Importing lists of customers and contacts: what is added, what changes, what is wrong."""

import pytest

from paidup.customers import operations as customers
from paidup.customers import search
from paidup.customers.models import Contact, ContactLink, Customer
from paidup.customers.operations import Details
from paidup.customers.states import CustomerState
from paidup.history.models import Event, PersonalData
from paidup.lib.tenancy import tenant
from paidup.lifecycle.operations import merge_customers
from paidup.organizations.models import Member, User
from paidup.organizations.operations import add_member
from paidup.organizations.queries import ready_role
from paidup.organizations.states import ReadyRole
from tests.support.books import Books, found_books

from .lists import CONTACTS, bring_in, counts, customer, errors, written

HEAD = ["Account Number", "Name", "Phone", "Street", "City", "Country", "Terms", "Tags",
    "Parent", "Billing Owner", "Contact", "Email"]  # fmt: skip
GLOBEX = ["A-1", "Globex", "(202) 555-0123", "1 Main St", "Springfield", "US", "45", "west, net",
    "", "", "Ann Lee", "ann@globex.test"]  # fmt: skip
HOOLI = ["A-2", "=Hooli", "", "", "", "Germany", "", "", "A-1", "Bea Baker", "", ""]
NOTHING = (0, 0, 0)


@pytest.fixture
def books(committed: None) -> Books:
    books = found_books()
    user = User.objects.create_user(f"bea@{books.organization.slug}.test", joined_at=books.at)
    user.name = "Bea Baker"
    user.save()
    with tenant(books.id):
        add_member(
            organization=books.organization,
            user=user,
            role=ready_role(books.organization, ReadyRole.ADMIN),
        )
    return books


def kinds(books: Books, number: str) -> list[str]:
    one = customer(books, number)
    with tenant(books.id):
        rows = Event.objects.of(books.id).filter(customer_id=one.id).order_by("id")
        return list(rows.values_list("kind", flat=True))


def found(books: Books, words: str) -> list[str]:
    with tenant(books.id):
        hits = search.find(words)
        assert hits
        rows = Customer.objects.order_by("number")
        return [row.number for row in rows if str(row.id) in hits.ids]


def test_what_is_new_what_changes_and_what_stays(books: Books) -> None:
    file = written(HEAD, GLOBEX, HOOLI)
    dry = bring_in(books, file, dry_run=True)
    with tenant(books.id):
        assert not Customer.objects.exists()
    assert bring_in(books, file) == dry
    assert counts(dry) == ((2, 0, 0), (1, 0, 0))
    globex, hooli = customer(books, "A-1"), customer(books, "A-2")
    assert (globex.phone, globex.terms_days) == ("+12025550123", 45)
    assert globex.billing_address == "1 Main St\nSpringfield"
    assert globex.tags == ["west", "net"]
    assert (hooli.name, hooli.parent, hooli.billing_country) == ("=Hooli", globex, "DE")
    assert hooli.terms_days == 30
    with tenant(books.id):
        assert hooli.billing_owner.name == "Bea Baker"
        assert ContactLink.objects.get().contact.email == "ann@globex.test"
    assert found(books, "ann lee") == ["A-1"]

    with tenant(books.id):
        events = Event.objects.count()
    assert counts(bring_in(books, file)) == ((0, 0, 2), (0, 0, 1))
    with tenant(books.id):
        assert Event.objects.count() == events

    blank = ["A-1", "Globex Corp", *[""] * 7, "BEA@" + books.organization.slug + ".test",
        "Ann Li", "ANN@globex.test"]  # fmt: skip
    assert counts(bring_in(books, written(HEAD, blank))) == ((0, 1, 0), (0, 1, 0))
    globex = customer(books, "A-1")
    assert (globex.name, globex.sort_name) == ("Globex Corp", "globex corp")
    assert (globex.terms_days, globex.tags) == (45, ["west", "net"])
    assert globex.billing_owner_id == hooli.billing_owner_id
    assert kinds(books, "A-1") == [
        "customer.added", "customer.edited", "customer.owner_changed", "contact.edited",
    ]  # fmt: skip
    with tenant(books.id):
        edited = Event.objects.get(kind="customer.edited")
        assert edited.data == {"changes": {}}
        said = PersonalData.objects.get(event_id=edited.id).data
        assert said == {"changes": {"name": ["Globex", "Globex Corp"]}}
        assert Event.objects.filter(kind="list.imported").count() == 2
    assert found(books, "globex corp") == found(books, "ann li") == ["A-1"]


def test_the_event_of_an_edit_is_the_one_that_the_page_records(books: Books) -> None:
    bring_in(books, written(HEAD, GLOBEX, HOOLI))
    parent = customer(books, "A-1")
    details: Details = {
        "terms_days": 60,
        "tags": ["east"],
        "parent": parent,
        "billing_address": "2 Main St",
    }
    with tenant(books.id):
        one = books.customer("By hand")
        two = books.customer("By file")
        customers.edit_customer(customer=one, by=books.by, at=books.at, **details)
    line = [two.number, "By file", "", "2 Main St", "", "", "60", "east", "A-1", "", "", ""]
    bring_in(books, written(HEAD, line))
    with tenant(books.id):
        told = {
            one_of: Event.objects.get(kind="customer.edited", customer_id=one_of.id)
            for one_of in (one, two)
        }
        assert told[one].data == told[two].data
        personal = [PersonalData.objects.get(event_id=event.id).data for event in told.values()]
    assert personal[0] == personal[1]


WRONG = [
    (HEAD.index("Account Number"), "", "Account Number", "It is empty."),
    (HEAD.index("Account Number"), "9" * 61, "Account Number", "shorten it to 60"),
    (HEAD.index("Name"), "", "", "a new one needs a name"),
    (HEAD.index("Name"), "x" * 201, "Name", "shorten it to 200"),
    (HEAD.index("Name"), "a\0b", "Name", "can't be read"),
    (HEAD.index("Phone"), "12", "Phone", "12 is no phone number"),
    (HEAD.index("Country"), "Atlantis", "Country", "Atlantis is no country"),
    (HEAD.index("Terms"), "366", "Terms", "from 0 to 365"),
    (HEAD.index("Terms"), "½", "Terms", "from 0 to 365"),
    (HEAD.index("Parent"), "Z-9", "", "Z-9, which is to be the parent"),
    (HEAD.index("Parent"), "A-1", "", "the customer itself or below it"),
    (HEAD.index("Billing Owner"), "Nobody", "Billing Owner", "no active member"),
    (HEAD.index("Email"), "ann", "Email", "ann is no e-mail address"),
]


@pytest.mark.parametrize(("place", "text", "column", "reason"), WRONG)
def test_a_wrong_cell_is_named_and_nothing_is_imported(
    books: Books, place: int, text: str, column: str, reason: str
) -> None:
    bad = [text if index == place else cell for index, cell in enumerate(GLOBEX)]
    file = written(HEAD, ["B-1", "Good", *[""] * 10], bad)
    outcome = bring_in(books, file)
    assert outcome.refused
    [(line, where, said)] = errors(outcome)
    assert (line, where) == (3, column)
    assert reason in said
    with tenant(books.id):
        assert not Customer.objects.exists()
    skipped = bring_in(books, file, skip_bad=True)
    assert (errors(skipped), counts(skipped)) == (errors(outcome), ((1, 0, 0), NOTHING))
    with tenant(books.id):
        assert Customer.objects.get().number == "B-1"


def test_every_wrong_cell_of_a_line_is_named(books: Books) -> None:
    bad = ["A-1", "Globex", "1", "", "", "XX", "x", "", "", "", "", "no"]
    outcome = bring_in(books, written(HEAD, bad, ["A-2", "too short"]))
    assert [(line, column) for line, column, _ in errors(outcome)] == [
        (2, "Phone"), (2, "Country"), (2, "Terms"), (2, "Email"), (3, ""),
    ]  # fmt: skip
    assert (outcome.lines, outcome.rejected) == (2, 2)


def test_what_else_is_wrong_with_a_line_of_bad_cells_is_told_at_once(books: Books) -> None:
    bring_in(books, written(HEAD, GLOBEX))
    head = ["Account Number", "Name", "Terms", "Parent"]
    lines = [["A-1", "", "x", ""], ["A-2", "", "x", "A-9"], ["A-3", "a\0b", "1", ""],
        ["A-4", "New", "x", ""], ["A-4", "New", "1", ""], ["A-5", "Last", "1", ""]]  # fmt: skip
    outcome = bring_in(books, written(head, *lines), skip_bad=True)
    assert [(line, column) for line, column, _reason in errors(outcome)] == [
        (2, "Terms"), (3, "Terms"), (3, ""), (4, "Name"), (5, "Terms"), (5, ""),
    ]  # fmt: skip
    reasons = [reason for _line, column, reason in errors(outcome) if not column]
    assert "a new one needs a name" in reasons[0]
    assert "A-4 stands on line 6" in reasons[1]
    assert customer(books, "A-4").terms_days == 1
    assert (outcome.lines, outcome.rejected) == (6, 4)


def test_numbers_twice_merged_and_of_other_currencies(books: Books) -> None:
    bring_in(books, written(HEAD, GLOBEX, HOOLI))
    with tenant(books.id):
        source, target = Customer.objects.get(number="A-1"), Customer.objects.get(number="A-2")
        customers.edit_customer(customer=target, parent=None, by=books.by, at=books.at)
        merge_customers(source=source, target=target, by=books.by, at=books.at)
    head = ["Account Number", "Name", "Currency", "Parent"]
    lines = [["A-1", "Globex", "", ""], ["A-2", "", "EUR", ""], ["A-3", "New", "eur", "A-1"],
        ["A-3", "Again", "", ""], ["A-4", "Sums", "XXX", ""]]  # fmt: skip
    outcome = bring_in(books, written(head, *lines), skip_bad=True)
    assert [(line, reason.partition(" ")[0]) for line, _column, reason in errors(outcome)] == [
        (2, "Account"), (3, "=Hooli"), (5, "Account"), (6, "XXX"),
    ]  # fmt: skip
    new = customer(books, "A-3")
    assert new.currency == "EUR"
    assert new.parent
    assert new.parent.number == "A-2", "the old number leads to the one it became"


def test_parents_in_circles_fall_also_where_a_line_that_is_left_out_closes_them(
    books: Books,
) -> None:
    head = ["Account Number", "Name", "Parent"]
    bring_in(books, written(head, ["C", "C", ""], ["A", "A", "C"], ["B", "B", ""]))
    # A under B under A is a circle; without both, C under A is one, as A is still under C.
    outcome = bring_in(
        books, written(head, ["A", "", "B"], ["B", "", "A"], ["C", "", "A"]), skip_bad=True
    )
    assert {line for line, _column, _reason in errors(outcome)} == {2, 3, 4}
    assert counts(outcome) == (NOTHING, NOTHING)


def test_a_deactivated_customer_is_changed_and_stays_deactivated(books: Books) -> None:
    one = books.customer("Idle")
    with tenant(books.id):
        customers.deactivate_customer(customer=one, by=books.by, at=books.at)
    bring_in(books, written(["Account Number", "Terms"], [one.number, "7"]))
    after = customer(books, one.number)
    assert (after.terms_days, after.state) == (7, CustomerState.INACTIVE)


def test_the_series_goes_on_after_numbers_that_look_like_its_own(books: Books) -> None:
    first = books.customer("First").number
    number = f"{first[:-1]}{int(first[-1]) + 1}"
    bring_in(books, written(["Account Number", "Name"], [number, "Second"]))
    assert books.customer("Third").number not in {first, number}


PEOPLE = ["Account Number", "First name", "Last name", "Email", "Role", "Reminders"]


def test_contacts_with_their_places(books: Books) -> None:
    bring_in(books, written(HEAD, GLOBEX, HOOLI))
    file = written(
        PEOPLE,
        ["A-1", "Ann", "Lee", "Ann@Globex.test", "executive", "no"],
        ["A-1", "Ben", "", "", "", ""],
        ["A-2", "", "", "cy@hooli.test", "", "yes"],
    )
    outcome = bring_in(books, file, CONTACTS)
    assert counts(outcome) == (NOTHING, (2, 1, 0))
    assert counts(bring_in(books, file, CONTACTS)) == (NOTHING, (0, 0, 3))
    with tenant(books.id):
        ann = ContactLink.objects.get(contact__name="Ann Lee")
        assert (ann.role, ann.gets_reminders, ann.gets_invoices) == ("executive", False, True)
        assert Contact.objects.get(email="cy@hooli.test").name == "cy"
    assert kinds(books, "A-1") == ["customer.added", "contact.linked", "contact.place_changed"]
    assert found(books, "cy@hooli") == ["A-2"]
    assert counts(
        bring_in(books, written(PEOPLE, ["A-1", "Ben", "", "ben@globex.test", "", ""]), CONTACTS)
    ) == (NOTHING, (0, 1, 0)), "who had no address has one now"


def test_a_person_at_two_customers_is_one_and_lines_must_agree(books: Books) -> None:
    bring_in(books, written(HEAD, GLOBEX, HOOLI))
    with tenant(books.id):
        customers.link_contact(
            customer=Customer.objects.get(number="A-2"),
            contact=Contact.objects.get(),
            by=books.by,
            at=books.at,
        )
    head = ["Account Number", "Name", "Email"]
    lines = [["A-1", "Ann Li", "ann@globex.test"], ["A-2", "Ann Lo", "ann@globex.test"],
        ["A-1", "Ann", "ANN@globex.test"], ["A-9", "Zoe", "zoe"], ["A-1", "", ""]]  # fmt: skip
    outcome = bring_in(books, written(head, *lines), CONTACTS, skip_bad=True)
    assert [reason for _line, _column, reason in errors(outcome)] == [
        "Line 2 says otherwise of the same person: Ann Li.",
        "ANN@globex.test stands on line 2 already, for the same customer.",
        "zoe is no e-mail address.",
        "No customer has the account number A-9.",
        "The contact needs a name or an e-mail address.",
    ]
    assert kinds(books, "A-1")[-1] == kinds(books, "A-2")[-1] == "contact.edited"
    assert found(books, "ann li") == ["A-1", "A-2"]


def test_members_of_one_name_are_told_apart_by_address(books: Books) -> None:
    user = User.objects.create_user(f"other@{books.organization.slug}.test", joined_at=books.at)
    user.name = "Bea Baker"
    user.save()
    with tenant(books.id):
        add_member(
            organization=books.organization,
            user=user,
            role=ready_role(books.organization, ReadyRole.ADMIN),
        )
        bea = Member.objects.get(user__email=f"bea@{books.organization.slug}.test")
    outcome = bring_in(books, written(HEAD, GLOBEX, HOOLI))
    assert "Several members are called Bea Baker" in errors(outcome)[0][2]
    with tenant(books.id):
        Member.objects.filter(id=bea.id).update(active=False)
    assert not bring_in(books, written(HEAD, GLOBEX, HOOLI)).errors
