"""Credits and refunds over a role's limit wait for somebody else who may grant them."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from paidup.customers.models import Customer
from paidup.history.actors import Actor, staff, system
from paidup.history.models import Event
from paidup.lib.tenancy import tenant
from paidup.organizations import roles
from paidup.organizations.models import Member
from paidup.organizations.roles import RoleDetails, RoleRefused
from paidup.organizations.states import Level, LimitedAction, Module, ReadyRole
from paidup.payments import operations as payments
from paidup.payments.models import Credit, Payment, Proposal, Refund
from paidup.payments.operations import (
    AllocationRefused,
    NewCredit,
    NewRefund,
    OverLimit,
    ProposalRefused,
)
from paidup.payments.states import CreditReason
from paidup.todos.models import Todo
from tests.lifecycle.cast import pay
from tests.support.books import Books, found_books
from tests.web.staff import client_of, member_with

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return found_books()


@pytest.fixture
def junior(books: Books) -> Member:
    """May grant 100 dollars alone."""
    return with_limits(books, "Junior", "100")


def with_limits(books: Books, name: str, amount: str, *, limited: bool = False) -> Member:
    details = RoleDetails(
        name=name,
        limited=limited,
        levels=dict.fromkeys(Module, Level.EDIT),
        limits=dict.fromkeys(LimitedAction, Decimal(amount)),
        limit_currency="USD",
    )
    with tenant(books.id):
        role = roles.add_role(details=details, by=books.by, at=books.at)
    return member_with(books, role, name)


def credit(
    books: Books, customer: Customer, amount: str, by: Actor, currency: str = "USD"
) -> Credit | Proposal:
    new = NewCredit(
        amount=Decimal(amount),
        currency=currency,
        reason=CreditReason.GOODWILL,
        description="Sorry",
        leave_unapplied=True,
    )
    with tenant(books.id):
        return payments.credit_or_propose(
            customer=customer, new=new, on=books.on, by=by, at=books.at
        )


def refund(books: Books, payment: Payment, amount: str, by: Actor) -> Refund | Proposal:
    new = NewRefund(amount=Decimal(amount), credit_invoices=False, reason="Paid twice")
    with tenant(books.id):
        return payments.refund_or_propose(payment=payment, new=new, on=books.on, by=by, at=books.at)


def test_the_very_same_does_not_wait_twice(books: Books, junior: Member) -> None:
    customer, by = books.customer(), staff(junior.id)
    proposal = credit(books, customer, "250.00", by)
    with pytest.raises(ProposalRefused, match="waits for approval already"):
        credit(books, customer, "250.00", by)
    credit(books, customer, "251.00", by)
    grant(books, proposal, books.owner)
    credit(books, customer, "250.00", by)
    with tenant(books.id):
        assert Proposal.objects.count() == 3


def grant(books: Books, proposal: Credit | Refund | Proposal, by: Member) -> None:
    assert isinstance(proposal, Proposal)
    with tenant(books.id):
        payments.grant_proposal(proposal=proposal, on=books.on, by=staff(by.id), at=books.at)


def todo(books: Books, kind: str = "payment_approval") -> Todo:
    with tenant(books.id):
        return Todo.objects.select_related("assignee").get(kind=kind)


def test_up_to_the_limit_it_is_done_at_once(books: Books, junior: Member) -> None:
    customer = books.customer()
    assert isinstance(credit(books, customer, "100.00", staff(junior.id)), Credit)
    assert isinstance(credit(books, customer, "9000.00", books.by), Credit)
    assert isinstance(credit(books, customer, "9000.00", system("import")), Credit)


def test_over_it_a_credit_waits_and_is_granted_by_another(books: Books, junior: Member) -> None:
    customer = books.customer()
    proposal = credit(books, customer, "100.01", staff(junior.id))
    with tenant(books.id):
        assert not Credit.objects.exists()
    asked = todo(books)
    assert asked.assignee_id == books.owner.id
    assert asked.title == "Approve: Credit of $100.01 for Globex, asked for by Junior"
    grant(books, proposal, books.owner)
    with tenant(books.id):
        assert Credit.objects.get().amount == Decimal("100.01")
        told = list(Event.objects.filter(kind__startswith="proposal.").order_by("id"))
    assert [(event.kind, event.actor_id) for event in told] == [
        ("proposal.made", junior.id),
        ("proposal.granted", books.owner.id),
    ]
    assert todo(books).done_at
    with pytest.raises(ProposalRefused, match="decided already"):
        grant(books, proposal, books.owner)


def test_another_currency_than_the_limits_always_waits(books: Books, junior: Member) -> None:
    made = credit(books, books.customer(), "1.00", staff(junior.id), currency="EUR")
    assert isinstance(made, Proposal)


def test_a_refund_waits_too(books: Books, junior: Member) -> None:
    customer = books.customer()
    payment = pay(books, customer, "500.00")
    proposal = refund(books, payment, "300.00", staff(junior.id))
    with tenant(books.id):
        assert not Refund.objects.exists()
    grant(books, proposal, books.owner)
    with tenant(books.id):
        assert Refund.objects.get().amount == 300
    second = refund(books, payment, "200.00", staff(junior.id))
    refund(books, payment, "150.00", books.by)
    with pytest.raises(payments.RefundRefused):
        grant(books, second, books.owner)
    with tenant(books.id):
        assert Proposal.objects.get(id=second.id).state == "waiting"


def test_nobody_approves_their_own_or_over_their_own_limit(books: Books, junior: Member) -> None:
    other = with_limits(books, "Other", "150")
    proposal = credit(books, books.customer(), "200.00", staff(junior.id))
    with pytest.raises(ProposalRefused, match="asked for themselves"):
        grant(books, proposal, junior)
    with pytest.raises(ProposalRefused, match="over your limit too"):
        grant(books, proposal, other)
    with pytest.raises(ProposalRefused, match="over your limit too"):
        grant(books, proposal, member_with(books, ReadyRole.VIEWER))
    with (
        pytest.raises(IntegrityError, match="not_decided_by_oneself"),
        tenant(books.id),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE payments_proposal SET state = 'granted', decided_by_id = asked_by_id"
        )


def test_refused_it_is_not_done_and_who_asked_reads_why(books: Books, junior: Member) -> None:
    proposal = credit(books, books.customer(), "200.00", staff(junior.id))
    assert isinstance(proposal, Proposal)
    with tenant(books.id):
        payments.refuse_proposal(proposal=proposal, reason="Too much", by=books.by, at=books.at)
        assert not Credit.objects.exists()
    told = todo(books, "payment_refused")
    assert told.assignee_id == junior.id
    assert told.title.endswith("was refused: Too much")


def test_the_operations_themselves_keep_the_limit(books: Books, junior: Member) -> None:
    customer = books.customer()
    payment = pay(books, customer, "500.00")
    with tenant(books.id), pytest.raises(OverLimit):
        payments.grant_credit(
            customer=customer,
            amount=Decimal(101),
            currency="USD",
            reason=CreditReason.GOODWILL,
            description="Sorry",
            on=books.on,
            by=staff(junior.id),
            at=books.at,
        )
    with tenant(books.id), pytest.raises(OverLimit):
        payments.refund_payment(
            payment=payment,
            amount=Decimal(101),
            credit_invoices=False,
            reason="No",
            on=books.on,
            by=staff(junior.id),
            at=books.at,
        )


def test_who_is_asked_sees_the_customer(books: Books, junior: Member) -> None:
    """A limited colleague who owns it is asked before the owner of the organization; one who
    doesn't is never asked."""
    with_limits(books, "Stranger", "9999", limited=True)
    manager = with_limits(books, "Manager", "9999", limited=True)
    customer = books.customer()
    with tenant(books.id):
        Customer.objects.filter(id=customer.id).update(manager=manager)
        customer.refresh_from_db()
    credit(books, customer, "200.00", staff(junior.id))
    assert todo(books).assignee_id == manager.id


