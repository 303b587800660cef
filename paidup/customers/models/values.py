"""What an organization's own fields hold of its customers."""

from paidup.customers.visibility import VisibleQuerySet
from paidup.lib.schema import TenantForeignKey
from paidup.organizations.models import FieldValue, value_constraints, value_indexes
from paidup.organizations.states import FieldSubject

from .accounts import Customer


class CustomerValue(FieldValue):
    """What a customer's custom field holds."""

    of = FieldSubject.CUSTOMER
    customer = TenantForeignKey(Customer)
    objects = VisibleQuerySet["CustomerValue"].as_manager()

    class Meta:
        constraints = value_constraints(FieldSubject.CUSTOMER)
        indexes = value_indexes(FieldSubject.CUSTOMER)
