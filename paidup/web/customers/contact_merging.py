"""Merging contacts: choosing them, seeing what will happen, and doing it."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from paidup.customers import queries, search
from paidup.customers.models import Contact, ContactLink
from paidup.lifecycle.contacts import merge_contacts, preview_merge
from paidup.organizations.states import Module
from paidup.web.access import EDIT, StaffRequest, may
from paidup.web.acting import done

from .contact_forms import MergeForm

AT_ONCE = 20  # as many as a person can review
_OFFERED = 8

Places = Mapping[UUID, list[ContactLink]]


@may(Module.CONTACTS, EDIT)
def merging(request: StaffRequest) -> HttpResponse:
    """The chosen contacts, which of them stays, and what merging them does; a POST does it."""
    chosen = _chosen(request)
    form = MergeForm(request.POST or None, organization=request.organization, chosen=chosen)
    if form.is_valid() and done(
        form,
        lambda: merge_contacts(
            into=form.cleaned_data["keep"].id,
            others=[one.id for one in chosen],
            by=request.by,
            at=request.at,
        ),
    ):
        messages.success(request, _("The contacts are merged."))
        return redirect("contact", request.organization.slug, form.cleaned_data["keep"].id)
    q = request.GET.get("q", "").strip()[:100]
    offered = [one for one in _alike(q, chosen) if one not in chosen][:_OFFERED]
    places = queries.customers_of(one.id for one in [*chosen, *offered])
    kept = _kept(_asked(request).get("keep", ""), chosen, places)
    others = [one for one in chosen if one != kept]
    merge = preview_merge(into=kept, others=others) if kept and others else None
    return render(
        request,
        "web/customers/contact_merge.html",
        {
            "form": form,
            "q": q,
            "kept": kept,
            "chosen": [(one, places.get(one.id, [])) for one in chosen],
            "offered": [(one, places.get(one.id, [])) for one in offered],
            "merge": merge,
            "places": [(one, merge.cadences.get(one.link.id)) for one in merge.links]
            if merge
            else [],
        },
        status=422 if form.errors else 200,
    )


def _chosen(request: StaffRequest) -> list[Contact]:
    """The contacts that the address names, in its order; what is none of ours is left out."""
    ids = list(dict.fromkeys(_ids(_asked(request).getlist("contact"))))[:AT_ONCE]
    found = Contact.objects.visible(request.organization).standing().in_bulk(ids)
    return [found[one] for one in ids if one in found]


def _asked(request: StaffRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _ids(texts: Sequence[str]) -> Iterator[UUID]:
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue


def _kept(asked: str, chosen: Sequence[Contact], places: Places) -> Contact | None:
    """Who stays: whom the address names, else who is reached best and known at most customers."""
    named = next((one for one in chosen if str(one.id) == asked), None)
    return named or min(
        chosen,
        key=lambda one: (
            not one.email,
            one.bounced_at is not None,
            -len(places.get(one.id, [])),
            one.id,
        ),
        default=None,
    )


def _alike(q: str, chosen: Sequence[Contact]) -> list[Contact]:
    """Whom a search finds; without one, who has the address or the name of the first chosen."""
    wanted = [q] if q else [text for one in chosen[:1] for text in (one.email, one.name) if text]
    found: dict[UUID, Contact] = {}
    for text in wanted:
        page = queries.contacts_page(search.find_contacts(text), size=_OFFERED + AT_ONCE)
        found |= {one.id: one for one in page.rows}
    return list(found.values())
