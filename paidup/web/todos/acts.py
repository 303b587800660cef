"""Ticking off, putting off, handing over."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paidup.customers.visibility import colleagues
from paidup.organizations.states import Module
from paidup.todos import operations as todos
from paidup.todos.models import Todo
from paidup.todos.operations import TodoRefused
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .selection import back, find


class SnoozeForm(forms.Form):
    """Until when a to-do is out of sight."""

    until = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"})
    )


class AssignmentForm(forms.Form):
    """Who is to do it."""

    def __init__(self, *args: Any, todo: Todo, **options: Any) -> None:
        """Offer the active members who see what it is about."""
        super().__init__(*args, **options)
        self.fields["assignee"] = forms.ModelChoiceField(
            colleagues(todo.customer), label=gettext_lazy("Assignee"), empty_label=None
        )


@may(Module.TODOS, EDIT)
@require_POST
def completion(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Ticks a to-do off."""
    todos.finish_todo(todo=find(request, todo_id), by=request.by, at=request.at)
    return back(request)


@may(Module.TODOS, EDIT)
@require_POST
def reopening(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Puts a to-do that was ticked off back into the queue."""
    try:
        todos.reopen_todo(todo=find(request, todo_id), by=request.by, at=request.at)
    except TodoRefused as refusal:
        messages.error(request, str(refusal))
    return back(request)


@may(Module.TODOS, EDIT)
def snooze(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Puts a to-do off until a day."""
    found = find(request, todo_id)
    form = SnoozeForm(
        request.POST or None,
        initial={"until": (request.on + timedelta(days=1)).isoformat()},
    )
    if form.is_valid() and done(
        form,
        lambda: todos.snooze_todo(
            todo=found,
            until=form.cleaned_data["until"],
            on=request.on,
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("It comes back on that day."))
        return back(request)
    return _dialog(request, form, "web/todos/snooze.html")


@may(Module.TODOS, EDIT)
def assignment(request: StaffRequest, todo_id: UUID) -> HttpResponse:
    """Hands a to-do to a colleague."""
    found = find(request, todo_id)
    form = AssignmentForm(request.POST or None, todo=found, initial={"assignee": found.assignee_id})
    if form.is_valid() and done(
        form,
        lambda: todos.assign_todo(
            todo=found, assignee=form.cleaned_data["assignee"], by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("It is with %s now.") % form.cleaned_data["assignee"].name)
        return back(request)
    return _dialog(request, form, "web/todos/assignment.html")


def _dialog(request: StaffRequest, form: forms.Form, template: str) -> HttpResponse:
    return render(request, template, {"form": form}, status=422 if form.is_bound else 200)
