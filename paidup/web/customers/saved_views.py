"""Views of the customers list: its search, filters and sort under a name."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from paidup.organizations.models import SavedView
from paidup.organizations.saved_views import remove_view, save_view
from paidup.web.access import StaffRequest, oneself

from .list_forms import ViewForm
from .selection import LIST, Asked


@oneself
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Saves what the address asks for."""
    asked = Asked.of(request.GET, request.member)
    form = ViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        view = save_view(
            member=request.member,
            of=LIST,
            query=asked.query,
            **form.cleaned_data,
            by=request.by,
            at=request.at,
        )
        messages.success(request, _("View “%(name)s” saved.") % {"name": view.name})
        return redirect(f"{reverse('customers', args=[request.organization.slug])}?{view.query}")
    status = 422 if form.is_bound else 200
    return render(request, "web/customers/saved_view.html", {"form": form}, status=status)


@oneself
@require_POST
def removal(request: StaffRequest, view_id: UUID) -> HttpResponse:
    """Removes one of the member's own; the list stays as it is shown."""
    view = SavedView.objects.of(request.organization).filter(id=view_id, member=request.member)
    found = view.first()
    if found is None:
        raise Http404
    query = Asked.of(QueryDict(found.query), request.member).query
    remove_view(view=found, by=request.by, at=request.at)
    messages.success(request, _("View “%(name)s” removed.") % {"name": found.name})
    return redirect(f"{reverse('customers', args=[request.organization.slug])}?{query}")
