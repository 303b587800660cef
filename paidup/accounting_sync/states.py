"""What lists there are, and what has become of one that was uploaded."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListKind(models.TextChoices):
    CUSTOMERS = "customers", _("Customers")
    CONTACTS = "contacts", _("Contacts")


class UploadState(models.TextChoices):
    UPLOADED = "uploaded"  # its columns wait to be assigned
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    IMPORTED = "imported"
