"""The employees: narrowed by their custom fields, and as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paidup.lib.spreadsheet import BOM, written
from paidup.organizations.field_rules import Value
from paidup.organizations.field_values import values_of
from paidup.organizations.fields import fields_of
from paidup.organizations.models import CustomField, Member, MemberValue, Organization
from paidup.organizations.states import FieldSubject, Module
from paidup.web.access import VIEW, StaffRequest, may
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


def _cells(line: Line) -> list[Value]:
    member = line.member
    active = _("Yes") if member.active else _("No")
    held = (in_cell(line.values.get(field.id)) for field in line.fields)
    return [member.name, member.user.email, str(member.role), active, *held]
