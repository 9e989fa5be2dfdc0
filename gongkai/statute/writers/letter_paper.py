"""文书版面: a letter as the lines that are printed, in order, and its reply page.

What Word and PDF have in common: both print exactly these texts. The page follows the letter form
of GB/T 9704-2012 (信函格式) where a letterhead is asked for, else the plain one, title on top.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gongkai.statute.letters import Letter, Reply
from gongkai.statute.writers.docx_styles import width_of

SEAL_WIDTH = 42.0  # mm: the seal of an organ of the county
MOST = 500  # letters in one file: half a minute of the engine; more are printed in parts


class Style(StrEnum):
    """文书各要素的版式: how a line of a letter is set."""

    LETTERHEAD = "letterhead"  # 发文机关标志
    NUMBER = "number"  # 发文字号
    TITLE = "title"  # 标题
    SALUTATION = "salutation"  # 主送机关、收件人
    BODY = "body"  # 正文
    ATTACHMENT = "attachment"  # 附件说明
    SIGNATURE = "signature"  # 发文机关署名
    SIGNED_ON = "signed_on"  # 成文日期
    CONTACT = "contact"  # 附注
    TRACKING = "tracking"  # 查询办法


@dataclass(frozen=True, slots=True)
class Line:
    """行: one line or paragraph of a letter. ``label`` stands before it (附件：)."""

    style: Style
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """填写行: a label of the reply page, what is printed beside it, and the lines left free."""

    label: str
    text: str
    lines: int


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """回执页: title, a sentence, a table to fill in, and where to send it."""

    title: str
    lead: str
    rows: tuple[Row, ...]
    back: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """一件文书的版面."""

    name: str
    organ: str
    lines: tuple[Line, ...]
    reply: ReplyPage | None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text printed, in order."""
        found = [text for line in self.lines for text in (line.label, line.text)]
        if self.reply is not None:
            found += [self.reply.title, self.reply.lead]
            found += [text for row in self.reply.rows for text in (row.label, row.text)]
            found.append(self.reply.back)
        return tuple(text for text in found if text)


def lay_out(letter: Letter, *, letterhead: bool = False) -> Sheet:
    """The letter as it is printed; ``letterhead``: with the red head of the organ.

    Without it the organ stands in the title, so that no letter is without its sender's name.
    """
    name = f"{letter.title}（{letter.number}）" if letter.number else letter.title
    return Sheet(
        name,
        letter.organ,
        tuple(line for line in _lines(letter, letterhead) if line.text),
        None if letter.reply is None else _reply(letter, letter.reply),
    )


def _lines(letter: Letter, letterhead: bool) -> Iterator[Line]:
    if letterhead:
        yield Line(Style.LETTERHEAD, letter.letterhead)
        yield Line(Style.NUMBER, letter.number)
        yield Line(Style.TITLE, letter.title)
    else:
        yield Line(Style.TITLE, _with_organ(letter))
        yield Line(Style.NUMBER, letter.number)
    yield Line(Style.SALUTATION, letter.salutation)
    for text in (*letter.paragraphs, *letter.notice.split("\n")):
        yield Line(Style.BODY, text)
    several = len(letter.attachments) > 1
    for at, text in enumerate(letter.attachments, 1):
        label = "附件：" if at == 1 else ""
        yield Line(Style.ATTACHMENT, f"{at}．{text}" if several else text, label)
    yield Line(Style.SIGNATURE, letter.organ)
    yield Line(Style.SIGNED_ON, letter.dated)
    yield Line(Style.CONTACT, f"（联系方式：{letter.contact}）" if letter.contact else "")
    yield Line(Style.TRACKING, letter.tracking)


def png_size(png: bytes) -> tuple[int, int]:
    """Height and width in pixels. Raises ValueError for what is no PNG."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise ValueError("a seal or a code is given as PNG")
    wide, high = struct.unpack(">II", png[16:24])
    if not wide or not high:
        raise ValueError("a picture without size")
    return high, wide


BESIDE = 18  # characters of an organ's name that leave room for a code on the left


def is_beside(organ: str) -> bool:
    """Whether the code of the tracking address stands beside the signature; else it stands last."""
    return width_of(organ) <= BESIDE


TITLE_WIDTH = 20  # characters of 2号 in a line


def _with_organ(letter: Letter) -> str:
    """The title under its organ; on one line where a letter's title begins with 关于."""
    if not letter.organ:
        return letter.title
    whole = f"{letter.organ}{letter.title}"
    if letter.title.startswith("关于") and width_of(whole) <= TITLE_WIDTH:
        return whole
    return f"{letter.organ}\n{letter.title}"


def _reply(letter: Letter, reply: Reply) -> ReplyPage:
    rows = []
    if reply.choices:
        rows.append(Row("答复意见", "　".join(f"□{choice}" for choice in reply.choices), 1))
    rows += [Row(field.label, "", field.lines) for field in reply.fields]
    where = "，".join(part for part in (letter.organ, letter.contact) if part)
    return ReplyPage(
        reply.title, reply.lead, tuple(rows), f"填写后请寄送：{where}" if where else ""
    )
