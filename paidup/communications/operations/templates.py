"""Templates of messages."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paidup.communications import variables
from paidup.communications.models import MessageTemplate
from paidup.communications.states import Purpose
from paidup.communications.variables import TemplateRefused
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import tenancy


@transaction.atomic
def save_template(
    *,
    name: str,
    purpose: Purpose,
    subject: str,
    body: str,
    by: Actor,
    at: datetime,
    template: MessageTemplate | None = None,
) -> MessageTemplate:
    """Adds a template, or changes the given one.

    Raises TemplateRefused for an empty part, a name in use, or a variable that isn't known.
    """
    name, subject, body = " ".join(name.split()), " ".join(subject.split()), body.strip()
    if not (name and subject and body):
        raise TemplateRefused(_("A template needs a name, a subject and a text."))
    variables.check(subject=subject, body=body, purpose=purpose)
    saved = template or MessageTemplate(organization_id=tenancy.current())
    saved.name, saved.purpose, saved.subject, saved.body = name, purpose, subject, body
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        raise TemplateRefused(
            _("There is a template “%s” already; choose another name.") % name
        ) from None
    history.record(
        "template.changed" if template else "template.added",
        by=by,
        at=at,
        subject_id=saved.id,
        data={"name": name, "purpose": purpose},
    )
    return saved


@transaction.atomic
def remove_template(*, template: MessageTemplate, by: Actor, at: datetime) -> None:
    """Removes a template; what was sent with it stays. Raises TemplateRefused for one in use."""
    removed = template.id
    try:
        with transaction.atomic():
            template.delete()
    except IntegrityError:
        raise TemplateRefused(
            _("“%s” is used by a cadence; choose another template there first.") % template.name
        ) from None
    history.record(
        "template.removed",
        by=by,
        at=at,
        subject_id=removed,
        data={"name": template.name, "purpose": template.purpose},
    )
