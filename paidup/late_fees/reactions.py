"""What late fees do when others act."""

from paidup.history.operations import react

from .jobs import note_payment

react("payment.received", note_payment)
