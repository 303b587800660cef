"""What follows when an organization is founded, and when somebody is invited to it."""

from paidup.history.operations import react

from .jobs import establish, write_invitation

react("organization.founded", establish)
react("member.invited", write_invitation)
react("member.invited_again", write_invitation)
