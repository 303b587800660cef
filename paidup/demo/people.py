"""Who works for the demo organization, and how some of them sign in."""

from datetime import datetime

from paidup.organizations.models import User
from paidup.organizations.states import ReadyRole

DOMAIN = "demo.example"
OWNER, SPECIALIST, VIEWER = f"owner@{DOMAIN}", f"specialist@{DOMAIN}", f"viewer@{DOMAIN}"
MANAGER, SECOND_SPECIALIST = f"marcus.feld@{DOMAIN}", f"tom.sawicki@{DOMAIN}"
ADMIN = f"helen.okafor@{DOMAIN}"
SALES = (f"grace.lindqvist@{DOMAIN}", f"ben.castellanos@{DOMAIN}")
SIGN_INS = (OWNER, SPECIALIST, VIEWER, SECOND_SPECIALIST)
STAFF = (
    (SPECIALIST, "Priya Nair", ReadyRole.AR_SPECIALIST),
    (VIEWER, "Daniel Reyes", ReadyRole.VIEWER),
    (MANAGER, "Marcus Feld", ReadyRole.AR_MANAGER),
    (SECOND_SPECIALIST, "Tom Sawicki", ReadyRole.AR_SPECIALIST),
    (ADMIN, "Helen Okafor", ReadyRole.ADMIN),
    (SALES[0], "Grace Lindqvist", ReadyRole.VIEWER),
    (SALES[1], "Ben Castellanos", ReadyRole.VIEWER),
)
# Sees the customers only that are theirs.
LIMITED, LIMITED_ROLE = SECOND_SPECIALIST, "Own customers only"
# Who looks after customers, and how many of a hundred.
OWNERS = {OWNER: 20, SPECIALIST: 34, SECOND_SPECIALIST: 30, MANAGER: 16}


def known() -> bool:
    """Whether a demo was built before, so that its people have a password."""
    return User.objects.filter(email=OWNER).exists()


def add_users(*, password: str, at: datetime) -> None:
    """Adds those who are missing; four of them can sign in."""
    for email, name, _ in ((OWNER, "Olivia Hart", ReadyRole.OWNER), *STAFF):
        if not User.objects.filter(email=email).exists():
            User.objects.create_user(
                email, password if email in SIGN_INS else None, name=name, joined_at=at
            )


def set_password(password: str) -> None:
    """Gives those who sign in this password. One that they have already ends no session."""
    for user in User.objects.filter(email__in=SIGN_INS):
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
