"""Fields of an organization's own, and what the tables of their values are like."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext_lazy as _

from paidup.lib.schema import TenantForeignKey
from paidup.organizations.states import FieldKind, FieldSubject

from .tenants import Member, TenantModel, TenantQuerySet

LONGEST_LABEL = 60
LONGEST_TEXT = 200


class CustomField(TenantModel):
    """What an organization wants to know besides. Its subject and kind never change."""

    of = models.CharField(max_length=10, choices=FieldSubject)
    kind = models.CharField(_("kind"), max_length=10, choices=FieldKind)
    label = models.CharField(_("label"), max_length=LONGEST_LABEL)
    choices = ArrayField(models.CharField(max_length=LONGEST_TEXT), default=list, blank=True)
    position = models.PositiveSmallIntegerField()
    objects = TenantQuerySet["CustomField"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("organization", "of", Lower("label"), name="field_label"),
            models.CheckConstraint(
                name="field_choices",
                condition=models.Q(kind=FieldKind.CHOICE) ^ models.Q(choices=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class FieldValue(TenantModel):
    """A value of a field: in `text`, `number` or `day`, by the field's kind; none is no row.

    A room keeps the values of its own subject: `of` says of what, and the column is called so.
    """

    of: ClassVar[FieldSubject]

    field = TenantForeignKey(CustomField)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    day = models.DateField(null=True)

    # The database derives these, by which is searched: row security lets an index compare whole
    # numbers, but not numerics, whose comparison could tell of rows that are hidden.
    folded = models.GeneratedField(
        expression=Lower("text"), output_field=models.TextField(), db_persist=True
    )
    units = models.GeneratedField(
        expression=Cast(models.F("number") * 10000, models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.value)

    @property
    def value(self) -> str | Decimal | date:
        """Whichever of the three it is."""
        return next((one for one in (self.number, self.day) if one is not None), self.text)


def value_constraints(of: FieldSubject) -> list[models.BaseConstraint]:
    """One value of a field for each subject, and of one type."""
    text, number, day = (
        ~models.Q(text=""),
        models.Q(number__isnull=False),
        models.Q(day__isnull=False),
    )
    return [
        models.UniqueConstraint(
            fields=["organization", of.value, "field"], name=f"{of.value}_value_once"
        ),
        models.CheckConstraint(
            name=f"{of.value}_value_of_one_type",
            condition=(text & ~number & ~day) | (~text & number & ~day) | (~text & ~number & day),
        ),
    ]


def value_indexes(of: FieldSubject) -> list[models.Index]:
    """One for each column by which is filtered; each names the subjects without a look at rows."""
    return [
        models.Index(
            fields=["organization", "field", column, of.value],
            condition=condition,
            name=f"{of.value}s_by_{column}",
        )
        for column, condition in (
            ("folded", models.Q(folded__gt="")),
            ("units", models.Q(units__isnull=False)),
            ("day", models.Q(day__isnull=False)),
        )
    ]


class MemberValue(FieldValue):
    """What a member's custom field holds."""

    of = FieldSubject.MEMBER
    member = TenantForeignKey(Member)
    objects = TenantQuerySet["MemberValue"].as_manager()

    class Meta:
        constraints = value_constraints(FieldSubject.MEMBER)
        indexes = value_indexes(FieldSubject.MEMBER)
