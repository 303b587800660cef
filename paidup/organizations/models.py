"""The tenant and its people. `User` and `DirectoryEntry` are global: they lead to a tenant."""

from datetime import date, datetime
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from paidup.lib.ids import new_id
from paidup.lib.schema import TenantForeignKey

from .states import Role, SendingMode


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in as staff; what they may do stands in their memberships."""

    id = models.UUIDField(primary_key=True, default=new_id)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return self.name or self.email


class Organization(models.Model):
    """A business that bills: the tenant. Row security shows each tenant its own row only."""

    id = models.UUIDField(primary_key=True, default=new_id)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC")
    language = models.CharField(_("language"), max_length=10, default="en")
    colour = models.CharField(_("brand colour"), max_length=7, default="#0f5e59")
    sending_mode = models.CharField(
        _("automatic messages"),
        max_length=20,
        choices=SendingMode,
        default=SendingMode.APPROVE_FIRST,
    )
    # The one switch that stops every automatic message and charge.
    automation_stopped = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organization_colour", condition=models.Q(colour__regex=r"^#[0-9a-f]{6}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def day(self, at: datetime) -> date:
        """The day it is in the organization's time zone."""
        return at.astimezone(ZoneInfo(self.timezone)).date()


Row = TypeVar("Row", bound="TenantModel")


class TenantQuerySet(models.QuerySet[Row]):
    """The first lock: every read of a tenant's table says whose rows it wants."""

    def of(self, organization: "Organization | UUID") -> Self:
        return self.filter(
            organization_id=organization.id
            if isinstance(organization, Organization)
            else organization
        )


class TenantModel(models.Model):
    """A row that belongs to an organization."""

    id = models.UUIDField(primary_key=True, default=new_id)
    # The constraint is part of the composite keys that SecureTenantTable makes.
    organization = models.ForeignKey(
        Organization,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )

    class Meta:
        abstract = True


class Entity(TenantModel):
    """A legal entity of the organization: it issues invoices and holds the money owed."""

    name = models.CharField(_("name"), max_length=120)
    address = models.TextField(_("address"), blank=True)
    country = models.CharField(_("country"), max_length=2, default="US")
    tax_id = models.CharField(_("tax number"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    objects = TenantQuerySet["Entity"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="entity_name"),
        ]

    def __str__(self) -> str:
        return self.name


class NumberSeries(TenantModel):
    """The next number of a kind of document of an entity, without gaps."""

    entity = TenantForeignKey(Entity)
    kind = models.CharField(max_length=20)
    prefix = models.CharField(max_length=20, blank=True)
    next = models.PositiveIntegerField(default=1)
    objects = TenantQuerySet["NumberSeries"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "entity", "kind"], name="series_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.next}"


class Member(TenantModel):
    """A person's place in an organization: their role, and the name their colleagues know."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    active = models.BooleanField(default=True)
    default_owner = models.BooleanField(default=False)
    # By list, the columns the member wants to see there, in order.
    list_columns = models.JSONField(default=dict)
    objects = TenantQuerySet["Member"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="member_once"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(default_owner=True),
                name="one_default_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_edit(self) -> bool:
        return Role(self.role).may_edit

    @property
    def may_administer(self) -> bool:
        return Role(self.role).may_administer

    @property
    def may_delete(self) -> bool:
        return Role(self.role).may_delete


class SavedView(TenantModel):
    """A list as a member likes to look at it, under a name: its search, filters and sort."""

    member = TenantForeignKey(Member)
    of = models.CharField(max_length=20)  # the list
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(blank=True)  # as it stands in the list's address
    shared = models.BooleanField(_("share with colleagues"), default=False)
    objects = TenantQuerySet["SavedView"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "member", "of", "name"], name="saved_view_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DirectoryKind(models.TextChoices):
    HOST = "host"
    MEMBER = "member"
    PAY_LINK = "pay_link"


class DirectoryEntry(models.Model):
    """Leads from what a request brings to its organization, before any row may be read."""

    kind = models.CharField(max_length=12, choices=DirectoryKind)
    key = models.CharField(max_length=120)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "organization"], name="directory_entry"),
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=~models.Q(kind="member"),
                name="directory_leads_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
