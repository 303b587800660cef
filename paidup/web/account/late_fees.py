"""Late fees: the organization's rules, and what they would charge today.

A rule charges every customer, so whoever changes one has to see them all.
"""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paidup.late_fees import operations as late_fees
from paidup.late_fees.models import Rule
from paidup.late_fees.queries import rehearse
from paidup.late_fees.states import Reason
from paidup.organizations.states import Module
from paidup.web.access import EDIT, VIEW, StaffRequest, may
from paidup.web.acting import done

from .late_fee_forms import RuleForm, SwitchForm

SHOWN = 200  # fees, and invoices without one, on a page


@dataclass(frozen=True)
class WhyNot:
    """A reason with how many invoices it keeps from a fee, and what is open of them by currency."""

    reason: Reason
    amounts: dict[str, tuple[int, Decimal]]

    @property
    def invoices(self) -> int:
        """How many, of all currencies."""
        return sum(invoices for invoices, _amount in self.amounts.values())


@may(Module.ACCOUNT, EDIT, whole=True)
def add(request: StaffRequest) -> HttpResponse:
    """A new rule; it is switched on by itself."""
    form = RuleForm(request.POST or None, on=request.on)
    if form.is_valid() and done(
        form, lambda: late_fees.add_rule(terms=form.terms(), by=request.by, at=request.at)
    ):
        messages.success(
            request, _("The rule is added, switched off. See what it would charge first.")
        )
        return _back(request)
    return _form(request, form, "web/account/late_fee_rule.html")


@may(Module.ACCOUNT, EDIT, whole=True)
def edit(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """What a rule says."""
    rule = _find(request, rule_id)
    form = RuleForm(request.POST or None, on=request.on, rule=rule)
    if form.is_valid() and done(
        form,
        lambda: late_fees.edit_rule(rule=rule, terms=form.terms(), by=request.by, at=request.at),
    ):
        messages.success(request, _("Saved."))
        return _back(request)
    return _form(request, form, "web/account/late_fee_rule.html", rule)


@may(Module.ACCOUNT, EDIT, whole=True)
def switch(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """Has fees charged by the rule, or not any more, after a question."""
    rule = _find(request, rule_id)
    form = SwitchForm(request.POST or None, initial={"to": "off" if rule.switched_on else "on"})
    if form.is_valid() and done(
        form,
        lambda: late_fees.switch_rule(
            rule=rule, on=form.cleaned_data["to"], by=request.by, at=request.at
        ),
    ):
        messages.success(
            request,
            _("Late fees are charged by this rule now.")
            if form.cleaned_data["to"]
            else _("No late fees are charged by this rule any more."),
        )
        return _back(request)
    return _form(request, form, "web/account/late_fee_switch.html", rule)


@may(Module.ACCOUNT, EDIT, whole=True)
def removal(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """Removes a rule, after a question."""
    rule = _find(request, rule_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form, lambda: late_fees.remove_rule(rule=rule, by=request.by, at=request.at)
    ):
        messages.success(request, _("The rule is removed."))
        return _back(request)
    return _form(request, form, "web/account/late_fee_removal.html", rule)


@may(Module.INVOICES, VIEW)
@require_safe
def preview(request: StaffRequest) -> HttpResponse:
    """What would be charged today, to whom, and why nothing for the rest. Charges nothing."""
    asked = request.GET.get("reason", "")
    reason = Reason(asked) if asked in Reason.values else None
    found = rehearse(request.on, reason=reason, limit=SHOWN)
    return render(
        request,
        "web/account/late_fee_preview.html",
        {
            "on": request.on,
            "found": found,
            "due": found.due[:SHOWN],
            "why_not": [WhyNot(one, found.why_not[one]) for one in Reason if one in found.why_not],
            "reason": reason,
            "stopped": request.organization.automation_stopped,
        },
    )


def _find(request: StaffRequest, rule_id: UUID) -> Rule:
    return get_object_or_404(Rule.objects.of(request.organization).standing(), id=rule_id)


def _url(request: StaffRequest) -> str:
    return reverse("account", args=[request.organization.slug], query={"tab": "late_fees"})


def _back(request: StaffRequest) -> HttpResponse:
    return redirect(_url(request))


def _form(
    request: StaffRequest, form: forms.Form, template: str, rule: Rule | None = None
) -> HttpResponse:
    return render(
        request,
        template,
        {"form": form, "rule": rule, "cancel_url": _url(request)},
        status=422 if form.is_bound else 200,
    )
