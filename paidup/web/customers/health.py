"""Changing a customer's health by hand, with how it was before."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paidup.customers import operations as customers
from paidup.customers.models import LONGEST_REASON, Customer, HealthChange
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .changes import back
from .lists import find

LATEST = 5


class HealthForm(forms.Form):
    """How the customer stands, why, and how long that counts."""

    score = forms.IntegerField(
        label=gettext_lazy("Health"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy(
            "From 0 to 100. A begins at 80, B at 60, C at 40, D at 20; below is E."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )
    until = forms.DateField(
        label=gettext_lazy("Counts until"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("Left empty, until somebody changes it."),
    )

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        """With what stands now."""
        options["initial"] = {
            "score": customer.health_score,
            "reason": customer.health_reason,
            "until": customer.health_until,
        }
        super().__init__(*args, **options)


@may(Module.CUSTOMERS, EDIT)
def health(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Sets the health; the form's second button takes it back."""
    customer = find(request, customer_id)
    if "clear" in request.POST:
        customers.clear_health(customer=customer, by=request.by, at=request.at)
        messages.success(request, _("The health is cleared."))
        return back(request, customer)
    form = HealthForm(request.POST or None, customer=customer)
    if form.is_valid() and done(
        form,
        lambda: customers.set_health(
            customer=customer, **form.cleaned_data, on=request.on, by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("The health is set."))
        return back(request, customer)
    past = HealthChange.objects.visible(request.organization).filter(customer=customer)
    context = {
        "form": form,
        "customer": customer,
        "past": past.select_related("author").order_by("-changed_at", "-id")[:LATEST],
        "cancel_url": reverse("customer", args=[request.organization.slug, customer.id]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "web/customers/health.html", context, status=status)
