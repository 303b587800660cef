"""The people at customers."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from paidup.customers.states import ContactRole, PortalAccess
from paidup.customers.visibility import (
    VisibleQuerySet,
    seen_customers,
)
from paidup.lib import tenancy
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import TenantModel

from .accounts import Customer


class ContactQuerySet(VisibleQuerySet["Contact"]):
    def seen(self) -> Self:
        """Those with a place at a customer that is seen. Who has none anywhere is seen by those
        only who see all."""
        seen = seen_customers()
        if seen is None:
            return self
        places = ContactLink.objects.of(tenancy.current()).filter(customer__in=seen)
        return self.filter(id__in=places.values("contact_id"))

    def standing(self) -> Self:
        """Those that were not merged into another."""
        return self.filter(merged_into=None)

    def locked(self) -> Self:
        """The rows locked, in id order, so that two who lock several never wait for each other."""
        return self.order_by("id").select_for_update(no_key=True)


class Contact(TenantModel):
    """A person to whom invoices and reminders go, for one customer or several.

    One that was merged into another stays, without customers, for what was said to it and by it;
    `merged_into` never leads to one that was itself merged.
    """

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("phone number"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    timezone = models.CharField(_("time zone"), max_length=60, blank=True)
    reminders_refused_at = models.DateTimeField(null=True)  # unsubscribed from reminders
    bounced_at = models.DateTimeField(null=True)
    merged_into = TenantForeignKey("self", null=True)
    created_at = models.DateTimeField()
    # Folded: the name, and all by which the person is found through `search_contacts`.
    sort_name = models.TextField(db_collation="C", default="", editable=False)
    words = models.TextField(default="", editable=False)
    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_not_into_itself", condition=~models.Q(merged_into=models.F("id"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "sort_name", "id"],
                condition=models.Q(merged_into=None),
                name="standing_contacts",
            ),
            models.Index(
                fields=["organization", "merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="merged_contacts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ContactLink(TenantModel):
    """A contact's place at a customer: the role, and which messages it receives."""

    customer = TenantForeignKey(Customer)
    contact = TenantForeignKey(Contact)
    role = models.CharField(max_length=12, choices=ContactRole, default=ContactRole.BILLING)
    portal = models.CharField(
        max_length=8,
        choices=PortalAccess,
        default=PortalAccess.UNSET,
        db_default=PortalAccess.UNSET,  # loads of many rows don't name it
    )
    gets_invoices = models.BooleanField(_("invoices"), default=True)
    gets_reminders = models.BooleanField(_("reminders"), default=True)
    gets_statements = models.BooleanField(_("statements"), default=True)
    gets_receipts = models.BooleanField(_("receipts"), default=True)
    objects = VisibleQuerySet["ContactLink"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "customer", "contact"], name="contact_once"
            ),
        ]
        indexes = [models.Index(fields=["organization", "contact"], name="links_of_contact")]

    def __str__(self) -> str:
        return f"{self.contact_id} at {self.customer_id}"
