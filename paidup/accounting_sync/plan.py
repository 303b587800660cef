"""What has to be added to the books for them to say what the ledger says."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from paidup.customers.bulk import NewContact, NewCustomer
from paidup.customers.states import CustomerState
from paidup.invoicing.operations.bulk import Closing, NewDispute, NewInvoice
from paidup.lib.ids import new_id
from paidup.organizations.models import Organization
from paidup.payments.operations.bulk import NewAllocation, NewPayment
from paidup.payments.states import PaymentKind

from .books import Books, KnownInvoice
from .ledger_file import Row
from .text_file import Problem


class Plan:
    """Takes the ledger's rows in; holds what is new in them, and what contradicts the books."""

    def __init__(
        self,
        *,
        books: Books,
        organization: Organization,
        owner_id: UUID,
        currency: str,
        as_of: date,
        at: datetime,
    ) -> None:
        self.books = books
        self.organization = organization
        self.owner_id = owner_id
        self.currency = currency
        self.as_of = as_of
        self.at = at
        self.customers: list[NewCustomer] = []
        self.contacts: list[NewContact] = []
        self.invoices: list[NewInvoice] = []
        self.payments: list[NewPayment] = []
        self.allocations: list[NewAllocation] = []
        self.disputes: list[NewDispute] = []
        self.closings: list[Closing] = []
        self.problems: list[Problem] = []
        self._ids = {number: known.id for number, known in books.customers.items()}
        self._noons: dict[date, datetime] = {}

    def counts(self) -> dict[str, int]:
        """How many rows of each kind would be created."""
        return {
            "customers": len(self.customers),
            "contacts": len(self.contacts),
            "invoices": len(self.invoices),
            "payments": len(self.payments),
            "disputes": len(self.disputes),
        }

    def take(self, row: Row) -> bool:
        """Plans what a row asks for; false, with a problem noted, when it contradicts the books.

        An invoice of a customer who was deleted is quietly left out: nothing brings it back.
        """
        known = self.books.invoices.get(row.number)
        if known and known.customer_id is None:
            return False
        contradiction = self._contradiction(row, known) if known else self._unbillable(row)
        if contradiction:
            self.problems.append(Problem(row.line, contradiction))
            return False
        if known:
            self._catch_up(row, known)
        else:
            self._add(row)
        return True

    def _contradiction(self, row: Row, known: KnownInvoice) -> str:
        # The account of a merged customer is that of the one it became.
        is_its_account = self._ids.get(row.account) == known.customer_id
        pairs: list[tuple[str, Decimal | date | str, Decimal | date | str]] = [
            (_("account"), row.account if is_its_account else known.account, row.account),
            (_("issue date"), known.issued_on, row.issued_on),
            (_("due date"), known.due_on, row.due_on),
            (_("amount"), known.total, row.amount),
            (_("currency"), known.currency, self.currency),
        ]
        differences = [
            _("%(what)s %(ours)s, the file says %(theirs)s")
            % {"what": what, "ours": _written(ours), "theirs": _written(theirs)}
            for what, ours, theirs in pairs
            if ours != theirs
        ]
        if not differences:
            return ""
        return _("Invoice %(number)s is in the books with %(differences)s.") % {
            "number": row.number,
            "differences": "; ".join(differences),
        }

    def _unbillable(self, row: Row) -> str:
        customer = self.books.customers.get(row.account)
        if customer is None or customer.state == CustomerState.ACTIVE:
            return ""
        return _("Customer %(account)s is deactivated; reactivate it to bill it.") % {
            "account": row.account
        }

    def _catch_up(self, row: Row, known: KnownInvoice) -> None:
        """What has happened since to an invoice that is in the books."""
        if not known.open_amount or not known.customer_id:
            return
        paid_on = row.paid_by(self.as_of)
        if paid_on:
            self._pay(row, known.id, known.customer_id, known.open_amount, paid_on)
            if known.was_disputed:
                self.closings.append(Closing(known.id, paid_on, self._noon(paid_on)))
        elif row.disputed and not known.was_disputed:
            self._dispute(row, known.id, known.open_amount, self.as_of)

    def _add(self, row: Row) -> None:
        invoice_id, customer_id = new_id(), self._customer(row)
        self.invoices.append(
            NewInvoice(
                id=invoice_id,
                customer_id=customer_id,
                number=row.number,
                currency=self.currency,
                issued_on=row.issued_on,
                due_on=row.due_on,
                total=row.amount,
                issued_at=self._noon(row.issued_on),
                description=self._line % {"number": row.number},
            )
        )
        paid_on = row.paid_by(self.as_of)
        if paid_on:
            self._pay(row, invoice_id, customer_id, row.amount, paid_on)
        if row.disputed:
            self._dispute(row, invoice_id, row.amount, row.issued_on)

    @cached_property
    def _reason(self) -> str:
        return _("Disputed in the imported ledger")

    @cached_property
    def _line(self) -> str:
        return _("Total of invoice %(number)s")

    def _customer(self, row: Row) -> UUID:
        known = self._ids.get(row.account)
        if known:
            return known
        customer_id = self._ids[row.account] = new_id()
        added_at = self._noon(row.issued_on)
        language = self.organization.language
        self.customers.append(
            NewCustomer(
                id=customer_id,
                number=row.account,
                name=row.name,
                currency=self.currency,
                added_at=added_at,
                billing_owner_id=self.owner_id,
                language=language,
                billing_country=row.country,
            )
        )
        if row.email:
            self.contacts.append(
                NewContact(
                    id=new_id(),
                    customer_id=customer_id,
                    name=row.name,
                    email=row.email,
                    added_at=added_at,
                    language=language,
                )
            )
        return customer_id

    def _pay(
        self, row: Row, invoice_id: UUID, customer_id: UUID, amount: Decimal, paid_on: date
    ) -> None:
        payment_id = new_id()
        self.payments.append(
            NewPayment(
                id=payment_id,
                customer_id=customer_id,
                currency=self.currency,
                amount=amount,
                kind=PaymentKind.OTHER,
                reference=row.number,
                received_on=paid_on,
                received_at=self._noon(paid_on),
            )
        )
        # Money that came before the invoice lies unapplied until there is one.
        effective_on = max(paid_on, row.issued_on)
        self.allocations.append(NewAllocation(payment_id, invoice_id, amount, effective_on))

    def _dispute(self, row: Row, invoice_id: UUID, amount: Decimal, opened_on: date) -> None:
        closed_on = row.paid_by(self.as_of)
        self.disputes.append(
            NewDispute(
                id=new_id(),
                invoice_id=invoice_id,
                amount=amount,
                reason=self._reason,
                opened_on=opened_on,
                opened_at=self._noon(opened_on),
                closed_on=closed_on,
                closed_at=self._noon(closed_on) if closed_on else None,
            )
        )

    def _noon(self, day: date) -> datetime:
        """When it happened, as far as a ledger tells: at noon, unless noon is yet to come."""
        noon = self._noons.get(day)
        if noon is None:
            zone = ZoneInfo(self.organization.timezone)
            noon = self._noons[day] = min(datetime.combine(day, time(12), zone), self.at)
        return noon


def _written(value: Decimal | date | str) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
