"""A state machine over money: whatever is done in whatever order, the books agree and nobody pays
an invoice twice. Run as a short, seeded slice by `make test` and at length by `make soak`."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from paidup.autopay import operations as autopay
from paidup.autopay.models import Interval
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.lib.tenancy import tenant
from paidup.payments import operations as payments
from paidup.payments.gateways.folding import fold
from paidup.payments.gateways.interface import Outage, Rejected
from paidup.payments.gateways.sandbox.charging import advance
from paidup.payments.models import Allocation, Claim, Credit, Intent, Payment, Refund
from paidup.payments.operations import AllocationRefused, ChargeRefused, RefundRefused
from paidup.payments.operations.charge import call_gateway
from paidup.payments.operations.refund import run_refund
from paidup.payments.states import CreditReason, IntentState, PaymentKind
from paidup.reporting.check import differences
from tests.support.books import Books, found_books, jobs_of

CENTS = st.integers(1, 40_000).map(lambda cents: Decimal(cents) / 100)
CARDS = st.sampled_from(["4242", "4444", "0341", "0002", "6789", "3115", "9995", "9987"])


class Money(RuleBasedStateMachine):
    """One organization; a parent with a child, and a stranger; one of them on autopay."""

    invoices: Bundle[Any] = Bundle("invoices")
    steps: ClassVar[int] = 0  # of all runs so far

    def __init__(self) -> None:
        """Found the books."""
        super().__init__()
        self.books: Books = found_books()
        self.parent = self.books.customer("Parent")
        self.child = self.books.customer("Child", parent=self.parent)
        self.stranger = self.books.customer("Stranger")
        self.customers = [self.parent, self.child, self.stranger]
        self.books.method(self.parent)
        with tenant(self.books.id):
            autopay.set_schedule(
                customer=self.parent,
                interval=Interval.DAILY,
                starts_on=self.books.on,
                due_only=False,
                own_invoices_only=False,
                by=self.books.by,
                at=self.books.at,
            )
        self.refused: Counter[str] = Counter()

    @rule(target=invoices, who=st.integers(0, 2), amount=CENTS, due_in=st.integers(-40, 40))
    def issue(self, who: int, amount: Decimal, due_in: int) -> Any:
        """An invoice is issued."""
        return self.books.invoice(self.customers[who], str(amount), due_in=due_in)

    @rule(who=st.integers(0, 2), amount=CENTS)
    def pay_by_hand(self, who: int, amount: Decimal) -> None:
        """A check arrives: a part, the whole, or more than is owed."""
        with tenant(self.books.id):
            payments.record_payment(
                customer=self.customers[who],
                amount=amount,
                currency="USD",
                kind=PaymentKind.CHECK,
                received_on=self.books.on,
                on=self.books.on,
                by=self.books.by,
                at=self.books.at,
            )

    @rule(who=st.integers(0, 2), amount=CENTS, leave=st.booleans())
    def credit(self, who: int, amount: Decimal, leave: bool) -> None:  # noqa: FBT001  drawn
        """A credit is granted."""
        with tenant(self.books.id):
            payments.grant_credit(
                customer=self.customers[who],
                amount=amount,
                currency="USD",
                reason=CreditReason.GOODWILL,
                description="Sorry",
                leave_unapplied=leave,
                on=self.books.on,
                by=self.books.by,
                at=self.books.at,
            )

    @rule(invoice=invoices, pick=st.integers(0, 50), amount=CENTS)
    def allocate(self, invoice: Invoice, pick: int, amount: Decimal) -> None:
        """Somebody puts unapplied money to an invoice, as much as they like."""
        with tenant(self.books.id):
            sources: list[Payment | Credit] = [
                *Payment.objects.order_by("id"),
                *Credit.objects.order_by("id"),
            ]
            if not sources:
                return
            try:
                payments.allocate(
                    source=sources[pick % len(sources)],
                    to=[(invoice.id, amount)],
                    on=self.books.on,
                    by=self.books.by,
                    at=self.books.at,
                )
            except AllocationRefused:
                self.refused["allocate"] += 1

    @rule(pick=st.integers(0, 50))
    def unallocate(self, pick: int) -> None:
        """An allocation is undone, perhaps one that was undone before."""
        with tenant(self.books.id):
            rows = list(Allocation.objects.filter(undoes=None).order_by("id"))
            if not rows:
                return
            try:
                payments.undo_allocation(
                    allocation=rows[pick % len(rows)],
                    on=self.books.on,
                    by=self.books.by,
                    at=self.books.at,
                )
            except AllocationRefused:
                self.refused["unallocate"] += 1

    @rule(invoice=invoices, last4=CARDS, step=st.sampled_from(["claim", "charge", "record"]))
    def pay_by_link(self, invoice: Invoice, last4: str, step: str) -> None:
        """Somebody pays by a link; the process may die after the claim or after the charge."""
        customer = next(c for c in self.customers if c.id == invoice.customer_id)
        if not self.books.again(invoice).open_amount:
            return
        try:
            intent = self.books.claim(customer, invoice, last4=last4)
        except ChargeRefused:
            self.refused["claim"] += 1
            return
        if step == "charge":
            self._charge_and_die(intent)
        elif step == "record":
            self.books.run(intent)

    @rule()
    def tick(self) -> None:
        """Autopay's engine comes round."""
        autopay.tick(organization_id=self.books.id, at=self.books.at)

    @rule(die=st.booleans())
    def work(self, die: bool) -> None:  # noqa: FBT001  drawn
        """A worker makes the claimed charges; it may die each time before it records one."""
        for arguments in jobs_of(self.books.id, "paidup.payments.jobs.make_charge"):
            with tenant(self.books.id):
                intent = Intent.objects.get(id=arguments["intent_id"])
            if die and intent.state == IntentState.PENDING:
                self._charge_and_die(intent)
            else:
                self.books.run(intent)
            self._note(intent)

    @rule(time=st.integers(1, 6))
    def ask(self, time: int) -> None:
        """Charges nobody answered for are asked about."""
        with tenant(self.books.id):
            waiting = list(
                Intent.objects.filter(state__in=[IntentState.PENDING, IntentState.UNKNOWN])
            )
        for intent in waiting:
            payments.ask_gateway(
                organization_id=self.books.id, intent_id=intent.id, time=time, at=self.books.at
            )
            self._note(intent)

    @rule(pick=st.integers(0, 50), times=st.integers(1, 3), data=st.data())
    def webhook(self, pick: int, times: int, data: st.DataObject) -> None:
        """The gateway tells facts again, some of them, out of order."""
        with tenant(self.books.id):
            intents = list(Intent.objects.order_by("id"))
        if not intents:
            return
        intent = intents[pick % len(intents)]
        facts = self.books.facts(intent)
        told = data.draw(st.permutations(facts * times)) if facts else []
        for fact in told[: data.draw(st.integers(0, len(told)))]:
            with tenant(self.books.id):
                payments.record_facts(intent_id=intent.id, facts=[fact], at=self.books.at)
        self._note(intent)

    @rule(pick=st.integers(0, 50), amount=CENTS, credit=st.booleans())
    def refund(self, pick: int, amount: Decimal, credit: bool) -> None:  # noqa: FBT001  drawn
        """Money is given back, at most what came in; the sending job may run twice."""
        with tenant(self.books.id):
            rows = list(Payment.objects.order_by("id"))
            if not rows:
                return
            payment = rows[pick % len(rows)]
            try:
                refund = payments.refund_payment(
                    payment=payment,
                    amount=amount,
                    credit_invoices=credit,
                    reason="Asked for",
                    on=self.books.on,
                    by=self.books.by,
                    at=self.books.at,
                )
            except RefundRefused:
                self.refused["refund"] += 1
                return
        if payment.intent_id:
            for _ in range(2):
                run_refund(organization_id=self.books.id, refund_id=refund.id, at=self.books.at)

    @rule()
    def release(self) -> None:
        """A person releases what is held."""
        with tenant(self.books.id):
            for invoice in Invoice.objects.exclude(hold=""):
                invoicing.release_invoice(invoice=invoice, by=self.books.by, at=self.books.at)

    @rule(days=st.integers(1, 5))
    def wait(self, days: int) -> None:
        """Days pass: debits settle or come back, retries fall due."""
        self.books.at += timedelta(days=days)
        advance(at=self.books.at)

    @invariant()
    def books_agree(self) -> None:
        """Every cached balance follows from the ledger."""
        Money.steps += 1
        with tenant(self.books.id):
            assert differences(self.books.id) == ()

    @invariant()
    def nothing_is_collected_twice(self) -> None:
        """No intent makes two payments; the claims that live are those of charges under way."""
        with tenant(self.books.id):
            live = Claim.objects.filter(live=True).select_related("intent")
            assert all(claim.intent.under_way for claim in live)
            for payment in Payment.objects.exclude(intent=None).select_related("intent"):
                standing = fold(self.books.facts(payment.intent))
                assert payment.amount == standing.captured == payment.intent.amount
                back = sum(refund.amount for refund in Refund.objects.filter(payment=payment))
                assert back <= payment.amount

    def teardown(self) -> None:
        """Once all has been told, all that the gateway kept was received: nothing is lost."""
        with tenant(self.books.id):
            intents = list(Intent.objects.all())
        for intent in intents:
            facts = self.books.facts(intent)
            with tenant(self.books.id):
                payments.record_facts(intent_id=intent.id, facts=facts, at=self.books.at)
                captured = fold(facts).captured
                received = Payment.objects.filter(intent=intent).first()
                assert (received.amount if received else Decimal(0)) == captured
        self.books_agree()

    def _charge_and_die(self, intent: Intent) -> None:
        """The gateway is asked, and nobody lives to record what it says."""
        with suppress(Outage, Rejected):
            call_gateway(intent, at=self.books.at)

    def _note(self, intent: Intent) -> None:
        """What the reaction to the end of a charge does, perhaps once more than it ended."""
        with tenant(self.books.id):
            autopay.note_outcome(
                intent_id=intent.id, on=self.books.on, by=self.books.by, at=self.books.at
            )
