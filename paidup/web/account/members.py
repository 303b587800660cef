"""The employees: narrowed by their custom fields, as CSV, and signed out by a colleague."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paidup.lib.spreadsheet import BOM, written
from paidup.organizations.field_rules import Value
from paidup.organizations.field_values import values_of
from paidup.organizations.fields import fields_of
from paidup.organizations.models import CustomField, Member, MemberValue, Organization
from paidup.organizations.sessions import sign_out_member
from paidup.organizations.states import FieldSubject, Module
from paidup.web.access import EDIT, VIEW, StaffRequest, may
from paidup.web.field_filters import FieldAsked, asked_fields, narrowed
from paidup.web.fields import in_cell, in_words


@dataclass(frozen=True)
class Line:
    """A member, and what the custom fields hold of them."""

    member: Member
    fields: Sequence[CustomField]
    values: Mapping[UUID, Value]

    @property
    def told(self) -> list[tuple[str, str]]:
        """Those that hold something, in words."""
        return [
            (field.label, in_words(field, self.values[field.id]))
            for field in self.fields
            if field.id in self.values
        ]


def member_lines(organization: Organization, asked: Sequence[FieldAsked]) -> list[Line]:
    """The members who pass these filters, those who have left last."""
    rows = Member.objects.of(organization).select_related("user", "role")
    members = list(narrowed(rows, asked, MemberValue).order_by("-active", "name", "id"))
    fields = fields_of(FieldSubject.MEMBER)
    values = values_of(MemberValue, [member.id for member in members]) if fields else {}
    return [Line(member, fields, values.get(member.id, {})) for member in members]


@may(Module.ACCOUNT, VIEW)
@require_safe
def csv(request: StaffRequest) -> HttpResponse:
    """Exactly those whom the page shows."""
    asked = asked_fields(request.GET, FieldSubject.MEMBER)
    lines = member_lines(request.organization, asked)
    labels = [field.label for field in fields_of(FieldSubject.MEMBER)]
    head = [_("Name"), _("E-mail"), _("Role"), _("Active"), *labels]
    name = f"employees-{request.on.isoformat()}.csv"
    return HttpResponse(
        BOM + written([head, *map(_cells, lines)]),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@may(Module.ACCOUNT, EDIT)
def signing_out(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Signs a colleague out on all devices, after a question; one's own have a page."""
    members = Member.objects.of(request.organization).exclude(id=request.member.id)
    member = get_object_or_404(members, id=member_id)
    back = reverse("account", args=[request.organization.slug], query={"tab": "members"})
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        sign_out_member(member=member, by=request.by, at=request.at)
        messages.success(request, _("%s is signed out on all devices.") % member.name)
        return redirect(back)
    context = {"form": form, "cancel_url": back, "member": member}
    return render(request, "web/account/member_signing_out.html", context)


def _cells(line: Line) -> list[Value]:
    member = line.member
    active = _("Yes") if member.active else _("No")
    held = (in_cell(line.values.get(field.id)) for field in line.fields)
    return [member.name, member.user.email, str(member.role), active, *held]
