"""What a payer enters. The card or account itself is entered in the gateway's own frame."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from paidup.lib import formatting
from paidup.ui.amounts import AmountField

from .offers import Offer, spread

CHANGED = _("What you allow has changed meanwhile. Read it again before you agree.")


class MethodForm(forms.Form):
    """Who lets the method behind a token of the hosted form be charged."""

    token = forms.CharField(
        max_length=120,
        widget=forms.HiddenInput,
        error_messages={"required": _("The form above did not answer. Please try once more.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Write your name to allow automatic payments.")},
    )

    def __init__(self, *args: Any, wording: str, **options: Any) -> None:
        """With what the payer allows, as the page words it now."""
        super().__init__(*args, **options)
        self.wording = wording

    def clean(self) -> dict[str, Any]:
        """Refuse what was agreed to in other words, for another customer perhaps."""
        if self.data.get("wording") != self.wording:
            self.add_error(None, CHANGED)
        return super().clean() or {}


class PaymentForm(forms.Form):
    """How much of which invoices, and whether the method may be charged again."""

    token = forms.CharField(
        max_length=120,
        widget=forms.HiddenInput,
        error_messages={"required": _("The payment form did not answer. Please try once more.")},
    )
    invoices = forms.TypedMultipleChoiceField(
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one invoice to pay."),
            "invalid_choice": _("One of these invoices can't be paid any more. Choose again."),
        },
    )
    save = forms.BooleanField(
        label=_("Save this method and allow automatic payments"), required=False
    )
    name = forms.CharField(label=_("Your name"), max_length=120, required=False)

    def __init__(self, *args: Any, offer: Offer, wording: str, **options: Any) -> None:
        """Offer what can be paid now; of a single invoice there is nothing to choose. With what the
        payer allows by saving, as the page words it now."""
        super().__init__(*args, **options)
        self.wording = wording
        self.offer = offer
        payable = [bill.invoice for bill in offer.payable]
        self.fields["amount"] = AmountField(
            currency=offer.currency,
            label=_("Amount to pay"),
            initial=offer.amount_at_once,
            help_text=_("Up to %(most)s. You may pay a part of it.")
            % {"most": formatting.money(offer.amount_at_once, offer.currency)},
            error_messages={"required": _("Write how much you want to pay.")},
        )
        if offer.is_balance:
            choices = [(invoice.id, invoice.number) for invoice in payable]
            self.fields["invoices"].choices = choices  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["invoices"]

    @property
    def named(self) -> list[UUID]:
        """The invoices that were sent, whether or not they can be paid now."""
        if not self.offer.is_balance:
            return [bill.invoice.id for bill in self.offer.bills]
        sent = self.fields["invoices"].widget.value_from_datadict(self.data, self.files, "invoices")
        return [UUID(text) for text in sent or () if _is_id(text)]

    def clean(self) -> dict[str, Any]:
        """Refuse more than is open, and a permission that nobody gave."""
        cleaned = super().clean() or {}
        amount, chosen = cleaned.get("amount"), self._chosen(cleaned)
        if amount is not None and chosen is not None:
            most = sum(
                (
                    bill.invoice.open_amount
                    for bill in self.offer.payable
                    if bill.invoice.id in chosen
                ),
                Decimal(0),
            )
            if amount > most:
                self.add_error("amount", self._too_much(most))
            cleaned["parts"] = spread(self.offer, chosen, amount)
        if cleaned.get("save") and not cleaned.get("name", "").strip():
            self.add_error("name", _("Write your name to allow automatic payments."))
        # A page on which nothing can be saved words nothing.
        if cleaned.get("save") and self.data.get("wording", self.wording) != self.wording:
            self.add_error(None, CHANGED)
        return cleaned

    def _chosen(self, cleaned: dict[str, Any]) -> set[UUID] | None:
        if not self.offer.is_balance:
            return {bill.invoice.id for bill in self.offer.payable}
        return set(cleaned["invoices"]) if "invoices" in cleaned else None

    def _too_much(self, most: Decimal) -> str:
        shown = formatting.money(most, self.offer.currency)
        return str(_("Pay at most %(most)s, what is open.")) % {"most": shown}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