def test_a_role_with_a_limit_gives_none_without(books: Books, junior: Member) -> None:
    more = RoleDetails(name="More", limited=False, levels=dict.fromkeys(Module, Level.EDIT))
    with tenant(books.id), pytest.raises(RoleRefused, match="more than your own"):
        roles.add_role(details=more, by=staff(junior.id), at=books.at)


def test_it_is_asked_for_and_decided_on_the_pages(books: Books, junior: Member) -> None:
    customer = books.customer()
    books.invoice(customer, "250.00")
    base = f"/o/{books.organization.slug}"
    asked = {"amount": "250.00", "description": "Sorry", "reason": "goodwill"}
    client_of(junior.user).post(f"{base}/customers/{customer.id}/credit/", asked)
    with tenant(books.id):
        assert not Credit.objects.exists()
    address = f"{base}/todos/{todo(books).id}/"
    owner = client_of(books.owner.user)
    shown = owner.get(address).content.decode()
    assert "Asked for by" in shown
    assert "Approve" in shown
    assert "Refuse" in shown
    own = client_of(junior.user).get(address).content.decode()
    assert "grant/" not in own
    assert client_of(junior.user).post(f"{address}grant/").status_code == 302
    with tenant(books.id):
        assert not Credit.objects.exists()
    assert owner.post(f"{address}refusal/", {"reason": ""}).status_code == 422
    owner.post(f"{address}grant/")
    with tenant(books.id):
        assert Credit.objects.get().amount == 250


def test_what_can_no_longer_be_done_goes_on_to_wait(books: Books, junior: Member) -> None:
    customer = books.customer()
    invoice = books.invoice(customer, "200.00")
    new = NewCredit(
        amount=Decimal(200),
        currency="USD",
        reason=CreditReason.GOODWILL,
        description="Sorry",
        to=[(invoice.id, Decimal(200))],
    )
    with tenant(books.id):
        proposal = payments.credit_or_propose(
            customer=customer, new=new, on=books.on, by=staff(junior.id), at=books.at
        )
    pay(books, customer, "150.00")
    with pytest.raises(AllocationRefused):
        grant(books, proposal, books.owner)
    assert not todo(books).done_at
