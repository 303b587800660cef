"""What may be paid with: what the organization takes, and a customer and an invoice's template let
through."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from paidup.lib import tenancy

from .models import InvoiceTemplate, Organization
from .states import OFFERED, PaymentKind


@dataclass(frozen=True)
class PaymentRules:
    """An organization's own part of them, read once for any number of customers."""

    taken: Sequence[str]
    templates: Mapping[UUID, Sequence[str]]  # what each lets through, those removed too
    default_template_id: UUID

    def offered(
        self, own: Sequence[str], template_ids: Iterable[UUID | None]
    ) -> tuple[PaymentKind, ...]:
        """What one whose `own` kinds are these (none: all) may pay invoices of these templates
        with; of None it is the default one's."""
        allowed = [self.templates[one or self.default_template_id] for one in template_ids]
        allowed += [self.taken, own or OFFERED]
        return tuple(kind for kind in OFFERED if all(kind in kinds for kinds in allowed))


def payment_rules() -> PaymentRules:
    """Those of the organization whose scope it is."""
    organization = Organization.objects.get(id=tenancy.current())
    templates = list(InvoiceTemplate.objects.of(organization))
    return PaymentRules(
        taken=organization.payment_kinds,
        templates={template.id: template.payment_kinds for template in templates},
        default_template_id=next(template.id for template in templates if template.default),
    )


def in_words(kinds: Iterable[str]) -> str:
    """The kinds as people call them."""
    return ", ".join(str(PaymentKind(kind).label) for kind in kinds)
