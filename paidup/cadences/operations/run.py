"""The day's run: makes the reminders of a day, however often it is run."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.db import transaction

from paidup.cadences.following.taking_back import take_back, take_turns
from paidup.cadences.planning import judge
from paidup.cadences.planning.plans import groups, scope_of
from paidup.communications.queries import delivery_hours
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.organizations.models import Organization

from .enrol import enter, keep_pace
from .establish import establish_default
from .make import make
from .pending import leave_to_people
from .settle import withdraw


@dataclass(frozen=True)
class Run:
    """What a run did."""

    messages: int  # made, to be sent or approved
    reminders: int  # invoices of which they remind
    pending: int  # invoices left to a person, as they were not reminded of in time
    withdrawn: int  # messages of which nothing is left


@transaction.atomic
def run_day(*, organization: Organization, on: date, by: Actor, at: datetime) -> Run:
    """Makes the reminders of a day, and keeps each invoice's place in its cadence.

    A second run of the day, also one at the same time, adds only what has come up since.
    """
    cadence = establish_default(organization=organization, by=by, at=at)
    take_turns(organization)
    withdrawn = take_back(on=on, by=by, at=at)
    scope = replace(scope_of(delivery_hours(organization), on), entered=True)
    enter(scope)
    with judge.tables(scope):
        keep_pace(scope)
        withdrawn += withdraw(judge.look, scope, by=by, at=at)
        made = make(groups(scope), organization=organization, on=on, by=by, at=at)
        pending = leave_to_people(scope, by=by, at=at)
    run = Run(made.messages, made.reminders, pending, withdrawn)
    if any(asdict(run).values()):
        history.record(
            "cadence.ran",
            by=by,
            at=at,
            subject_id=cadence.id,
            data={"on": on.isoformat(), **asdict(run)},
        )
    return run
