"""Lists as members like to look at them, kept under names."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from paidup.history import operations as history
from paidup.history.actors import Actor

from .models import Member, SavedView


class ViewRefused(Exception):
    """The view can't be kept so; the message says what to change."""


def views_for(member: Member, *, of: str) -> QuerySet[SavedView]:
    """The member's views of a list and those that colleagues share, by name."""
    rows = SavedView.objects.of(member.organization_id).filter(of=of)
    mine = rows.filter(Q(member=member) | Q(shared=True))
    return mine.select_related("member").order_by("name", "id")


def save_view(
    *, member: Member, of: str, name: str, query: str, shared: bool, by: Actor, at: datetime
) -> SavedView:
    """Keeps how the member looks at a list; a view of the member's by that name is replaced.

    Raises ViewRefused without a name.
    """
    name = name.strip()
    if not name:
        raise ViewRefused(_("Give the view a name."))
    view, _is_new = SavedView.objects.update_or_create(
        organization_id=member.organization_id,
        member=member,
        of=of,
        name=name,
        defaults={"query": query, "shared": shared},
    )
    history.record(
        "member.view_saved",
        by=by,
        at=at,
        subject_id=member.id,
        data={"list": of, "view": str(view.id), "shared": shared},
    )
    return view


def remove_view(*, view: SavedView, by: Actor, at: datetime) -> None:
    """Forgets a view; the list itself stays as it is."""
    data = {"list": view.of, "view": str(view.id)}
    view.delete()
    history.record("member.view_removed", by=by, at=at, subject_id=view.member_id, data=data)
