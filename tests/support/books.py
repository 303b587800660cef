"""A small set of books for a test: an organization of its own, with customers and invoices."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import connection

from paidup.customers import operations as customers
from paidup.customers.models import Contact, Customer
from paidup.history.actors import Actor, staff
from paidup.invoicing import operations as invoicing
from paidup.invoicing.models import Invoice
from paidup.invoicing.operations import Line
from paidup.lib.tenancy import tenant
from paidup.organizations.models import Entity, Member, Organization
from paidup.organizations.operations import add_organization
from paidup.payments import operations as payments
from paidup.payments.gateways.interface import Fact
from paidup.payments.gateways.sandbox.gateway import Sandbox
from paidup.payments.gateways.sandbox.methods import tokenize
from paidup.payments.mandates import Authority
from paidup.payments.models import Intent, PaymentMethod
from paidup.payments.operations import Order
from paidup.payments.states import Channel, PaymentKind, Purpose

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SANDBOX = Sandbox()


@dataclass
class Books:
    """An organization, and the verbs of a test about it. Each call opens the tenant's scope."""

    organization: Organization
    entity: Entity
    owner: Member
    at: datetime = AT
    by: Actor = field(init=False)

    def __post_init__(self) -> None:
        """The owner does everything."""
        self.by = staff(self.owner.id)

    @property
    def id(self) -> UUID:
        """The organization's id."""
        return self.organization.id

    @property
    def on(self) -> date:
        """The organization's day."""
        return self.organization.day(self.at)

    def customer(
        self, name: str = "Globex", *, email: str = "", parent: Customer | None = None
    ) -> Customer:
        """A customer, with a billing contact when an address is given."""
        with tenant(self.id):
            customer = customers.add_customer(
                entity=self.entity, name=name, parent=parent, by=self.by, at=self.at
            )
            if email:
                self.contact(customer, email)
        return customer

    def contact(self, customer: Customer, email: str) -> Contact:
        """A billing contact of the customer."""
        with tenant(self.id):
            return customers.add_contact(
                customer=customer,
                name=email.partition("@")[0].title(),
                email=email,
                by=self.by,
                at=self.at,
            )

    def invoice(
        self, customer: Customer, amount: str = "100.00", *, due_in: int = 30, currency: str = ""
    ) -> Invoice:
        """An invoice due in so many days (negative: overdue), on thirty days' terms."""
        due_on = self.on + timedelta(days=due_in)
        with tenant(self.id):
            return invoicing.issue_invoice(
                customer=customer,
                lines=[Line(description="Services", unit_price=Decimal(amount))],
                issued_on=due_on - timedelta(days=30),
                due_on=due_on,
                currency=currency,
                by=self.by,
                at=self.at,
            )

    def claim(self, customer: Customer, *invoices: Invoice, last4: str = "4242") -> Intent:
        """A charge of these invoices' open amounts, claimed as from a pay link."""
        token = tokenize(last4=last4, at=self.at).token
        with tenant(self.id):
            fresh = [Invoice.objects.get(id=invoice.id) for invoice in invoices]
            return payments.claim_charge(
                order=Order(
                    customer=customer,
                    amounts=[(invoice.id, invoice.open_amount) for invoice in fresh],
                    gateway="sandbox",
                    token=token,
                    method_kind=PaymentKind.CARD,
                    method_label=f"Card •••• {last4}",
                ),
                purpose=Purpose.PAY_LINK,
                by=self.by,
                at=self.at,
            )

    def claim_unattended(
        self, customer: Customer, *invoices: Invoice, last4: str = "4242"
    ) -> Intent:
        """A charge of these invoices' totals, claimed as by autopay, to a saved method."""
        method = self.method(customer, last4=last4)
        with tenant(self.id):
            [(_, intent)] = payments.claim_charges(
                orders=[
                    Order(
                        customer=customer,
                        amounts=[(invoice.id, invoice.total) for invoice in invoices],
                        gateway=method.gateway,
                        token=method.token,
                        method_kind=PaymentKind(method.kind),
                        method_label=str(method),
                        method=method,
                    )
                ],
                purpose=Purpose.AUTOPAY,
                by=self.by,
                at=self.at,
            )
        return intent

    def run(self, intent: Intent) -> Intent:
        """The gateway is asked to make the charge, and its answer recorded."""
        return payments.run_charge(organization_id=self.id, intent_id=intent.id, at=self.at)

    def facts(self, intent: Intent) -> list[Fact]:
        """All the gateway knows of a charge, as a webhook would tell it."""
        return SANDBOX.look_up(f"{self.id.hex}.{intent.id.hex}")

    def method(self, customer: Customer, *, last4: str = "4242") -> PaymentMethod:
        """A saved method with a mandate."""
        saved = SANDBOX.save(tokenize(last4=last4, at=self.at).token)
        with tenant(self.id):
            return payments.save_method(
                customer=customer,
                gateway_name="sandbox",
                method=saved,
                authority=Authority(
                    text="I authorize these charges.", channel=Channel.WEB, given_by="Ann Payer"
                ),
                by=self.by,
                at=self.at,
            )

    def again(self, invoice: Invoice) -> Invoice:
        """The invoice as it stands now."""
        with tenant(self.id):
            return Invoice.objects.get(id=invoice.id)


def found_books(*, at: datetime = AT, name: str = "Acme") -> Books:
    """A new organization, kept apart from all others by row security."""
    slug = f"acme-{uuid4().hex[:12]}"
    organization = add_organization(
        slug=slug, name=name, owner_email=f"owner@{slug}.example", at=at, password="correct horse"
    )
    with tenant(organization.id):
        return Books(
            organization=organization,
            entity=Entity.objects.get(),
            owner=Member.objects.get(),
            at=at,
        )


def jobs_of(organization_id: UUID, task: str) -> list[dict[str, str]]:
    """The arguments of the jobs of this name that wait for this organization."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT args FROM procrastinate_jobs
            WHERE task_name = %s AND args ->> 'organization_id' = %s AND status = 'todo'
            ORDER BY id
            """,
            [task, str(organization_id)],
        )
        return [json.loads(row) for (row,) in cursor.fetchall()]
