"""The forms about rules of late fees, and a rule in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from paidup.customers import rules as details
from paidup.late_fees.models import Rule
from paidup.late_fees.operations import Terms
from paidup.late_fees.operations.rules import MOST_DAYS, MOST_RATE
from paidup.late_fees.states import Kind
from paidup.late_fees.wording import percent
from paidup.lib import formatting


class RuleForm(forms.Form):
    """What a rule says."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Fee"), choices=Kind, widget=forms.RadioSelect, initial=Kind.PERCENT
    )
    rate = forms.DecimalField(
        label=gettext_lazy("Percent"),
        required=False,
        max_value=MOST_RATE,
        min_value=0,
        max_digits=7,
        decimal_places=4,
        help_text=gettext_lazy("Of a percentage or of interest, then by the year."),
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        required=False,
        min_value=0,
        max_digits=19,
        decimal_places=4,
        help_text=gettext_lazy("Of a flat fee."),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency of the invoices"),
        required=False,
        max_length=3,
        help_text=gettext_lazy(
            "Such as USD. Left empty, all currencies that have no rule of their own; amounts of "
            "money need one."
        ),
    )
    grace_days = forms.IntegerField(
        label=gettext_lazy("Grace days"),
        min_value=0,
        max_value=MOST_DAYS,
        initial=10,
        help_text=gettext_lazy(
            "Whoever pays within so many days after the due date pays no fee. Interest counts from "
            "the due date."
        ),
    )
    every_days = forms.IntegerField(
        label=gettext_lazy("Again every so many days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=gettext_lazy(
            "Left empty, once for an invoice. Interest is charged every so many days, after them."
        ),
    )
    most = forms.DecimalField(
        label=gettext_lazy("Most for one invoice"),
        required=False,
        min_value=0,
        max_digits=19,
        decimal_places=4,
        help_text=gettext_lazy("All its late fees together. Left empty, there is no limit."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("For invoices due from"),
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("Those due earlier are never charged by this rule."),
    )

    def __init__(self, *args: Any, on: date, rule: Rule | None = None, **options: Any) -> None:
        """With what stands now; a new rule begins today."""
        options["initial"] = (
            {name: _plain(getattr(rule, name)) for name in self.base_fields}
            if rule
            else {"starts_on": on}
        )
        super().__init__(*args, **options)

    def clean_currency(self) -> str:
        """Return the code, in capitals."""
        code = str(self.cleaned_data["currency"])
        try:
            return details.currency(code) if code else ""
        except details.BadDetail as bad:
            raise forms.ValidationError(str(bad)) from None

    def terms(self) -> Terms:
        """What `add_rule` and `edit_rule` take; of what the kind doesn't need, nothing."""
        kind = Kind(self.cleaned_data["kind"])
        rest = {name: value for name, value in self.cleaned_data.items() if name != "kind"}
        rest["rate" if kind is Kind.FLAT else "amount"] = None
        return Terms(kind=kind, **rest)


class SwitchForm(forms.Form):
    """What is switched to."""

    to = forms.TypedChoiceField(
        choices=[("on", ""), ("off", "")],
        coerce=lambda text: text == "on",
        widget=forms.HiddenInput,
    )


@dataclass(frozen=True)
class RuleLine:
    """A rule in words: for which invoices, how much, when, at most how much."""

    rule: Rule
    invoices: str
    fee: str
    when: str
    most: str


def rule_line(rule: Rule) -> RuleLine:
    """The rule as the account shows it."""
    return RuleLine(
        rule,
        rule.currency or _("All other currencies"),
        _fee(rule),
        _when(rule),
        formatting.money(rule.most, rule.currency) if rule.most else "",
    )


def _fee(rule: Rule) -> str:
    if rule.amount is not None:
        return formatting.money(rule.amount, rule.currency)
    rate = percent(rule.rate or Decimal(0))
    if rule.kind == Kind.PERCENT:
        return _("%s of what is late") % rate
    return _("%s a year on what is late") % rate


def _when(rule: Rule) -> str:
    grace = ngettext("After %(days)s day", "After %(days)s days", rule.grace_days) % {
        "days": rule.grace_days
    }
    if rule.every_days is None:
        return _("%s, once") % grace
    again = ngettext("every day", "every %(days)s days", rule.every_days) % {
        "days": rule.every_days
    }
    return f"{grace}, {again}"


def _plain(value: Any) -> Any:
    """Without the zeros that the database stores."""
    return value.normalize() + 0 if hasattr(value, "normalize") else value
