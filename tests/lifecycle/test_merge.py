"""Merging two customers: all that was one's is the other's, and nothing is lost."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, models

from paidup.cadences import operations as cadences
from paidup.cadences.models import Assignment
from paidup.customers import operations as customers
from paidup.customers import queries, search
from paidup.customers.models import ContactLink, Customer, MergedCustomer
from paidup.customers.operations import CustomerRefused
from paidup.customers.states import ContactRole
from paidup.history.models import Event
from paidup.invoicing.models import Invoice
from paidup.invoicing.states import Hold
from paidup.ledger.models import Account, Transfer
from paidup.lib.schema import TenantForeignKey
from paidup.lib.tenancy import tenant
from paidup.lifecycle.queries import MOVED, balances
from paidup.organizations.models import Entity
from paidup.payments import operations as payments
from paidup.payments.models import Payment
from paidup.reporting.aging import aging_as_of
from paidup.reporting.check import differences
from tests.accounting_sync.ledgers import bring_in, line, write
from tests.support.books import Books, found_books

from .cast import credit, customer_with_everything, merge, pay, refused, settled
from .tables import ours, referring_to, rows_with

pytestmark = pytest.mark.usefixtures("committed")

# Ids kept without a foreign key, with what becomes of those that are a customer's.
LOOSE = {
    "history.event.actor_id": "a person",
    "history.event.customer_id": "stays; the timeline reads both ids",
    "history.event.organization_id": "the organization",
    "history.event.subject_id": "stays; history is only added to",
    "history.personaldata.organization_id": "the organization",
    "customers.searchrow.customer_id": "goes with the customer",
    "customers.taggedcustomer.customer_id": "goes with the customer",
    "batches.batchrow.customer_id": "stays; the batch was about the customer as it was then",
    "todos.todo.subject_id": "moves",
    "ledger.transfer.cause_id": "a document's",
    "ledger.transfer.invoice_id": "an invoice's",
    "ledger.account.merged_from": "the merged customer's, for ever",
    "payments.paylink.merged_from": "likewise",
    "payments.methodlink.merged_from": "likewise",
    "autopay.schedule.merged_from": "likewise",
}
# Where a merged customer's id may still stand.
REMEMBERED = {
    "history_event",
    "customers_mergedcustomer",
    "ledger_account",
    "payments_paylink",
    "payments_methodlink",
    "autopay_schedule",
    "communications_message",  # in the key of what was said once
}


@pytest.fixture
def books(committed: None) -> Books:
    return found_books()


def again(books: Books, customer: Customer) -> Customer:
    with tenant(books.id):
        return Customer.objects.get(id=customer.id)


def of(books: Books, *parties: Customer) -> dict[str, Any]:
    with tenant(books.id):
        return balances(books.id, [party.id for party in parties])


def test_every_table_that_refers_to_a_customer_is_named() -> None:
    assert referring_to(Customer) == set(MOVED)


def test_no_id_is_kept_without_a_foreign_key_but_the_declared_ones() -> None:
    loose = {
        f"{model._meta.label_lower}.{field.name}"
        for model in ours()
        for field in model._meta.local_fields
        if isinstance(field, models.UUIDField) and not field.primary_key
    } | {"customers.searchrow.customer_id"}
    assert loose == set(LOOSE)


@pytest.mark.parametrize("meets_its_like", [False, True])
def test_a_row_of_every_table_moves(books: Books, meets_its_like: bool) -> None:  # noqa: FBT001  drawn
    source = customer_with_everything(books)
    target = (
        customer_with_everything(books, "Initech Ltd") if meets_its_like else books.customer("Bare")
    )
    with tenant(books.id):
        for model in MOVED:
            [column] = [
                field.name
                for field in model._meta.local_fields
                if isinstance(field, TenantForeignKey) and field.related_model is Customer
            ]
            rows = model._default_manager.filter(**{column: source})
            assert rows.exists(), f"Nothing of {model.__name__} refers to the source."
    before = of(books, source, target)
    past = [books.on - timedelta(days=days) for days in (0, 1, 20, 40)]
    with tenant(books.id):
        aged = [aging_as_of(day) for day in past]
        transfers = list(Transfer.objects.order_by("id").values())
    merge(books, source, target)
    assert of(books, target) == before
    assert differences(books.id) == ()
    assert rows_with(source.id) <= REMEMBERED
    with tenant(books.id):
        assert [aging_as_of(day) for day in past] == aged
        assert list(Transfer.objects.order_by("id").values()) == transfers
        assert not Customer.objects.filter(id=source.id).exists()


def test_the_database_lets_nobody_go_to_whom_a_row_refers(books: Books) -> None:
    customer = books.customer()
    books.invoice(customer)
    with pytest.raises(DatabaseError), tenant(books.id):
        Customer.objects.filter(id=customer.id).delete()


def test_money_goes_on_after_the_merge(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    bill, other = books.invoice(source, "100.00"), books.invoice(target, "50.00")
    payment = pay(books, source, "130.00")
    target = merge(books, source, target)
    assert (target.open_amount, target.unapplied_amount) == (Decimal(50), Decimal(30))
    pay(books, target, "10.00")
    with tenant(books.id):
        assert Invoice.objects.get(id=bill.id).customer_id == target.id
        payments.reverse_payment(
            payment=Payment.objects.get(id=payment.id),
            reason="Bounced",
            hold=Hold.RETURNED,
            on=books.on,
            by=books.by,
            at=books.at,
        )
        assert Account.objects.filter(customer=target, merged_from=None).exists()
    assert books.again(bill).open_amount == Decimal(100)
    assert books.again(other).open_amount == Decimal(40)
    assert differences(books.id) == ()


def test_what_the_target_has_stays_and_what_it_lacks_is_filled(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    with tenant(books.id):
        customers.edit_customer(
            customer=source,
            phone="+12025550123",
            billing_address="1 Main Street",
            billing_country="US",
            tags=["west", "net"],
            terms_days=60,
            **acts,
        )
        customers.edit_customer(customer=target, phone="+12025550199", tags=["net"], **acts)
        customers.set_auto_payments(customer=source, allowed=False, **acts)
    target = merge(books, again(books, source), again(books, target))
    assert str(target.phone) == "+12025550199"
    assert (target.billing_address, target.billing_country) == ("1 Main Street", "US")
    assert target.tags == ["net", "west"]
    assert target.terms_days == 30
    assert target.auto_payments is False


def test_who_is_a_contact_of_both_gets_what_either_place_received(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    ann = books.contact(source, "ann@globex.test")
    ben = books.contact(source, "ben@globex.test")
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    with tenant(books.id):
        declined: dict[str, Any] = {"gets_statements": False, "gets_receipts": False}
        customers.link_contact(customer=target, contact=ann, role="other", **declined, **acts)
        ContactLink.objects.filter(customer=source, contact=ann).update(
            gets_reminders=False, gets_receipts=False
        )
    merge(books, source, target)
    with tenant(books.id):
        [place] = ContactLink.objects.filter(contact=ann)
        assert place.customer_id == target.id
        assert place.role == ContactRole.BILLING, "the stronger one"
        assert place.gets_reminders
        assert place.gets_statements
        assert not place.gets_receipts, "neither received them"
        assert ContactLink.objects.get(contact=ben).customer_id == target.id


def test_id_number_and_name_lead_to_the_target_through_a_chain(books: Books) -> None:
    first, second, third = (books.customer(name) for name in ("Hooli One", "Hooli Two", "Raviga"))
    merge(books, first, second)
    merge(books, second, third)
    with tenant(books.id):
        assert queries.merged_into(first.id) == queries.merged_into(second.id) == third.id
        assert queries.current(first.id) == third
        assert set(queries.ids_of(third.id)) == {first.id, second.id, third.id}
        for words in ("Hooli One", first.number, second.number):
            hits = search.find(words)
            assert hits
            assert str(third.id) in hits.ids
            assert str(first.id) not in hits.ids
        entity = Entity.objects.get()
        with pytest.raises(CustomerRefused, match="leads to Raviga since a merge"):
            customers.add_customer(
                entity=entity, name="New", number=first.number, by=books.by, at=books.at
            )
        with pytest.raises(CustomerRefused, match="leads to Raviga since a merge"):
            customers.edit_customer(customer=third, number=first.number, by=books.by, at=books.at)


def test_history_is_only_added_to_and_tells_of_both(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    books.invoice(source)
    with tenant(books.id):
        before = set(Event.objects.values_list("id", "customer_id"))
    merge(books, source, target)
    with tenant(books.id):
        assert before <= set(Event.objects.values_list("id", "customer_id"))
        told = Event.objects.of(books.id).about_customer(*queries.ids_of(target.id))
        kinds = list(told.values_list("kind", flat=True))
        merged = told.get(kind="customer.merged")
    assert kinds[0] == "customer.merged"
    assert kinds.count("customer.added") == 2
    assert "invoice.issued" in kinds
    assert (merged.customer_id, merged.subject_id) == (target.id, source.id)
    assert merged.data["moved"]["invoicing.invoice"] == 1


@pytest.mark.parametrize("who", ["source", "target"])
def test_a_charge_under_way_is_named(books: Books, who: str) -> None:
    pair = {"source": books.customer("Globex Inc"), "target": books.customer("Globex")}
    intent = books.claim(pair[who], books.invoice(pair[who], "120.00"))
    sentence = refused(books, pair["source"], pair["target"])
    assert sentence == (
        f"A charge of $120.00 to {intent.method_label} for {pair[who].name} is under way. "
        "Merge once it has gone through or failed."
    )
    books.run(intent)
    merge(books, pair["source"], pair["target"])
    assert differences(books.id) == ()


def test_a_parents_charge_of_the_customers_invoice_is_named(books: Books) -> None:
    parent = books.customer("Holding")
    source, target = books.customer("Globex Inc", parent=parent), books.customer("Globex")
    books.claim(parent, books.invoice(source))
    assert "for Holding is under way" in refused(books, source, target)


def test_entities_the_archive_and_itself_are_refused(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    with tenant(books.id):
        other = Entity.objects.create(
            organization=books.organization, name="Acme Ltd", currency="GBP", country="GB"
        )
        abroad = customers.add_customer(
            entity=other, name="Far", number="F-1", by=books.by, at=books.at
        )
    assert "Globex Inc is billed by" in refused(books, source, abroad)
    assert refused(books, source, source) == "That is the same customer. Choose another one."
    with tenant(books.id):
        customers.archive_customer(customer=target, by=books.by, at=books.at)
    assert refused(books, source, again(books, target)) == (
        "Globex is archived; reactivate it first."
    )


def test_children_and_parents(books: Books) -> None:
    top = books.customer("Top")
    source = books.customer("Source", parent=top)
    middle = books.customer("Middle", parent=source)
    target = books.customer("Target", parent=middle)
    sibling = books.customer("Sibling", parent=source)
    target = merge(books, source, target)
    assert target.parent_id == top.id
    assert again(books, middle).parent_id == again(books, sibling).parent_id == target.id
    top = merge(books, again(books, middle), again(books, top))
    assert top.parent is None
    assert again(books, target).parent_id == top.id
    assert merge(books, target, top).parent is None
    assert again(books, sibling).parent_id == top.id


def test_an_import_never_brings_a_merged_customer_back(books: Books, tmp_path: Path) -> None:
    file = write(
        tmp_path / "ledger.csv", [line("1", customerID="A-1"), line("2", customerID="B-2")]
    )
    bring_in(books, file)
    with tenant(books.id):
        source, target = Customer.objects.get(number="A-1"), Customer.objects.get(number="B-2")
    merge(books, source, target)
    write(file, [line(number, customerID="A-1") for number in ("1", "3")])
    summary = bring_in(books, file)
    assert not summary.errors
    assert summary.created["customers"] == 0
    with tenant(books.id):
        assert Invoice.objects.filter(customer=target).count() == 3
    assert differences(books.id) == ()


def test_a_refund_and_a_return_after_the_merge(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    intent = settled(books, source, "80.00")
    credit(books, source, "5.00")
    merge(books, source, target)
    with tenant(books.id):
        payments.refund_payment(
            payment=Payment.objects.get(intent=intent),
            amount=Decimal(20),
            credit_invoices=False,
            reason="Twice",
            on=books.on,
            by=books.by,
            at=books.at,
        )
    assert differences(books.id) == ()


def test_tombstones_stay_within_their_organization(books: Books) -> None:
    source, target = books.customer("Globex Inc"), books.customer("Globex")
    merge(books, source, target)
    stranger = found_books()
    with tenant(stranger.id):
        assert queries.merged_into(source.id) is None
        assert not MergedCustomer.objects.exists()


@pytest.mark.parametrize(
    ("source", "target", "after"),
    [
        ("Standard", "", "Standard"),
        ("Standard", "Gentle", "Gentle"),
        ("", "Gentle", "Gentle"),
        ("removed", "Gentle", "removed"),
        ("Gentle", "removed", "removed"),
        ("removed", "", "removed"),
        ("", "", ""),
    ],
)
def test_the_targets_cadence_stays_and_a_removal_wins(
    books: Books, source: str, target: str, after: str
) -> None:
    acts: dict[str, Any] = {"by": books.by, "at": books.at}
    with tenant(books.id):
        standard = cadences.establish_default(organization=books.organization, **acts)
        gentle = cadences.add_cadence(name="Gentle", copy_of=standard, **acts)
    goes, stays = books.customer("Globex"), books.customer("Initech")
    for customer, has in ((goes, source), (stays, target)):
        with tenant(books.id):
            if has == "removed":
                cadences.remove_cadences(customer_ids=[customer.id], **acts)
            elif has:
                own = gentle if has == "Gentle" else standard
                cadences.change_cadences(customer_ids=[customer.id], cadence=own, **acts)
    merge(books, goes, stays)
    with tenant(books.id):
        rows = Assignment.objects.values_list("customer_id", "cadence__name")
        assert list(rows) == ([(stays.id, None if after == "removed" else after)] if after else [])
