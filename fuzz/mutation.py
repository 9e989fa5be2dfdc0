"""变异: how one file becomes another: by its structure where it has one, else by its bytes.

A zip is taken apart, one member changed and packed again; the streams of a PDF likewise. Inside,
text is changed by the piece (a tag, a line, a figure), so that most of it stays what it was and
reaches past the parser.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress

Bytes = Callable[[bytes, int], bytes]  # the fuzzer's own mutation of plain bytes

_PIECES = re.compile(rb"<[^<>]{0,400}>|[0-9]+|[^<0-9\n]+|\n|.", re.DOTALL)
_WORDS = re.compile(rb"[\w.]+|\s+|.", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_LARGEST = 1 << 18  # bytes of a member changed by pieces; larger ones only by bytes

FIGURES = (
    *(b"0", b"1", b"-1", b"00", b"1e9", b"1.5", b"65535", b"65536", b"1048576", b"16384"),
    *(b"2147483647", b"2147483648", b"4294967295", b"-2147483648", b"9" * 30, b"NaN", b"Infinity"),
)
TEXTS = tuple(
    text.encode()
    for text in (
        "云水市青石区2024年政府信息公开工作年度报告",
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
        "一、本年新收政府信息公开申请数量",
        "二、上年结转政府信息公开申请数量",
        "（三）不予公开",
        "1.属于国家秘密",
        "总计",
        "自然人",
        "结果维持",
        "第二十条第（八）项",
        "行政事业性收费",
        "本年收费金额（单位：万元）",
        "4.339万元",
        "22（其中修订16件）",
        "减4",
        "—",
        "不适用",
        "\u202e12",
        "\u200b",
        "\ufeff",
        "\ud7ff\ue000",
    )
)
WORDS = {
    b"PK": (
        b'<w:gridSpan w:val="9999999"/>',
        b"<w:vMerge/>",
        b'<w:vMerge w:val="restart"/>',
        b'<w:gridBefore w:val="70"/>',
        b"<w:tbl><w:tr><w:tc>",
        b"</w:tc></w:tr></w:tbl>",
        b"<w:tr/>",
        b"<w:tc/>",
        b'<w:fldChar w:fldCharType="begin"/>',
        b'<w:fldChar w:fldCharType="end"/>',
        b"<w:rPr><w:vanish/></w:rPr>",
        b"<w:del>",
        b"<w:ins>",
        b'<w:numPr><w:ilvl w:val="9"/><w:numId w:val="1"/></w:numPr>',
        b'<w:lvlText w:val="%1%9"/>',
        b"<w:sdt><w:sdtContent>",
        b"<mc:AlternateContent>",
        b"<w:drawing/>",
        b'<mergeCell ref="A1:XFD1048576"/>',
        b'r="XFD1048576"',
        b't="s"',
        b't="inlineStr"',
        b"<f>SUM(A1)</f>",
        b'table:number-columns-repeated="1048576"',
        b'table:number-rows-spanned="70000"',
        b'office:value-type="date"',
        b"<ofd:TextCode X='0' Y='0' DeltaX='g 9999999 1'>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
        b"<![CDATA[",
    ),
    b"<": (
        b"<table>",
        b"</table>",
        b"<tr>",
        b"<td>",
        b'<td colspan="1000" rowspan="65534">',
        b"<td rowspan=0>",
        b"<th>",
        b"<ol start=9999999999>",
        b"<li value=-1>",
        b'<li style="list-style-type:simp-chinese-informal">',
        b"<pre>",
        b"<sup>2</sup>",
        b"<div hidden>",
        b'<p style="display:none">',
        b"<img width=500 height=500>",
        b"<svg>",
        b"<template>",
        b"<select><option>",
        b"<textarea>",
        b"<plaintext>",
        b"<frameset>",
        b"&#x202e;",
        b"&#0;",
        b"<meta charset=utf-16>",
        b"<meta charset=utf-7>",
    ),
    b"%PDF": (
        b"/Type/Page",
        b"/Type/Pages",
        b"/Kids[3 0 R 3 0 R]",
        b"/Rotate 90",
        b"/MediaBox[0 0 0 0]",
        b"/MediaBox[0 0 1e9 1e9]",
        b"/UserUnit 1e9",
        b"/Type/ObjStm",
        b"/Type/XRef",
        b"/Encrypt 3 0 R",
        b"/Subtype/Widget",
        b"1e38 0 0 1e38 0 0 cm ",
        b"0 0 100 100 re S ",
        b"BT /F 12 Tf (1) Tj ET ",
        b"3 Tr ",
        b"0 Tz ",
        b"q ",
        b"Q ",
        b"BI /W 9 /H 9 ID EI ",
    ),
    b"{": (
        b'"schema": "gongkai.report/1"',
        b'"schema": "gongkai.error/1"',
        b'"cells": {}',
        b'"state": "absent"',
        b'"value": null',
        b'"edition": "2019"',
        b"[]",
        b"{}",
        b"null",
        b"1e999",
        b'"\\ud800"',
        b"\n{",
    ),
    b"": (b"\t", b" \t", b"|", b"|---|", b"\n\n", b",", b'"', b"\r", b"\x0c", b"---", b"\xa1\xa1"),
}


def mutated(data: bytes, largest: int, seed: int, plain: Bytes) -> bytes:
    """Another file of the same kind, no longer than ``largest``; the same for the same seed."""
    chance = random.Random(seed)
    made = b""
    if chance.random() < 0.85:
        if data.startswith(b"PK"):
            made = _zip(data, chance, plain)
        elif b"%PDF" in data[:1024]:
            made = _pdf(data, chance, plain)
        elif data.startswith(b"\xd0\xcf\x11\xe0"):
            made = _in_place(data, chance)
        else:
            kind = next((k for k in (b"<", b"{") if data.lstrip().startswith(k)), b"")
            made = _by_pieces(data, chance, WORDS[kind], plain)
    return made if 0 < len(made) <= largest else plain(data, largest)


def _in_place(data: bytes, chance: random.Random) -> bytes:
    """Some numbers overwritten: in a container of sectors and records everything has its place."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        width = chance.choice((1, 2, 2, 4))
        number = chance.choice((0, 1, 2, 0x7F, 0xFF, 0x100, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE))
        at = chance.randrange(max(1, len(made) - width))
        if chance.random() < 0.4:
            number = int.from_bytes(made[at : at + width], "little") + chance.choice((-1, 1, 4))
        made[at : at + width] = (number % (1 << 8 * width)).to_bytes(width, "little")
    return bytes(made)


