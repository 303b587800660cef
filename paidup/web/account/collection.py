"""Collection statuses: adding, editing, arranging and removing one."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import LONGEST_STATUS, CollectionStatus
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done


class StatusForm(forms.Form):
    """What a status is called and what it does."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_STATUS)
    default = forms.BooleanField(
        label=gettext_lazy("Default for new invoices"),
        required=False,
        help_text=gettext_lazy("At most one status is the default; without one they have none."),
    )
    notifies = forms.BooleanField(
        label=gettext_lazy("Notify a manager"),
        required=False,
        help_text=gettext_lazy(
            "Whoever gives it to an invoice adds a to-do for the customer's manager, or for the "
            "billing owner where there is none."
        ),
    )

    def __init__(self, *args: Any, status: CollectionStatus | None = None, **options: Any) -> None:
        """With what stands now."""
        if status:
            options["initial"] = {name: getattr(status, name) for name in self.base_fields}
        super().__init__(*args, **options)


@may(Module.ACCOUNT, EDIT)
def add(request: StaffRequest) -> HttpResponse:
    """A new status."""
    form = StatusForm(request.POST or None)
    if form.is_valid() and done(
        form, lambda: invoicing.add_status(**form.cleaned_data, by=request.by, at=request.at)
    ):
        messages.success(request, _("The status is added."))
        return _back(request)
    return _form(request, form, "web/account/status.html")


@may(Module.ACCOUNT, EDIT)
def edit(request: StaffRequest, status_id: UUID) -> HttpResponse:
    """What a status is called and what it does."""
    status = _find(request, status_id)
    form = StatusForm(request.POST or None, status=status)
    if form.is_valid() and done(
        form,
        lambda: invoicing.edit_status(
            status=status, **form.cleaned_data, by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("Saved."))
        return _back(request)
    return _form(request, form, "web/account/status.html", status=status)


@may(Module.ACCOUNT, EDIT)
@require_POST
def position(request: StaffRequest, status_id: UUID) -> HttpResponse:
    """One place up, or down."""
    up = request.POST.get("to") == "up"
    status = _find(request, status_id)
    invoicing.move_status(status=status, up=up, by=request.by, at=request.at)
    return _back(request)


@may(Module.ACCOUNT, EDIT)
def removal(request: StaffRequest, status_id: UUID) -> HttpResponse:
    """Removes a status that no open invoice has, after a question."""
    status = _find(request, status_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form, lambda: invoicing.remove_status(status=status, by=request.by, at=request.at)
    ):
        messages.success(request, _("The status is removed."))
        return _back(request)
    return _form(request, form, "web/account/status_removal.html", status=status)


def _find(request: StaffRequest, status_id: UUID) -> CollectionStatus:
    rows = CollectionStatus.objects.of(request.organization).filter(removed=False)
    return get_object_or_404(rows, id=status_id)


def _url(request: StaffRequest) -> str:
    return reverse("account", args=[request.organization.slug], query={"tab": "collection"})


def _back(request: StaffRequest) -> HttpResponse:
    return redirect(_url(request))


def _form(
    request: StaffRequest, form: forms.Form, template: str, status: CollectionStatus | None = None
) -> HttpResponse:
    return render(
        request,
        template,
        {"form": form, "status": status, "cancel_url": _url(request)},
        status=422 if form.is_bound else 200,
    )
