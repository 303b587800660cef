"""Invitations of people who are to become members."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from paidup.lib.schema import TenantForeignKey

from .tenants import Member, Role, TenantModel, TenantQuerySet

LONGEST_MEMBER_NAME = 120


class Invitation(TenantModel):
    """One that waits to be accepted: it is deleted once it was accepted, revoked, or replaced by a
    later one. Nothing in it opens anything; its mail has a signature over its id."""

    email = models.EmailField(_("e-mail"))  # in small letters, as a user's
    name = models.CharField(_("name"), max_length=LONGEST_MEMBER_NAME)
    role = TenantForeignKey(Role)
    invited_by = TenantForeignKey(Member)
    invited_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("good until"))
    objects = TenantQuerySet["Invitation"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organization", Lower("email"), name="one_open_invitation_per_address"
            ),
            models.CheckConstraint(
                name="invitation_ends", condition=models.Q(expires_at__gt=models.F("invited_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "role"], name="invitations_by_role"),
            models.Index(fields=["organization", "invited_by"], name="invitations_by_member"),
        ]

    def __str__(self) -> str:
        return self.email
