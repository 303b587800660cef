"""A statement as the PDF that people download and mails bring along."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from paidup.customers.models import Customer
from paidup.documents.parties import Issuer, Recipient
from paidup.documents.statement import (
    Aging,
    StatementDocument,
    StatementGroup,
    StatementItem,
    render_statement,
)
from paidup.organizations.models import Organization

from .figures import Figures
from .states import StatementKind


def statement_pdf(
    customer: Customer, figures: Figures, *, at: datetime, payment_link: str = ""
) -> bytes:
    """The statement in its customer's language; read within the tenant's scope."""
    entity = customer.entity
    current, days_30, days_60, days_90, more = figures.buckets
    address = (*customer.billing_address.splitlines(), customer.billing_country)
    return render_statement(
        StatementDocument(
            issuer=Issuer(
                name=entity.name,
                country=entity.country,
                address=tuple(entity.address.splitlines()),
                tax_id=entity.tax_id,
                accent=Organization.objects.get(id=customer.organization_id).colour,
            ),
            customer=Recipient(
                name=customer.name,
                address=tuple(line for line in address if line),
                account_number=customer.number,
            ),
            from_on=figures.from_on,
            as_of=figures.to_on,
            currency=figures.currency,
            opening=figures.opening,
            groups=tuple(_groups(figures, customer.language)),
            aging=Aging(
                current=current,
                days_1_30=days_30,
                days_31_60=days_60,
                days_61_90=days_90,
                over_90=more,
                unapplied=figures.unapplied,
            ),
            disputed=figures.disputed,
            processing=figures.processing,
            total=figures.closing,
            created_at=at,
            payment_link=payment_link,
            language=customer.language,
        )
    )


def file_name(customer: Customer, figures: Figures) -> str:
    """What the file is called where it is saved."""
    return name_of(customer, figures.to_on)


def name_of(customer: Customer, to_on: date) -> str:
    """What the file of that day is called."""
    return f"statement-{customer.number}-{to_on.isoformat()}.pdf"


def _groups(figures: Figures, language: str) -> list[StatementGroup]:
    items = [
        StatementItem(
            number=item.label,
            issued_on=item.on,
            due_on=item.due_on,
            amount=item.amount,
            balance=item.balance,
            remark=item.remark,
        )
        for item in figures.items
    ]
    with override(language):
        if figures.kind is StatementKind.BALANCE_FORWARD:
            return [
                StatementGroup(title=_("Activity"), items=tuple(items), balance=figures.closing)
            ]
        owed = tuple(item for item in items if item.due_on)
        kept = tuple(item for item in items if not item.due_on)
        return [
            StatementGroup(title=title, items=some, balance=_sum(some))
            for title, some in ((_("Open invoices"), owed), (_("Not applied yet"), kept))
            if some
        ]


def _sum(items: tuple[StatementItem, ...]) -> Decimal:
    return sum((item.balance for item in items), Decimal(0))
