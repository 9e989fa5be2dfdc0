"""查询网址: printed with its QR code where it is set, for applicants alone; nothing of a case."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2
import pypdfium2.raw
import pytest
import segno
from django.urls import reverse

from gongkai.statute import case_events as e
from gongkai.statute.clock_events import Whom
from gongkai.statute.grounds import Ground
from gongkai.web.applications import letter_acts, receipts, tracking_address
from gongkai.web.applications.letter_acts import Text
from gongkai.web.applications.matter_actions import Asks
from gongkai.web.applications.models import Letter, Matter
from gongkai.web.applications.tests.samples import PERSON, paper, registered
from gongkai.web.applications.tests.test_letters import (
    approved,
    begun,
    clarify,
    decide,
    office,  # noqa: F401 - a fixture
    printed,
    sign,
)
from gongkai.web.applications.tests.test_life import ARRIVED, did, doer
from gongkai.web.ledger import attachments
from gongkai.web.ledger.models import Message
from gongkai.web.organs.models import OrganSetting
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
SITE = "https://xxgk.linxi.example"
ADDRESS = f"{SITE}/track/"
DAY = date(2026, 3, 4)


def known(cast: Cast, code: str = "LX", value: str = SITE) -> None:
    """The government says where its public reaches the service."""
    OrganSetting.objects.create(
        organ=cast.organs[code],
        key=tracking_address.SETTING,
        value=value,
        set_by=cast.accounts["administrator"],
        set_at=doer(cast, "handler", DAY).at,
    )


def asked_by_mail(cast: Cast) -> Matter:
    """Of somebody who left an address."""
    asker = replace(PERSON, email="chen@example.invalid")
    matter = registered(cast, paper(arrived=ARRIVED, askers=(asker,)))
    return did(cast, matter, "handler", e.Accepted(ARRIVED))


def codes(letter: Letter) -> list[bytes]:
    """The pictures of its Word file."""
    assert letter.docx is not None
    with zipfile.ZipFile(io.BytesIO(attachments.verified(letter.docx))) as package:
        names = [name for name in package.namelist() if name.startswith("word/media/")]
        return [package.read(name) for name in names]


def pictures(letter: Letter) -> Iterator[Any]:
    assert letter.pdf is not None
    document = pypdfium2.PdfDocument(attachments.verified(letter.pdf))
    kinds = [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    for page in document:
        yield from page.get_objects(filter=kinds)


def modules(picture: Any, side: int) -> list[list[bool]]:
    """The dark squares of a code, border left out, looked at in the middle of each."""
    made = picture.get_bitmap(render=False).to_pil().convert("L")
    step = made.width / (side + 8)
    return [
        [made.getpixel((int((x + 4.5) * step), int((y + 4.5) * step))) < 128 for x in range(side)]
        for y in range(side)
    ]


def test_without_the_setting_nothing_is_printed(office: Cast) -> None:  # noqa: F811
    matter = clarify(office, begun(office), DAY)
    letter = matter.letters.get()
    assert list(pictures(letter)) == [] and codes(letter) == []
    text = printed(letter)
    assert "查询码" in text and "http" not in text and "testserver" not in text
    page = office.client("handler").post(reverse("applications:receipt", args=[matter.request_id]))
    shown = page.content.decode()
    assert 'class="qr"' not in shown and "二维码" not in shown and "/track/" not in shown
    assert receipts.receipt(matter.request, DAY).tracking == ""


def test_a_letter_to_the_applicant_has_the_address_as_a_code(office: Cast) -> None:  # noqa: F811
    known(office)
    matter = clarify(office, begun(office), DAY)
    letter = matter.letters.get()
    wanted = [[bool(dark) for dark in row] for row in segno.make(ADDRESS, error="m").matrix]
    (picture,) = pictures(letter)
    assert modules(picture, len(wanted)) == wanted
    assert codes(letter) == [tracking_address.png(ADDRESS)]
    text = "".join(printed(letter).split())
    assert f"办理进度可以在{ADDRESS}查询" in text and matter.request.code in text


def test_others_than_the_applicant_get_none(office: Cast) -> None:  # noqa: F811
    known(office)
    matter = begun(office)
    letter_acts.consult(
        by=doer(office, "handler", DAY),
        matter=matter,
        version=matter.version,
        on=DAY,
        parties=[Asks(Whom.THIRD_PARTY, "示例供货有限公司", contact="示例路 9 号")],
        text=Text({"concerned": "采购合同"}),
    )
    letter = matter.letters.get()
    assert list(pictures(letter)) == [] and "/track/" not in printed(letter)


def test_the_receipt_has_it_and_the_mail_says_it(office: Cast) -> None:  # noqa: F811
    known(office)
    matter = asked_by_mail(office)
    page = office.client("handler").post(reverse("applications:receipt", args=[matter.request_id]))
    shown = page.content.decode()
    assert tracking_address.picture(ADDRESS) in shown and ADDRESS in shown
    assert str(PERSON.phone)[-4:] not in shown
    receipts.mailed(by=doer(office, "handler", DAY), request=matter.request)
    assert f"查询网址：{ADDRESS}" in Message.objects.get().body


@pytest.mark.parametrize("site", ["", SITE])
def test_the_mail_of_an_electronic_answer_names_the_public_address_alone(
    office: Cast,  # noqa: F811
    site: str,
) -> None:
    if site:
        known(office, value=site)
    matter = decide(
        office,
        asked_by_mail(office),
        date(2026, 3, 10),
        Ground.DISCLOSED,
        disclosed="线路表",
        delivered_online=True,
        reconsideration_online="https://fuyi.example.invalid",
    )
    signed = sign(office, approved(office, matter))
    letter_acts.send(
        by=doer(office, "handler", date(2026, 3, 13)),
        matter=signed,
        version=signed.version,
        on=date(2026, 3, 13),
        way=e.Way.ELECTRONIC,
    )
    body = Message.objects.get().body
    assert (f"请到{ADDRESS}查看" in body) is bool(site) and ("http" in body) is bool(site)
    assert PERSON.name not in body


def test_a_reader_of_codes_reads_the_address_and_nothing_else(office: Cast) -> None:  # noqa: F811
    cv2 = pytest.importorskip("cv2", reason="the extra [ocr] is missing")
    known(office)
    letter = clarify(office, begun(office), DAY).letters.get()
    assert letter.pdf is not None
    document = pypdfium2.PdfDocument(attachments.verified(letter.pdf))
    read = [
        cv2.QRCodeDetector().detectAndDecode(page.render(scale=3).to_numpy())[0]
        for page in document
    ]
    assert [one for one in read if one] == [ADDRESS]
