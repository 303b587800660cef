"""The forms about a customer's money."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.db.models.functions import Lower
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.customers.models import Customer
from paidup.invoicing.models import Invoice
from paidup.invoicing.operations import Line
from paidup.lib import formatting
from paidup.organizations.models import InvoiceTemplate
from paidup.organizations.states import FieldSubject
from paidup.payments.states import CreditReason, PaymentKind
from paidup.ui.amounts import AmountField
from paidup.ui.asking import AskingForm
from paidup.web.fields import FieldsForm

from .unusual import (
    invoiced_far_off,
    more_than_owed,
    promised_far_ahead,
    received_long_ago,
)

MOST = 200  # open invoices to choose from, the oldest of them
BY_HAND = (PaymentKind.CHECK, PaymentKind.WIRE, PaymentKind.CASH, PaymentKind.OTHER)
_DAY = {"type": "date"}


class InvoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """One of the customer's open invoices, the oldest first."""

    def __init__(self, *, customer: Customer, **options: Any) -> None:
        """Those in the customer's currency, as many as one can choose among."""
        rows = (
            Invoice.objects.visible(customer.organization_id)
            .open()
            .of_customer(customer.id)
            .filter(currency=customer.currency)
        )
        super().__init__(rows, **options)
        offered = [(row.id, self.label_from_instance(row)) for row in rows.oldest_first()[:MOST]]
        self.choices = [("", self.empty_label), *offered] if self.empty_label else offered

    def label_from_instance(self, invoice: Invoice) -> str:
        """As a choice."""
        return in_words(invoice)


def in_words(invoice: Invoice) -> str:
    """Its number, day and open amount."""
    return _("%(number)s · due %(day)s · %(amount)s open") % {
        "number": invoice.number,
        "day": formatting.day(invoice.due_on),
        "amount": formatting.money(invoice.open_amount, invoice.currency),
    }


class PaymentForm(AskingForm):
    """Money that came in by hand."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Paid by"), choices=[(kind.value, kind.label) for kind in BY_HAND]
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Such as the number of the check."),
    )

    def __init__(self, *args: Any, customer: Customer, on: date, **options: Any) -> None:
        """Received today, and put to the oldest invoices, unless said otherwise."""
        super().__init__(*args, **options)
        self.customer, self.on = customer, on
        self.fields["amount"] = AmountField(currency=customer.currency, label=_("Amount"))
        self.fields["received_on"] = forms.DateField(
            label=_("Received"), initial=on, widget=forms.DateInput(_DAY)
        )
        self.fields["invoice"] = InvoiceField(
            customer=customer,
            label=_("Apply to"),
            required=False,
            empty_label=_("Oldest open invoices first"),
        )
        self.order_fields(["amount", "received_on", "kind", "reference", "invoice"])

    def questions(self) -> Iterator[str]:
        """About an amount or a day that looks mistyped."""
        given = self.cleaned_data
        yield from more_than_owed(given["amount"], customer=self.customer, invoice=given["invoice"])
        yield from received_long_ago(given["received_on"], self.on)

    def to(self) -> list[tuple[UUID, Decimal]] | None:
        """Where the money goes: to the chosen invoice as far as it is open."""
        return put_to(self.cleaned_data["invoice"], self.cleaned_data["amount"])


class CreditForm(AskingForm):
    """Money the organization no longer wants."""

    description = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=500,
        help_text=gettext_lazy("What the credit is for."),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[
            (reason.value, reason.label)
            for reason in CreditReason
            if reason not in (CreditReason.REFUND, CreditReason.LATE_FEE)
        ],
    )
    leave_unapplied = forms.BooleanField(
        label=gettext_lazy("Leave unapplied"),
        required=False,
        help_text=gettext_lazy("It waits until you apply it; what it covers is not charged."),
    )

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        """Put to the oldest invoices unless said otherwise."""
        super().__init__(*args, **options)
        self.customer = customer
        self.fields["amount"] = AmountField(currency=customer.currency, label=_("Amount"))
        self.fields["invoice"] = InvoiceField(
            customer=customer,
            label=_("Apply to"),
            required=False,
            empty_label=_("Oldest open invoices first"),
        )
        self.order_fields(["amount", "description", "reason", "invoice", "leave_unapplied"])

    def questions(self) -> Iterator[str]:
        """About more than there is to credit, unless it is meant to wait."""
        given = self.cleaned_data
        if not given["leave_unapplied"]:
            yield from more_than_owed(
                given["amount"], customer=self.customer, invoice=given["invoice"]
            )

    def to(self) -> list[tuple[UUID, Decimal]] | None:
        """Where the credit goes: to the chosen invoice as far as it is open."""
        return put_to(self.cleaned_data["invoice"], self.cleaned_data["amount"])


class PromiseForm(AskingForm):
    """Which invoice will be paid by when."""

    promised_for = forms.DateField(
        label=gettext_lazy("Will be paid by"), widget=forms.DateInput(_DAY)
    )

    def __init__(self, *args: Any, customer: Customer, on: date, **options: Any) -> None:
        """All that is open unless an amount is given."""
        super().__init__(*args, **options)
        self.on = on
        self.fields["invoice"] = InvoiceField(
            customer=customer, label=_("Invoice"), empty_label=None
        )
        self.fields["amount"] = _part(customer)
        self.order_fields(["invoice", "promised_for", "amount"])

    def questions(self) -> Iterator[str]:
        """About a day that looks mistyped."""
        return promised_far_ahead(self.cleaned_data["promised_for"], self.on)


class DisputeForm(forms.Form):
    """Which invoice is contested, how much of it, and why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        """All that is open unless an amount is given."""
        super().__init__(*args, **options)
        self.fields["invoice"] = InvoiceField(
            customer=customer, label=_("Invoice"), empty_label=None
        )
        self.fields["amount"] = _part(customer)
        self.order_fields(["invoice", "amount", "reason"])


