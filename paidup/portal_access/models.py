"""Logins of contacts, the tickets by which one comes to be, and sessions."""

from typing import Self, TypeVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.customers.models import Contact
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Organization, TenantModel, TenantQuerySet

from .states import TicketPurpose

Row = TypeVar("Row", bound=TenantModel)


class OfContactQuerySet(TenantQuerySet[Row]):
    """Rows that belong to a contact, which `contact` leads to."""

    def visible(self, organization: Organization | UUID) -> Self:
        """Those of contacts whom whoever looks sees."""
        people = Contact.objects.visible(organization)
        return self.of(organization).filter(contact__in=people.values("id"))


class Login(TenantModel):
    """A contact's own way in. A person of two organizations has two, which know nothing of each
    other."""

    contact = TenantForeignKey(Contact)
    address = models.EmailField(_("e-mail"))  # in small letters; one signs in with it
    # The contact's own address as it was: another one there is perhaps another person.
    granted_to = models.EmailField()
    password = models.CharField(max_length=128)
    accepted_at = models.DateTimeField(_("accepted"))
    signed_in_at = models.DateTimeField(null=True)
    objects = OfContactQuerySet["Login"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "contact"], name="one_portal_login"),
            models.UniqueConstraint(
                fields=["organization", "address"], name="one_portal_login_per_address"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Ticket(TenantModel):
    """What a mail lets its reader do once. Only a digest of what is in the mail stands here, and
    none before the mail leaves."""

    contact = TenantForeignKey(Contact)
    purpose = models.CharField(max_length=12, choices=TicketPurpose)
    digest = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(_("asked for"))
    expires_at = models.DateTimeField(_("good until"))
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    objects = OfContactQuerySet["Ticket"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "contact", "purpose"],
                condition=models.Q(used_at=None, revoked_at=None),
                name="one_open_portal_ticket",
            ),
            models.UniqueConstraint(
                fields=["organization", "digest"],
                condition=~models.Q(digest=""),
                name="portal_ticket_digest",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "contact", "asked_at"], name="tickets_of_contact"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PortalSession(TenantModel):
    """A browser in which somebody is signed in; ended by deleting the row."""

    login = TenantForeignKey(Login)
    digest = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    objects = TenantQuerySet["PortalSession"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "digest"], name="portal_session_digest"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "login"], name="sessions_of_login"),
        ]

    def __str__(self) -> str:
        return str(self.id)
