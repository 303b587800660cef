"""The demo is lively, its books agree, and it is built once."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from paidup.attachments.models import Attachment
from paidup.autopay.models import Schedule
from paidup.communications.models import Message
from paidup.communications.states import MessageState
from paidup.customers.models import Customer, Note
from paidup.customers.states import Category
from paidup.demo import build, load
from paidup.invoicing.models import Dispute, Invoice, Promise
from paidup.invoicing.operations import count_overdue
from paidup.invoicing.states import Hold, InvoiceState
from paidup.lib.tenancy import tenant
from paidup.organizations.operations import OrganizationRefused
from paidup.organizations.queries import organization_by_slug
from paidup.payments.models import Credit, Mandate, Payment, Refund
from paidup.portal_access.models import Login
from paidup.reporting.check import differences
from paidup.statements.models import Statement
from paidup.todos.models import Todo

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # ten in the morning where the demo is

pytestmark = pytest.mark.usefixtures("committed")


def built(customers: int) -> UUID:
    slug = f"demo-{uuid4().hex[:8]}"
    build.build(slug=slug, customers=customers, password="correct horse", at=AT, say=print)
    organization_id = organization_by_slug(slug)
    assert organization_id
    return organization_id


def test_there_is_something_of_everything_and_the_books_agree() -> None:
    organization_id = built(60)
    assert count_overdue(organization_id=organization_id, at=AT) == 0, "the list's order is today's"
    with tenant(organization_id):
        categories = set(Customer.objects.values_list("category", flat=True))
        assert categories == set(Category)
        assert len(set(Customer.objects.values_list("currency", flat=True))) >= 3
        assert Customer.objects.exclude(parent=None).exists()
        assert Customer.objects.filter(unapplied_amount__gt=0).exists()
        invoices = Invoice.objects.all()
        assert set(invoices.values_list("state", flat=True)) == {
            InvoiceState.OPEN,
            InvoiceState.PAID,
        }
        assert invoices.exclude(hold=Hold.NONE).exists()
        assert invoices.open().exclude(collection_status=None).exists()
        assert Customer.objects.exclude(health_score=None).exists()
        assert invoices.exclude(fee_for=None).exists()
        for table in (Credit, Dispute, Note, Payment, Promise, Refund, Schedule, Todo):
            assert table.objects.exists(), table
        assert {"web", "phone", "paper"} == set(Mandate.objects.values_list("channel", flat=True))
        assert Login.objects.exists()
        assert Statement.objects.exists()
        assert Attachment.objects.exclude(contact=None).exists()
        messages = set(Message.objects.values_list("state", flat=True))
        assert messages >= {MessageState.SENT, MessageState.AWAITING_APPROVAL}
        mails = Message.objects.filter(purpose="mail", state=MessageState.SENT)
        assert mails.count() > 4
        assert not mails.filter(sent_by=None).exists()
    assert differences(organization_id) == ()


def test_nothing_in_it_lies_ahead_of_the_clock() -> None:
    with tenant(built(20)):
        assert not Payment.objects.filter(received_on__gt=AT.date()).exists()
        assert not Invoice.objects.filter(issued_on__gt=AT.date()).exists()
        assert not Message.objects.filter(sent_at__gt=AT).exists()


def test_the_smallest_demo_stands_too() -> None:
    assert differences(built(1)) == ()


def test_a_slug_that_is_taken_is_refused() -> None:
    slug = f"demo-{uuid4().hex[:8]}"
    build.build(slug=slug, customers=1, password="correct horse", at=AT, say=print)
    with pytest.raises(OrganizationRefused, match=slug):
        build.build(slug=slug, customers=1, password="correct horse", at=AT, say=print)


def test_large_books_have_the_size_asked_for_and_agree() -> None:
    slug = f"load-{uuid4().hex[:8]}"
    load.build(
        slug=slug,
        customers=40,
        invoices=1000,
        organizations=2,
        password="correct horse",
        at=AT,
        say=print,
    )
    organization_id, small = organization_by_slug(slug), organization_by_slug(f"{slug}-1")
    assert organization_id
    assert small
    with tenant(organization_id):
        assert Customer.objects.count() == 40
        assert Invoice.objects.count() == 1000
        assert Invoice.objects.open().count() == 150
    assert differences(organization_id) == differences(small) == ()