class LineForm(forms.Form):
    """One line of an invoice."""

    description = forms.CharField(label=gettext_lazy("Description"), max_length=500)
    quantity = forms.DecimalField(
        label=gettext_lazy("Quantity"), max_digits=15, decimal_places=4, initial=1, min_value=0
    )
    unit_price = forms.DecimalField(
        label=gettext_lazy("Unit price"), max_digits=19, decimal_places=4
    )
    tax_rate = forms.DecimalField(
        label=gettext_lazy("Tax %"),
        max_digits=7,
        decimal_places=4,
        initial=0,
        min_value=0,
        max_value=100,
    )

    def line(self) -> Line:
        """What `issue_invoice` takes."""
        return Line(**self.cleaned_data)


MOST_LINES = 100


def line_forms(sent: QueryDict | None, *, count: int = 3) -> "BaseFormSet[LineForm]":
    """The lines of an invoice: the first is needed, others may stay empty."""
    kind = formset_factory(LineForm, extra=count - 1, min_num=1, max_num=MOST_LINES)
    return kind(sent, prefix="lines")


def one_more(sent: QueryDict) -> "BaseFormSet[LineForm]":
    """What was typed, unchecked, with an empty line below."""
    total = sent.get("lines-TOTAL_FORMS", "")
    count = min(int(total), MOST_LINES - 1) if total.isdecimal() else 0
    typed = [
        {name: sent.get(f"lines-{line}-{name}", "") for name in LineForm.base_fields}
        for line in range(count)
    ]
    kind = formset_factory(LineForm, extra=count, min_num=1, max_num=MOST_LINES)
    return kind(prefix="lines", initial=[*typed, {}])


class InvoiceForm(AskingForm, FieldsForm):
    """An invoice beside its lines."""

    po_number = forms.CharField(label=gettext_lazy("PO number"), max_length=60, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note to the customer"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        customer: Customer,
        on: date,
        again: QueryDict | None = None,
        **options: Any,
    ) -> None:
        """Issued today, due by the customer's terms; `again` shows what was typed, unchecked."""
        options["initial"] = again.dict() if again else None
        super().__init__(*args, **options)
        self.on = on
        self.fields["issued_on"] = forms.DateField(
            label=_("Invoice date"), initial=on, widget=forms.DateInput(_DAY)
        )
        self.fields["due_on"] = forms.DateField(
            label=_("Due"),
            required=False,
            widget=forms.DateInput(_DAY),
            help_text=_("Left empty, %s days after the invoice date.") % customer.terms_days,
        )
        self.fields["number"] = forms.CharField(
            label=_("Number"),
            max_length=60,
            required=False,
            help_text=_("Left empty, the next one."),
        )
        templates = InvoiceTemplate.objects.of(customer.organization_id).filter(removed=False)
        if len(templates) > 1:
            self.fields["template"] = forms.ModelChoiceField(
                templates.order_by("-default", Lower("name")),
                label=_("Invoice template"),
                required=False,
                empty_label=None,
                initial=customer.invoice_template_id
                or next(template.id for template in templates if template.default),
            )
        self.add_custom_fields(FieldSubject.INVOICE)

    def questions(self) -> Iterator[str]:
        """About days that look mistyped."""
        given = self.cleaned_data
        return invoiced_far_off(given["issued_on"], given["due_on"], self.on)


def put_to(invoice: Invoice | None, amount: Decimal) -> list[tuple[UUID, Decimal]] | None:
    """The chosen invoice as far as it is open; None lets the oldest ones have the money."""
    return [(invoice.id, min(amount, invoice.open_amount))] if invoice else None


def _part(customer: Customer) -> AmountField:
    return AmountField(
        currency=customer.currency,
        label=_("Amount"),
        required=False,
        help_text=_("Left empty, all that is open."),
    )
