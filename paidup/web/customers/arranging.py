"""Column Settings: which columns the customers list shows a member, and in which order."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paidup.organizations.operations import arrange_list
from paidup.web.access import StaffRequest, oneself

from .columns import USUAL, offered, sorts
from .selection import LIST, usual_sort


@oneself
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: StaffRequest) -> HttpResponse:
    """Shows them in order; what is sent checked, in the order in which it is sent, is kept."""
    orders = sorts(offered(request.member))
    if request.method == "POST":
        sent = dict.fromkeys(request.POST.getlist("column"))
        known = {column.key for column, _is_shown in offered(request.member)}
        usual, sort = "usual" in request.POST, request.POST.get("sort", "")
        arrange_list(
            member=request.member,
            of=LIST,
            columns=USUAL if usual else [key for key in sent if key in known],
            sort="" if usual or sort not in orders else sort,
            by=request.by,
            at=request.at,
        )
        messages.success(request, _("The columns are arranged."))
        return redirect("customers", request.organization.slug)
    context = {
        "columns": offered(request.member),
        "sorts": orders,
        "sort": usual_sort(request.member),
    }
    return render(request, "web/customers/columns.html", context)
