"""Column Settings: which columns the customers list shows a member, and in which order."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paidup.organizations.operations import arrange_columns
from paidup.web.access import StaffRequest, oneself

from .columns import LIST, USUAL, offered


@oneself
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: StaffRequest) -> HttpResponse:
    """Shows them in order; what is sent checked, in the order in which it is sent, is kept."""
    if request.method == "POST":
        sent = dict.fromkeys(request.POST.getlist("column"))
        known = {column.key for column, _is_shown in offered(request.member)}
        arrange_columns(
            member=request.member,
            of=LIST,
            columns=USUAL if "usual" in request.POST else [key for key in sent if key in known],
            by=request.by,
            at=request.at,
        )
        messages.success(request, _("The columns are arranged."))
        return redirect("customers", request.organization.slug)
    return render(request, "web/customers/columns.html", {"columns": offered(request.member)})
