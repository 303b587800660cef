"""Adding, changing and removing cadences and their steps."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paidup.cadences import operations, queries
from paidup.cadences.models import Assignment, Cadence, Step
from paidup.customers.models import Customer
from paidup.organizations.states import Module
from paidup.web.access import EDIT, VIEW, StaffRequest, may
from paidup.web.acting import done

from .forms import AddCadenceForm, CadenceForm, StepForm
from .wording import when

asked = require_http_methods(["GET", "HEAD", "POST"])


@may(Module.CADENCES, EDIT)
@asked
def add(request: StaffRequest) -> HttpResponse:
    """A new cadence, as a copy of another one."""
    form = AddCadenceForm(
        request.POST or None,
        organization=request.organization,
        initial={"copy_of": request.GET.get("copy_of")} if "copy_of" in request.GET else None,
    )
    if form.is_valid() and done(
        form,
        lambda: operations.add_cadence(**form.cleaned_data, by=request.by, at=request.at),
    ):
        messages.success(request, _("%s is added.") % form.cleaned_data["name"])
        return _back(request)
    return _dialog(request, form, "web/cadences/cadence.html")


@may(Module.CADENCES, EDIT)
@asked
def edit(request: StaffRequest, cadence_id: UUID) -> HttpResponse:
    """What a cadence is called, and the days between its reminders."""
    cadence = _cadence(request, cadence_id)
    form = CadenceForm(request.POST or None, cadence=cadence)
    if form.is_valid() and done(
        form,
        lambda: operations.edit_cadence(
            cadence=cadence, **form.cleaned_data, by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("Saved."))
        return _back(request)
    return _dialog(request, form, "web/cadences/cadence.html", cadence=cadence)


@may(Module.CADENCES, EDIT)
@asked
def default(request: StaffRequest, cadence_id: UUID) -> HttpResponse:
    """Makes a cadence the default one, after a question."""
    cadence = _cadence(request, cadence_id)
    form = forms.Form(_sent(request))
    if form.is_valid() and done(
        form,
        lambda: operations.make_default(cadence=cadence, by=request.by, at=request.at),
    ):
        messages.success(request, _("%s is the default cadence now.") % cadence.name)
        return _back(request)
    everybody = Customer.objects.visible(request.organization).count()
    assigned = Assignment.objects.visible(request.organization).count()
    return _dialog(
        request,
        form,
        "web/cadences/default.html",
        cadence=cadence,
        customers=everybody - assigned,
    )


@may(Module.CADENCES, EDIT)
@asked
def removal(request: StaffRequest, cadence_id: UUID) -> HttpResponse:
    """Removes a cadence that nobody has, after a question."""
    cadence = _cadence(request, cadence_id)
    form = forms.Form(_sent(request))
    if form.is_valid() and done(
        form,
        lambda: operations.remove_cadence(cadence=cadence, by=request.by, at=request.at),
    ):
        messages.success(request, _("%s is removed.") % cadence.name)
        return _back(request)
    return _dialog(
        request,
        form,
        "web/cadences/removal.html",
        cadence=cadence,
        places=queries.own_places(cadence) if request.member.may(Module.CONTACTS, VIEW) else [],
        invoices=queries.own_invoices(cadence) if request.member.may(Module.INVOICES, VIEW) else [],
    )


@may(Module.CADENCES, EDIT)
@asked
def add_step(request: StaffRequest, cadence_id: UUID) -> HttpResponse:
    """One step more."""
    cadence = _cadence(request, cadence_id)
    form = StepForm(request.POST or None, organization=request.organization)
    if form.is_valid() and done(
        form,
        lambda: operations.add_step(
            cadence=cadence, details=form.details(), by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("The step is added."))
        return _back(request)
    return _dialog(request, form, "web/cadences/step.html", cadence=cadence)


@may(Module.CADENCES, EDIT)
@asked
def edit_step(request: StaffRequest, cadence_id: UUID, step_id: UUID) -> HttpResponse:
    """When a step comes, what it says, and whether somebody is asked first."""
    step = _step(request, cadence_id, step_id)
    form = StepForm(request.POST or None, organization=request.organization, step=step)
    if form.is_valid() and done(
        form,
        lambda: operations.edit_step(
            step=step, details=form.details(), by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("Saved."))
        return _back(request)
    return _dialog(request, form, "web/cadences/step.html", cadence=step.cadence, step=step)


@may(Module.CADENCES, EDIT)
@asked
def remove_step(request: StaffRequest, cadence_id: UUID, step_id: UUID) -> HttpResponse:
    """Removes a step, after a question."""
    step = _step(request, cadence_id, step_id)
    form = forms.Form(_sent(request))
    if form.is_valid() and done(
        form, lambda: operations.remove_step(step=step, by=request.by, at=request.at)
    ):
        messages.success(request, _("The step is removed."))
        return _back(request)
    return _dialog(
        request,
        form,
        "web/cadences/step_removal.html",
        cadence=step.cadence,
        when=when(step.days),
    )


def _sent(request: StaffRequest) -> QueryDict | None:
    """What answers a mere question: also nothing at all."""
    return request.POST if request.method == "POST" else None


def _cadence(request: StaffRequest, cadence_id: UUID) -> Cadence:
    return get_object_or_404(Cadence.objects.of(request.organization).standing(), id=cadence_id)


def _step(request: StaffRequest, cadence_id: UUID, step_id: UUID) -> Step:
    steps = Step.objects.of(request.organization).standing().select_related("cadence", "template")
    return get_object_or_404(steps, id=step_id, cadence_id=cadence_id, cadence__removed_at=None)


def _back(request: StaffRequest) -> HttpResponse:
    return redirect("cadences", request.organization.slug)


def _dialog(
    request: StaffRequest, form: forms.Form, template: str, **context: object
) -> HttpResponse:
    context |= {"form": form, "cancel_url": reverse("cadences", args=[request.organization.slug])}
    return render(request, template, context, status=422 if form.is_bound else 200)
