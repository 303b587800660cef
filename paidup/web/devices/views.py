"""One's own devices: the list, and signing out there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from paidup.organizations.sessions import devices_of, sign_out_device, sign_out_others
from paidup.web.access import StaffRequest, oneself

from .names import icon_of, in_words


@oneself
@require_safe
def devices(request: StaffRequest) -> HttpResponse:
    """Where one is signed in, this device first."""
    found = devices_of(request.user, this=request.session.session_key)
    lines = [(device, in_words(device.agent), icon_of(device.agent)) for device in found]
    return render(request, "web/devices/devices.html", {"lines": lines})


@oneself
@require_POST
def signing_out(request: StaffRequest) -> HttpResponse:
    """Ends one; a device that is not one's own is none here."""
    sign_out_device(request.user, handle=request.POST.get("device", ""))
    messages.success(request, _("You are signed out there."))
    return redirect("devices", request.organization.slug)


@oneself
@require_POST
def signing_out_others(request: StaffRequest) -> HttpResponse:
    """Ends all but this one."""
    sign_out_others(request.user, this=request.session.session_key)
    messages.success(request, _("You are signed out on all other devices."))
    return redirect("devices", request.organization.slug)
