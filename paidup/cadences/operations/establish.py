"""The cadence that every organization has."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from paidup.cadences import defaults
from paidup.cadences.models import Cadence, Step
from paidup.communications.operations import save_template
from paidup.communications.states import Purpose
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.organizations.models import Organization


@transaction.atomic
def establish_default(*, organization: Organization, by: Actor, at: datetime) -> Cadence:
    """The organization's default cadence; made with its steps and templates when there is none."""
    standing = Cadence.objects.of(organization).filter(default=True)
    if cadence := standing.first():
        return cadence
    # Two who find none take turns, and the second finds the first one's.
    Organization.objects.select_for_update(no_key=True).get(id=organization.id)
    if cadence := standing.all().first():
        return cadence
    with override(organization.language):
        cadence = Cadence.objects.create(
            organization=organization, name=_("Standard"), default=True, created_at=at
        )
        for step in defaults.steps():
            template = save_template(
                name=step.name,
                purpose=Purpose.REMINDER,
                subject=step.subject,
                body=step.body,
                by=by,
                at=at,
            )
            Step.objects.create(
                organization=organization,
                cadence=cadence,
                days=step.days,
                template=template,
            )
    history.record(
        "cadence.added", by=by, at=at, subject_id=cadence.id, data={"name": cadence.name}
    )
    return cadence
