"""The customer portal as staff see it: inviting people, and switching it off for one of them."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from paidup.customers import queries
from paidup.customers.models import ContactLink
from paidup.customers.states import PortalAccess
from paidup.organizations.states import Module
from paidup.portal_access import operations as portal_access
from paidup.portal_access.queries import Standing, standings
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .changes import back, dialog
from .lists import find
from .portal_forms import InvitationForm


@may(Module.COMMUNICATIONS, EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: StaffRequest, customer_id: UUID) -> HttpResponse:
    """Sends an invitation to some of the customer's people, all of them or none."""
    customer = find(request, customer_id)
    form = InvitationForm(
        request.POST or None,
        links=list(queries.contacts_of(customer.id)),
        chosen=request.GET.get("contact", ""),
        organization=request.organization,
    )

    @transaction.atomic
    def invite() -> None:
        for link in form.invited():
            portal_access.invite(
                contact=link.contact,
                customer_ids=[customer.id],
                wording=form.wording(),
                by=request.by,
                at=request.at,
            )

    if form.is_valid() and done(form, invite):
        count = len(form.invited())
        messages.success(
            request,
            ngettext(
                "The customer portal is enabled for %(count)d contact, who hears of it by e-mail.",
                "The customer portal is enabled for %(count)d contacts, who hear of it by e-mail.",
                count,
            )
            % {"count": count},
        )
        return back(request, customer)
    return dialog(request, form, "web/customers/invitation.html", customer)


@may(Module.COMMUNICATIONS, EDIT)
@require_POST
def disabling(request: StaffRequest, customer_id: UUID, link_id: UUID) -> HttpResponse:
    """The person sees this customer in the portal no more."""
    links = ContactLink.objects.visible(request.organization).select_related("contact", "customer")
    link = get_object_or_404(links, id=link_id, customer_id=customer_id)
    portal_access.disable(link=link, by=request.by, at=request.at)
    messages.success(request, _("The customer portal is disabled for %s.") % link.contact.name)
    return back(request, link.customer)


def with_standings(links: Iterable[ContactLink]) -> list[ContactLink]:
    """The places, each with how far its contact is with the portal, as `standing`."""
    places = list(links)
    asked = {link.contact_id for link in places if link.portal != PortalAccess.UNSET}
    found = standings(asked) if asked else {}
    for link in places:
        link.standing = found.get(link.contact_id, Standing())  # type: ignore[attr-defined]  # for the templates
    return places
