"""指南要素样例: versions, seals and scans for the tests, made by the service's own actions where
the people are there, else put into the database."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongkai.web.accounts.models import Account
from gongkai.web.organs import capacity, particulars_actions
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import Appointment, Organ, Particulars, Seal, Signature
from gongkai.web.organs.particulars_life import State
from gongkai.web.organs.separation import Step
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import PASSWORD, SINCE, Cast

VALUES = {
    "office": "临溪区教育局办公室",
    "address": "临溪区文昌路 18 号行政中心 3 号楼 205 室",
    "postcode": "215000",
    "hours": "工作日 9:00–11:30，13:30–17:00",
    "phone": "0512-00000000",
    "fax": "0512-00000001",
    "email": "xxgk@example.invalid",
    "website": "https://www.example.invalid/apply",
    "remarks": "当面申请请携带身份证明；邮寄申请请在信封上注明“政府信息公开申请”。",
}
# A page of nothing, as a scanner might make it.
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def acting(
    cast: Cast,
    who: str,
    code: str = "LX-JY",
    *,
    role: Role | None = None,
    at: datetime | None = None,
) -> Doer:
    """Somebody of the cast acting for an organ: own appointment first, else by delegation."""
    moment = at or timezone.now()
    held = capacity.of_account(cast.accounts[who], timezone.localdate(moment))
    own = [c for c in held if c.organ.code == code and (role is None or c.role is role)]
    return Doer(cast.accounts[who], moment, own[0])


def drafted(cast: Cast, *, by: str = "handler", **changed: str) -> Particulars:
    """A draft for 临溪区教育局; the open one where there is one already."""
    organ = cast.organs["LX-JY"]
    being = organ.particulars.filter(state=State.DRAFT).first()
    if being is not None:
        return being
    return particulars_actions.draft(
        by=acting(cast, by, role=Role.HANDLER), organ=organ, values=VALUES | changed
    )


def submitted(cast: Cast, *, by: str = "handler", **changed: str) -> Particulars:
    """Awaits review."""
    one = drafted(cast, by=by, **changed)
    return particulars_actions.submit(
        by=acting(cast, by, role=Role.HANDLER), particulars=one, version=one.version
    )


def reviewed(cast: Cast, *, by: str = "handler", **changed: str) -> Particulars:
    """Awaits approval; reviewed by 乙审核."""
    one = submitted(cast, by=by, **changed)
    return particulars_actions.review(
        by=acting(cast, "reviewer", role=Role.REVIEWER), particulars=one, version=one.version
    )


def approved(cast: Cast, *, by: str = "handler", **changed: str) -> Particulars:
    """In force; approved by 丙批准."""
    one = reviewed(cast, by=by, **changed)
    return particulars_actions.approve(
        by=acting(cast, "approver", role=Role.APPROVER), particulars=one, version=one.version
    )


def returned(cast: Cast, *, by: str = "handler", **changed: str) -> Particulars:
    """Sent back by 乙审核."""
    one = submitted(cast, by=by, **changed)
    return particulars_actions.send_back(
        by=acting(cast, "reviewer", role=Role.REVIEWER),
        particulars=one,
        version=one.version,
        comment="联系电话请写办公电话。",
    )


def withdrawn(cast: Cast, *, by: str = "handler", **changed: str) -> Particulars:
    """Given up."""
    one = drafted(cast, by=by, **changed)
    return particulars_actions.withdraw(
        by=acting(cast, by, role=Role.HANDLER), particulars=one, version=one.version
    )


STATES: dict[str, Callable[..., Particulars]] = {
    State.DRAFT: drafted,
    State.SUBMITTED: submitted,
    State.REVIEWED: reviewed,
    State.RETURNED: returned,
    State.APPROVED: approved,
    State.WITHDRAWN: withdrawn,
}


def given(cast: Cast, who: str, role: Role, code: str = "LX-JY") -> Appointment:
    """A further role for somebody of the cast."""
    made = Appointment.objects.create(
        account=cast.accounts[who], organ=cast.organs[code], role=role.value, valid_from=SINCE
    )
    cast.appointments[who, code] = made  # what `Cast.client` acts in when asked for the organ
    return made


def colleague(cast: Cast) -> str:
    """A second handler of 临溪区教育局, by name of signing in."""
    cast.accounts["colleague"] = Account.objects.create_user("colleague", PASSWORD, name="卯同事")
    given(cast, "colleague", Role.HANDLER)
    return "colleague"


def in_force(organ: Organ, by: Account, *, days: int = 10) -> Particulars:
    """A version in force since some days, put into the database; the same one when asked again."""
    found = organ.particulars.filter(state=State.APPROVED).first()
    if found is not None:
        return found
    since = timezone.now() - timedelta(days=days)
    return Particulars.objects.create(
        organ=organ,
        number=1,
        state=State.APPROVED,
        drafted_by=by,
        drafted_at=since,
        approved_at=since,
        **VALUES,
    )


def paper_signature(organ: Organ, by: Account) -> Signature:
    """An approval on paper with its scan, put into the database."""
    one = in_force(organ, by)
    found = one.signatures.exclude(scan="").first()
    if found is not None:
        return found
    return Signature.objects.create(
        particulars=one,
        step=Step.APPROVE.value,
        agreed=True,
        by_name="戴示例 局长",
        signed_on=timezone.localdate(one.drafted_at),
        scan=ContentFile(PDF, name=f"sample-{organ.code}.pdf"),
        scan_sha256=hashlib.sha256(PDF).hexdigest(),
        recorded_by=by,
        recorded_at=timezone.now(),
    )


def seal(organ: Organ, by: Account) -> Seal:
    """A seal in use, put into the database."""
    found = organ.seals.filter(valid_to__isnull=True).first()
    if found is not None:
        return found
    data = round_seal()
    return Seal.objects.create(
        organ=organ,
        picture=ContentFile(data, name=f"sample-{organ.code}.png"),
        sha256=hashlib.sha256(data).hexdigest(),
        valid_from=date(2024, 1, 1),
        added_by=by,
        added_at=timezone.now(),
    )


# -- files


def png(pixels: list[list[tuple[int, int, int, int]]]) -> bytes:
    """A PNG of rows of red, green, blue, alpha."""
    height, width = len(pixels), len(pixels[0])
    raw = b"".join(b"\0" + bytes(v for dot in row for v in dot) for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(raw, 6)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def round_seal(
    side: int = 400,
    *,
    ink: tuple[int, int, int, int] = (200, 22, 29, 255),
    ground: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> bytes:
    """A ring with a disc, as an invented seal."""
    middle, outer = (side - 1) / 2, side / 2 * 0.97

    def dot(x: int, y: int) -> tuple[int, int, int, int]:
        far = ((x - middle) ** 2 + (y - middle) ** 2) ** 0.5
        return ink if outer * 0.92 < far < outer or far < outer * 0.3 else ground

    return png([[dot(x, y) for x in range(side)] for y in range(side)])


def file(data: bytes, name: str) -> SimpleUploadedFile:
    """As a browser sends it."""
    return SimpleUploadedFile(name, data)
