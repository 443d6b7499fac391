"""What stood before the person who acted (ISO/IEC TS 27560, 6.3; GDPR Art. 7(1))."""

import hashlib
import ipaddress
import re

from allauth.account.adapter import get_adapter
from django.utils.crypto import salted_hmac

# The names that we give to requests. One that a browser chose could be anything.
OUR_NAME = re.compile(r"[0-9a-f]{32}")


def proof_of(request, control, *, served, default="unchecked"):
    """How the act came about: the page, the control and its state before, and what was `served` (the text, hashed).

    Of the network only a keyed hash of the shortened address and of the browser's name is kept. `request` is the name
    under which the log knows it.
    """
    network = _shortened(get_adapter().get_client_ip(request))
    device = f"{network} {request.headers.get('User-Agent', '')}"
    name = getattr(request, "name", "")
    return {
        "surface": request.resolver_match.view_name if request.resolver_match else "",
        "control": control,
        "default": default,
        "served": fingerprint(served),
        "device": salted_hmac("ledger device", device, algorithm="sha256").hexdigest()[:32],
        "request": name if OUR_NAME.fullmatch(name) else "",
    }


def fingerprint(served):
    """What stands for the text that somebody saw."""
    return hashlib.sha256(str(served).encode()).hexdigest()


def _shortened(address):
    try:
        network = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{network}/{24 if network.version == 4 else 48}", strict=False))
