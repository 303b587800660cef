"""What is to be done when a customer shares something in the portal."""

from paidup.history.operations import react

from .jobs import ask_to_look

react("attachment.received", ask_to_look)
