"""Accounts and transfers. A transfer balances by construction; nothing here is changed later."""

from django.db import models

from paidup.customers.models import Customer
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import Entity, TenantModel, TenantQuerySet

from .states import OF_CUSTOMER, AccountKind


class Account(TenantModel):
    """One account of one entity in one currency, of a customer or the entity's own."""

    entity = TenantForeignKey(Entity)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=20, choices=AccountKind)
    customer = TenantForeignKey(Customer, null=True)
    # The customer whose account it was, merged or deleted since: it keeps its transfers and gets
    # no more of them. A deleted customer's is nobody's.
    merged_from = models.UUIDField(null=True)
    objects = TenantQuerySet["Account"].as_manager()

    class Meta:
        constraints = [
            # The customer before entity and currency: beginning with these three, it would look to
            # the planner as good for finding an account by its key as the key's own index.
            models.UniqueConstraint(
                fields=["organization", "customer", "entity", "currency", "kind", "merged_from"],
                name="account_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="account_of_customer",
                condition=models.Q(kind__in=sorted(OF_CUSTOMER), customer__isnull=False)
                | models.Q(kind__in=sorted(OF_CUSTOMER), merged_from__isnull=False)
                | (~models.Q(kind__in=sorted(OF_CUSTOMER)) & models.Q(customer__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency}"


class Transfer(TenantModel):
    """An amount moved from the credit account to the debit account, once and for ever."""

    # Both accounts are of this entity and currency: composite keys of the migration's SQL, which
    # keep entity and organization true too. A key for each would cost every load a twentieth.
    entity = models.ForeignKey(
        Entity, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    currency = models.CharField(max_length=3)
    debit = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    credit = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    invoice_id = models.UUIDField(null=True)  # set exactly when a receivable account is touched
    cause_id = models.UUIDField()  # the invoice, payment, credit, allocation or refund behind it
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    objects = TenantQuerySet["Transfer"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="transfer_amount", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(
                name="transfer_two_accounts", condition=~models.Q(debit=models.F("credit"))
            ),
        ]
        indexes = [models.Index(fields=["organization", "invoice_id"], name="transfers_of_invoice")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
