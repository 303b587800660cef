"""The organization's rules about late fees: adding, changing, switching, removing one."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from paidup.history import operations as history
from paidup.history.actors import Actor
from paidup.late_fees.models import Rule
from paidup.late_fees.states import Kind
from paidup.lib import money, tenancy

MOST_RATE = Decimal(100)
MOST_DAYS = 366


class RuleRefused(Exception):
    """The rule can't be so; the message says what to change."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a rule says; `rate` in percent, amounts in its currency, none for all other ones."""

    kind: Kind
    currency: str
    grace_days: int
    starts_on: date
    amount: Decimal | None = None
    rate: Decimal | None = None
    every_days: int | None = None
    most: Decimal | None = None


@transaction.atomic
def add_rule(*, terms: Terms, by: Actor, at: datetime) -> Rule:
    """Adds a rule, switched off. Raises RuleRefused where another one has its currency, or for
    terms that say too little or too much; BadAmount for an amount that its currency can't have."""
    rule = Rule(organization_id=tenancy.current(), **asdict(_sound(terms)))
    _save(rule)
    _record("late_fees.rule_added", rule, _told(terms), by=by, at=at)
    return rule


@transaction.atomic
def edit_rule(*, rule: Rule, terms: Terms, by: Actor, at: datetime) -> None:
    """Changes a rule from now on; what was charged stays. Raises what `add_rule` raises."""
    rule = _locked(rule)
    before = {name: getattr(rule, name) for name in asdict(terms)}
    changes = {
        name: [_plain(before[name]), _plain(after)]
        for name, after in asdict(_sound(terms)).items()
        if before[name] != after
    }
    if not changes:
        return
    for name, after in asdict(_sound(terms)).items():
        setattr(rule, name, after)
    _save(rule)
    _record("late_fees.rule_edited", rule, {"changes": changes}, by=by, at=at)


@transaction.atomic
def switch_rule(*, rule: Rule, on: bool, by: Actor, at: datetime) -> None:
    """Has fees charged by the rule from now on, or not. Raises RuleRefused for a removed one."""
    rule = _locked(rule)
    if rule.switched_on == on:
        return
    rule.switched_on = on
    rule.save(update_fields=["switched_on"])
    _record(
        "late_fees.rule_switched_on" if on else "late_fees.rule_switched_off",
        rule,
        {},
        by=by,
        at=at,
    )


@transaction.atomic
def remove_rule(*, rule: Rule, by: Actor, at: datetime) -> None:
    """Removes a rule; what was charged by it stays. Raises RuleRefused for a removed one."""
    rule = _locked(rule)
    rule.switched_on, rule.removed = False, True
    rule.save(update_fields=["switched_on", "removed"])
    _record("late_fees.rule_removed", rule, {}, by=by, at=at)


def _sound(terms: Terms) -> Terms:
    """The terms, when they are sound."""
    if terms.kind is Kind.FLAT:
        if terms.amount is None or not terms.currency:
            raise RuleRefused(_("A flat fee needs an amount and the currency of its invoices."))
        money.positive(terms.amount, terms.currency)
    elif terms.rate is None or not 0 < terms.rate <= MOST_RATE:
        raise RuleRefused(_("Say how many percent, above 0 and at most 100."))
    if terms.kind is Kind.PER_ANNUM and not terms.every_days:
        raise RuleRefused(_("Say every how many days interest is charged."))
    if terms.every_days is not None and not 1 <= terms.every_days <= MOST_DAYS:
        raise RuleRefused(_("Say every how many days, from 1 to 366; or leave it empty for once."))
    if not 0 <= terms.grace_days <= MOST_DAYS:
        raise RuleRefused(_("Grace days are from 0 to 366."))
    if terms.most is not None:
        if not terms.currency:
            raise RuleRefused(_("A most in money needs the currency of its invoices."))
        money.positive(terms.most, terms.currency)
    return terms


def _save(rule: Rule) -> None:
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise RuleRefused(
            _("There is a rule for this currency already; change that one.")
            if rule.currency
            else _("There is a rule for all other currencies already; change that one.")
        ) from None


def _locked(rule: Rule) -> Rule:
    rows = Rule.objects.of(tenancy.current()).standing().select_for_update()
    found = rows.filter(id=rule.id).first()
    if found is None:
        raise RuleRefused(_("This rule was removed meanwhile."))
    return found


def _record(kind: str, rule: Rule, data: dict[str, Any], *, by: Actor, at: datetime) -> None:
    data = {"currency": rule.currency, "kind": rule.kind, **data}
    history.record(kind, by=by, at=at, subject_id=rule.id, data=data)


def _told(terms: Terms) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(terms).items()}


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int) else str(value)
