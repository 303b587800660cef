"""Custom fields: which there are, adding, editing, arranging and removing one."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paidup.organizations import fields
from paidup.organizations.field_values import values_of
from paidup.organizations.members import fill_in_member
from paidup.organizations.models import CustomField, Member, MemberValue
from paidup.organizations.states import FieldSubject, Module
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done
from paidup.web.fields import FieldsForm

from .field_forms import AddFieldForm, EditFieldForm, RemoveFieldForm


def field_groups() -> list[tuple[FieldSubject, list[CustomField]]]:
    """The fields of each subject, in their order."""
    return [(of, fields.fields_of(of)) for of in FieldSubject]


@may(Module.ACCOUNT, EDIT)
def add(request: StaffRequest, of: str) -> HttpResponse:
    """A new field of customers, invoices or employees."""
    if of not in FieldSubject.values:
        raise Http404
    form = AddFieldForm(request.POST or None)
    if form.is_valid() and done(
        form,
        lambda: fields.add_field(
            of=FieldSubject(of), **form.cleaned_data, by=request.by, at=request.at
        ),
    ):
        messages.success(request, _("The field is added."))
        return _back(request)
    return _form(request, form, "web/account/field.html", of=FieldSubject(of))


@may(Module.ACCOUNT, EDIT)
def edit(request: StaffRequest, field_id: UUID) -> HttpResponse:
    """What a field is called, and its choices."""
    field = _find(request, field_id)
    form = EditFieldForm(request.POST or None, field=field)
    if form.is_valid() and done(
        form,
        lambda: fields.edit_field(field=field, **form.details(), by=request.by, at=request.at),
    ):
        messages.success(request, _("Saved."))
        return _back(request)
    return _form(request, form, "web/account/field.html", field=field)


@may(Module.ACCOUNT, EDIT)
@require_POST
def position(request: StaffRequest, field_id: UUID) -> HttpResponse:
    """Moves a field up or down among those of its subject."""
    field = _find(request, field_id)
    up = request.POST.get("to") == "up"
    fields.move_field(field=field, up=up, by=request.by, at=request.at)
    return _back(request)


@may(Module.ACCOUNT, EDIT)
def removal(request: StaffRequest, field_id: UUID) -> HttpResponse:
    """Removes a field with all it holds, once its label is typed."""
    field = _find(request, field_id)
    form = RemoveFieldForm(request.POST if request.method == "POST" else None, name=field.label)
    if form.is_valid() and done(
        form, lambda: fields.remove_field(field=field, by=request.by, at=request.at)
    ):
        messages.success(request, _("The field is removed."))
        return _back(request)
    return _form(
        request,
        form,
        "web/account/field_removal.html",
        field=field,
        count=fields.count_values(field),
    )


@may(Module.ACCOUNT, EDIT)
def member_fields(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """What the custom fields hold of a member."""
    members = Member.objects.of(request.organization).select_related("user")
    member = get_object_or_404(members, id=member_id)
    form = FieldsForm(request.POST if request.method == "POST" else None)
    form.add_custom_fields(FieldSubject.MEMBER, values_of(MemberValue, [member.id])[member.id])
    if form.is_valid() and done(
        form,
        lambda: fill_in_member(member=member, fields=form.given(), by=request.by, at=request.at),
    ):
        messages.success(request, _("Saved."))
        return redirect(_url(request, "members"))
    return _form(request, form, "web/account/member_fields.html", member=member)


def _find(request: StaffRequest, field_id: UUID) -> CustomField:
    return get_object_or_404(CustomField.objects.of(request.organization), id=field_id)


def _url(request: StaffRequest, tab: str = "fields") -> str:
    return reverse("account", args=[request.organization.slug], query={"tab": tab})


def _back(request: StaffRequest) -> HttpResponse:
    return redirect(_url(request))


def _form(
    request: StaffRequest, form: forms.Form, template: str, **context: object
) -> HttpResponse:
    cancel_url = _url(request, "members" if "member" in context else "fields")
    return render(
        request,
        template,
        {"form": form, "cancel_url": cancel_url, **context},
        status=422 if form.is_bound else 200,
    )
