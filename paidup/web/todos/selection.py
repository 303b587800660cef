"""Which to-dos the queue shows, and where acting on one leads back to."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from paidup.communications.delivery.record import APPROVAL, FAILED, UNKNOWN
from paidup.communications.models import Message
from paidup.correspondence.gate import SETTLED
from paidup.payments.models import Proposal
from paidup.payments.operations.proposals import APPROVAL as PROPOSED
from paidup.todos.models import Todo, TodoQuerySet
from paidup.web.access import StaffRequest

QUEUES: dict[str, str | Promise] = {
    "mine": _("Mine"),
    "everyone": _("Everyone's"),
    "snoozed": _("Snoozed"),
    "done": _("Done"),
}
ABOUT_MESSAGES = (APPROVAL, FAILED, UNKNOWN, SETTLED)


@dataclass(frozen=True)
class Selection:
    """What was asked for."""

    queue: str
    q: str

    @classmethod
    def asked(cls, request: StaffRequest) -> "Selection":
        """What the address says; anything unknown counts as one's own queue."""
        queue = request.GET.get("queue", "")
        return cls(queue if queue in QUEUES else "mine", request.GET.get("q", "").strip()[:100])

    def rows(self, request: StaffRequest) -> TodoQuerySet:
        """The to-dos, the most urgent first; of those done the latest."""
        rows = self._queue(request, request.on)
        if self.q:
            rows = rows.filter(Q(title__icontains=self.q) | Q(customer__name__icontains=self.q))
        if self.queue == "done":
            return rows.order_by("-done_at", "-id")
        return rows.most_urgent_first()

    def to_approve(self, request: StaffRequest) -> list[UUID]:
        """The messages among them that wait for approval."""
        if self.queue not in {"mine", "everyone"}:
            return []
        rows = self.rows(request).filter(kind=APPROVAL, subject_id__isnull=False)
        waiting = [found for found in rows.values_list("subject_id", flat=True) if found]
        if not request.member.role.limited:
            return waiting
        # A message to somebody of several customers may have a section of one that isn't seen.
        seen = Message.objects.visible(request.organization).filter(id__in=waiting)
        return list(seen.values_list("id", flat=True))

    def _queue(self, request: StaffRequest, on: date) -> TodoQuerySet:
        everyones = Todo.objects.visible(request.organization)
        mine = everyones.of_member(request.member.id)
        match self.queue:
            case "everyone":
                return everyones.awake(on)
            case "snoozed":
                return mine.asleep(on)
            case "done":
                return mine.exclude(done_at=None)
        return mine.awake(on)


def find(request: StaffRequest, todo_id: UUID) -> Todo:
    """This organization's to-do of that id, or 404."""
    rows = Todo.objects.visible(request.organization).select_related("customer", "assignee")
    return get_object_or_404(rows, id=todo_id)


def message_of(todo: Todo) -> Message | None:
    """The message that a to-do is about."""
    if todo.kind not in ABOUT_MESSAGES or todo.subject_id is None:
        return None
    rows = Message.objects.visible(todo.organization_id).select_related("contact")
    return rows.filter(id=todo.subject_id).first()


def proposal_of(todo: Todo) -> Proposal | None:
    """The credit or refund that a to-do asks to decide."""
    if todo.kind != PROPOSED or todo.subject_id is None:
        return None
    rows = Proposal.objects.visible(todo.organization_id).select_related("asked_by")
    return rows.filter(id=todo.subject_id).first()


def here(request: StaffRequest) -> str:
    """The list from which a to-do was opened."""
    url = (request.htmx.current_url_abs_path if request.htmx else "") or ""
    return url if url.partition("?")[0] == _list(request) else _list(request)


def back(request: StaffRequest) -> HttpResponse:
    """To the list, as it stood."""
    url = request.POST.get("next", "") or here(request)
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return redirect(url if ours and url.partition("?")[0] == _list(request) else _list(request))


def _list(request: StaffRequest) -> str:
    return reverse("todos", args=[request.organization.slug])
