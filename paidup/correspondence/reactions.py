"""What follows when an organization is founded."""

from paidup.history.operations import react

from .jobs import establish

react("organization.founded", establish)
