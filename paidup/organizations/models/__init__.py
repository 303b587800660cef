"""The tenant, its people, and the fields of its own that it keeps."""

from .fields import CustomField, FieldValue, MemberValue, value_constraints, value_indexes
from .invitations import LONGEST_MEMBER_NAME, Invitation
from .sessions import Session, SessionStore
from .templates import InvoiceTemplate
from .tenants import (
    DirectoryEntry,
    DirectoryKind,
    Entity,
    Member,
    NumberSeries,
    Organization,
    Role,
    SavedView,
    TenantModel,
    TenantQuerySet,
    User,
    UserManager,
)

__all__ = [
    "LONGEST_MEMBER_NAME",
    "CustomField",
    "DirectoryEntry",
    "DirectoryKind",
    "Entity",
    "FieldValue",
    "Invitation",
    "InvoiceTemplate",
    "Member",
    "MemberValue",
    "NumberSeries",
    "Organization",
    "Role",
    "SavedView",
    "Session",
    "SessionStore",
    "TenantModel",
    "TenantQuerySet",
    "User",
    "UserManager",
    "value_constraints",
    "value_indexes",
]
