"""The sandbox as a gateway."""

from collections.abc import Iterable
from decimal import Decimal
from urllib.parse import urlencode

from paidup.payments.gateways.sandbox import charging, delivery, methods, refunding


class Sandbox:
    """The built-in vendor; see the package's other modules for what each call does."""

    name = "sandbox"
    charge = staticmethod(charging.charge)
    look_up = staticmethod(charging.look_up)
    refund = staticmethod(refunding.refund)
    describe = staticmethod(methods.describe)
    save = staticmethod(methods.save)
    forget = staticmethod(methods.forget)
    read_webhook = staticmethod(delivery.read_webhook)

    def hosted_form_url(
        self, *, amount: Decimal | None = None, currency: str = "", kinds: Iterable[str] = ()
    ) -> str:
        """The path of the form: every host of ours serves it, so `frame-src 'self'` is enough."""
        asked: dict[str, object] = {}
        if amount is not None:
            asked = {"amount": amount, "currency": currency}
        if named := ",".join(kinds):
            asked["kinds"] = named
        return "/sandbox/form/" + ("?" + urlencode(asked) if asked else "")
