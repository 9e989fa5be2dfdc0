"""查询网址: where the applicant's page is reached, and that as a QR code.

Only where the organ, or one above it, says under which address the public reaches the service:
nothing is guessed from the address an officer uses. The code holds this address and nothing of the
application: who has the paper still gives the tracking code and the end of a contact.
"""

from __future__ import annotations

import io

import segno
from django.urls import reverse

from gongkai.web.organs import preferences
from gongkai.web.organs.models import Organ

SETTING = "paper.public_address"


def of(organ: Organ) -> str:
    """The address of the page; nothing where it is not known."""
    site = str(preferences.value_of(organ, SETTING))
    return f"{site}{reverse('tracking:start')}" if site else ""


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False)


def picture(address: str) -> str:
    """The code for a page: an <svg> without style. Nothing for no address."""
    if not address:
        return ""
    return _code(address).svg_inline(
        scale=3, dark="#000000", light="#ffffff", svgclass="qr", lineclass=None
    )


def png(address: str) -> bytes | None:
    """The code for a letter."""
    if not address:
        return None
    stream = io.BytesIO()
    _code(address).save(stream, kind="png", scale=10)
    return stream.getvalue()