def _zip(data: bytes, chance: random.Random, plain: Bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            members = [(i.filename, file.read(i)) for i in file.infolist() if i.file_size < 1 << 22]
    except Exception:
        return b""
    if not members:
        return b""
    # The large members are the ones a reader reads.
    at = chance.choices(range(len(members)), [len(content) + 50 for _, content in members])[0]
    name, content = members[at]
    step = chance.random()
    if step < 0.92:
        members[at] = name, _by_pieces(content, chance, WORDS[b"PK"], plain)
    elif step < 0.95:
        del members[at]
    elif step < 0.98:
        members.append((name, content))
    else:
        members[at] = (
            _by_pieces(name.encode(), chance, (b"/", b"..", b"\\"), plain).decode("latin-1"),
            content,
        )
    made = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if chance.random() < 0.9 else zipfile.ZIP_STORED
    with zipfile.ZipFile(made, "w", how) as file:
        for name, content in members:
            file.writestr(zipfile.ZipInfo(name or "a"), content, how)
    return made.getvalue()


def _pdf(data: bytes, chance: random.Random, plain: Bytes) -> bytes:
    streams = list(_STREAM.finditer(data))
    if not streams or chance.random() < 0.35:
        return _by_pieces(data, chance, WORDS[b"%PDF"], plain, _WORDS)
    found = chance.choice(streams)
    content, packed = found[1], False
    with suppress(zlib.error):
        content, packed = zlib.decompressobj().decompress(content, _LARGEST), True
    changed = _by_pieces(content, chance, WORDS[b"%PDF"], plain, _WORDS)
    changed = zlib.compress(changed, 1) if packed else changed
    return data[: found.start(1)] + changed + data[found.end(1) :]


def _by_pieces(
    data: bytes,
    chance: random.Random,
    words: tuple[bytes, ...],
    plain: Bytes,
    pieces: re.Pattern[bytes] = _PIECES,
) -> bytes:
    """Some pieces of a text changed, moved, doubled or left out."""
    if len(data) > _LARGEST or chance.random() < 0.1:
        return plain(data, len(data) + 64)
    made = pieces.findall(data) or [b""]
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(made))
        length = min(chance.choice((1, 1, 2, 3, 8, 30, 200)), len(made) - at)
        run = made[at : at + length]
        step = chance.randrange(9)
        if step == 0:
            del made[at : at + length]
        elif step == 1:
            made[at:at] = run * chance.choice((1, 1, 2, 8, 60))
        elif step == 2:
            to = chance.randrange(len(made))
            made[to:to] = run
        elif step == 3:
            made.insert(at, chance.choice(words))
        elif step == 4:
            made.insert(at, chance.choice(TEXTS))
        elif step in (5, 6):
            figures = [n for n, piece in enumerate(made) if piece.strip().isdigit()]
            made[chance.choice(figures or [at])] = chance.choice(FIGURES)
        elif step == 7:
            tags = [n for n, piece in enumerate(made) if b'"' in piece]
            here = chance.choice(tags or [at])
            made[here] = re.sub(rb'"[^"]*"', b'"%s"' % chance.choice(FIGURES), made[here], count=1)
        else:
            made[at : at + length] = [plain(b"".join(run), 4 * len(b"".join(run)) + 16)]
        if not made:
            return b""
    return b"".join(made)
