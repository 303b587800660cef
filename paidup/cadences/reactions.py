"""What cadences do when an organization is founded, or when less is to be reminded of."""

from paidup.history.operations import react

from .jobs import establish, follow_mode, settle

react("organization.founded", establish)
react("organization.sending_mode_set", follow_mode)
for event in (
    "payment.received",
    "allocation.made",
    "credit.granted",
    "charge.authorized",
    "dispute.opened",
    "promise.made",
    "invoice.held",
):
    react(event, settle)
