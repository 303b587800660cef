"""Whether reminders leave by themselves, and the one switch that stops everything automatic."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from paidup.communications.models import Message
from paidup.organizations import operations as organizations
from paidup.organizations.states import Module, SendingMode
from paidup.web.access import EDIT, StaffRequest, may


class SendingModeForm(forms.Form):
    """What is switched to."""

    mode = forms.ChoiceField(choices=SendingMode, widget=forms.HiddenInput)


class AutomationForm(forms.Form):
    """Whether everything automatic is to stop."""

    stopped = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")],
        coerce=lambda text: text == "yes",
        widget=forms.HiddenInput,
    )


@may(Module.ACCOUNT, EDIT)
def sending_mode(request: StaffRequest) -> HttpResponse:
    """Asks before reminders leave by themselves, or before each waits for a person."""
    automatic = request.organization.sending_mode == SendingMode.AUTOMATIC
    other = SendingMode.APPROVE_FIRST if automatic else SendingMode.AUTOMATIC
    form = SendingModeForm(request.POST or None, initial={"mode": other})
    if form.is_valid():
        mode = SendingMode(form.cleaned_data["mode"])
        organizations.set_sending_mode(
            organization=request.organization, mode=mode, by=request.by, at=request.at
        )
        messages.success(
            request,
            _("Reminders now leave by themselves.")
            if mode == SendingMode.AUTOMATIC
            else _("Each reminder now waits for approval."),
        )
        return redirect("cadences", request.organization.slug)
    waiting = Message.objects.visible(request.organization).awaiting_approval()
    return render(
        request,
        "web/cadences/sending_mode.html",
        {
            "form": form,
            "to_automatic": not automatic,
            "todays": waiting.filter(reminder_on=request.on).count(),
        },
        status=422 if form.is_bound else 200,
    )


@may(Module.CADENCES, EDIT)
def automation(request: StaffRequest) -> HttpResponse:
    """Asks before every automatic message and charge stops, or goes on."""
    stopped = request.organization.automation_stopped
    form = AutomationForm(request.POST or None, initial={"stopped": "no" if stopped else "yes"})
    if form.is_valid():
        stop = form.cleaned_data["stopped"]
        organizations.stop_automation(
            organization=request.organization, stopped=stop, by=request.by, at=request.at
        )
        messages.success(
            request,
            _("Everything automatic is stopped.")
            if stop
            else _("Automatic messages and charges go on."),
        )
        return redirect("cadences", request.organization.slug)
    return render(
        request,
        "web/cadences/automation.html",
        {"form": form, "to_stop": not stopped},
        status=422 if form.is_bound else 200,
    )
