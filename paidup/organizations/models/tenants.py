"""The tenant and its people. `User` and `DirectoryEntry` are global: they lead to a tenant."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from paidup.lib.ids import new_id
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.states import (
    RESTS_ON,
    Level,
    LimitedAction,
    Module,
    PaymentKind,
    ReadyRole,
    SendingMode,
    every_kind,
)


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
    # What customers may pay with, as far as their own wishes and an invoice's template agree.
    payment_kinds = ArrayField(
        models.CharField(max_length=12, choices=PaymentKind), default=every_kind
    )
    # The one switch that stops every automatic message and charge.
    automation_stopped = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organization_colour", condition=models.Q(colour__regex=r"^#[0-9a-f]{6}$")
            ),
            models.CheckConstraint(
                name="organization_takes_something", condition=models.Q(payment_kinds__len__gt=0)
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


def _level() -> Any:
    return models.PositiveSmallIntegerField(choices=Level, default=Level.NONE)


class Role(TenantModel):
    """What its members may see and do. The ready ones are made with the organization and stay."""

    name = models.CharField(_("name"), max_length=60)
    ready = models.CharField(max_length=20, choices=ReadyRole, blank=True)  # empty for custom ones
    # Sees the customers only of which the member is an owner, in any of the owner fields.
    limited = models.BooleanField(default=False)
    # One per module, by its name.
    customers = _level()
    contacts = _level()
    invoices = _level()
    payments = _level()
    communications = _level()
    cadences = _level()
    todos = _level()
    reports = _level()
    account = _level()
    # What its members may grant without anybody's approval; none is no limit.
    credit_limit = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    refund_limit = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    limit_currency = models.CharField(max_length=3, blank=True)
    objects = TenantQuerySet["Role"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="role_name"),
            models.UniqueConstraint(
                fields=["organization", "ready"],
                condition=~models.Q(ready=""),
                name="one_ready_role",
            ),
            models.CheckConstraint(
                name="role_levels",
                condition=models.Q(*((f"{module}__lte", Level.EDIT) for module in Module)),
            ),
            models.CheckConstraint(
                name="owner_may_everything",
                condition=~models.Q(ready=ReadyRole.OWNER)
                | models.Q(*((str(module), Level.EDIT) for module in Module), limited=False),
            ),
            models.CheckConstraint(
                name="owner_has_no_limit",
                condition=~models.Q(ready=ReadyRole.OWNER)
                | models.Q(credit_limit=None, refund_limit=None),
            ),
            models.CheckConstraint(
                name="role_limits",
                condition=models.Q(credit_limit=None, refund_limit=None)
                | ~models.Q(limit_currency=""),
            ),
            models.CheckConstraint(
                name="role_limits_amounts",
                condition=(models.Q(credit_limit=None) | models.Q(credit_limit__gte=0))
                & (models.Q(refund_limit=None) | models.Q(refund_limit__gte=0)),
            ),
            *(
                models.CheckConstraint(
                    name=f"role_{module}_rests_on_{base}",
                    condition=models.Q((str(module), Level.NONE))
                    | models.Q((f"{base}__gte", Level.VIEW)),
                )
                for module, base in RESTS_ON.items()
            ),
        ]

    def __str__(self) -> str:
        return str(ReadyRole(self.ready).label) if self.ready else self.name

    @property
    def is_owner(self) -> bool:
        return self.ready == ReadyRole.OWNER

    @property
    def sees_whole(self) -> bool:
        """Whether nothing of any customer is kept from it."""
        return not self.limited and self.views >= {*RESTS_ON, Module.CUSTOMERS}

    def level(self, module: Module) -> Level:
        """How much it may do in the module."""
        return Level(getattr(self, module))

    @property
    def views(self) -> frozenset[str]:
        """The modules it may look at."""
        return frozenset(module for module in Module if self.level(module) >= Level.VIEW)

    @property
    def edits(self) -> frozenset[str]:
        """The modules in which it may change things."""
        return frozenset(module for module in Module if self.level(module) >= Level.EDIT)

    def limit(self, action: LimitedAction) -> Decimal | None:
        """Up to which amount it may grant this alone; None for any."""
        limit: Decimal | None = getattr(self, f"{action}_limit")
        return limit

    def exceeds(self, action: LimitedAction, amount: Decimal, currency: str) -> bool:
        """Whether the amount needs approval. One in another currency than the limits always does:
        without a rate the two can't be compared."""
        limit = self.limit(action)
        return limit is not None and (currency != self.limit_currency or amount > limit)

    def within(self, other: "Role") -> bool:
        """Whether it allows nothing that the other doesn't. Only an owner is above an owner."""
        return (
            (other.is_owner or not self.is_owner)
            and (self.limited or not other.limited)
            and all(self.level(module) <= other.level(module) for module in Module)
            and not any(self._grants_more(other, action) for action in LimitedAction)
        )

    def _grants_more(self, other: "Role", action: LimitedAction) -> bool:
        mine = self.limit(action)
        if mine is None:
            return other.limit(action) is not None
        return other.exceeds(action, mine, self.limit_currency)


class Member(TenantModel):
    """A person's place in an organization: their role, and the name their colleagues know."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    role = TenantForeignKey(Role)
    active = models.BooleanField(default=True)
    default_owner = models.BooleanField(default=False)
    # By list, the columns the member wants to see there, in order.
    list_columns = models.JSONField(default=dict)
    # By list, the order in which it begins for the member: `overdue`, `-overdue`.
    list_sorts = models.JSONField(default=dict, db_default={})
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
        indexes = [models.Index(fields=["organization", "role"], name="members_by_role")]

    def __str__(self) -> str:
        return self.name

    @property
    def limit(self) -> UUID | None:
        """For `limit_to`: the member, where the role's data access is limited."""
        return self.id if self.role.limited else None

    def may(self, module: Module, level: Level, *, whole: bool = False) -> bool:
        """Whether the member's role allows so much in the module; with `whole` also to see all
        there is of all customers."""
        role: Role = self.role
        return role.level(module) >= level and (not whole or role.sees_whole)


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
    METHOD_LINK = "method_link"
    INVITATION = "invitation"


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
