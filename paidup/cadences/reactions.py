"""What cadences do when an organization is founded, or when less is to be reminded of."""

from paidup.history.operations import react

from .jobs import establish, settle

react("organization.founded", establish)
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
