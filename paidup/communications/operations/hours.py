"""The hours in which automatic messages leave."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from paidup.communications.models import DeliveryWindow
from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.lib import tenancy


class WindowRefused(Exception):
    """The hours can't be set so; the message says what to change."""


@transaction.atomic
def set_delivery_window(
    *, days: Collection[int], from_hour: int, to_hour: int, by: Actor, at: datetime
) -> DeliveryWindow:
    """Lets automatic messages leave on these days (Monday is 0), from one hour to the other.

    In the To hour sending still starts. Raises WindowRefused when nothing could ever leave.
    """
    if not set(days) or not set(days) <= set(range(7)):
        raise WindowRefused(_("Choose at least one day of the week."))
    if not 0 <= from_hour <= to_hour <= 23:
        raise WindowRefused(_("The To hour must not lie before the From hour."))
    window, _made = DeliveryWindow.objects.update_or_create(
        organization_id=tenancy.current(),
        defaults={"days": sorted(set(days)), "from_hour": from_hour, "to_hour": to_hour},
    )
    history.record(
        "delivery_window.set",
        by=by,
        at=at,
        subject_id=window.id,
        data={"days": window.days, "from_hour": from_hour, "to_hour": to_hour},
    )
    return window
