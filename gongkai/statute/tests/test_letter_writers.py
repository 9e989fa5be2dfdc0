"""文书写成 Word 和 PDF: both print exactly the letter's texts, one or many in a file."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import Any

import pypdfium2
import pytest
from lxml import etree

from gongkai.statute import letter_samples, letters
from gongkai.statute.letters import Letter
from gongkai.statute.writers import letter_docx, letter_paper, letter_pdf
from gongkai.statute.writers.letter_paper import Style

KINDS = tuple(letters.kinds())
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def sample(id: str, **more: Any) -> Letter:
    kind = letters.kind(id)
    values = {**letter_samples.values(kind), **more}
    return letters.compose(kind, values, letter_samples.dated(kind))


def png(side: int = 8) -> bytes:
    """A red square of our own making."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\x00" + b"\xd7\x00\x0f" * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def squeezed(text: str) -> str:
    return "".join(text.split())


def pages(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def paragraphs(data: bytes, part: str = "word/document.xml") -> list[str]:
    """The text of every paragraph of a part, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read(part))
    return [
        "".join("\n" if e.tag == f"{W}br" else e.text or "" for e in p.iter(f"{W}t", f"{W}br"))
        for p in root.iter(f"{W}p")
    ]


# -- the page


def test_with_a_letterhead_the_organ_stands_on_top_else_in_the_title() -> None:
    headed = letter_paper.lay_out(sample("granted"), letterhead=True)
    assert [(line.style, line.text) for line in headed.lines[:4]] == [
        (Style.LETTERHEAD, "临溪区教育局"),
        (Style.NUMBER, "临教公开告〔2026〕5号"),
        (Style.TITLE, "政府信息公开申请答复书"),
        (Style.SALUTATION, "陈示例："),
    ]
    plain = letter_paper.lay_out(sample("granted"))
    assert plain.lines[0].text == "临溪区教育局\n政府信息公开申请答复书"
    own = letter_paper.lay_out(sample("granted", letterhead="临溪区教育局文件"), letterhead=True)
    assert own.lines[0].text == "临溪区教育局文件"


def test_attachments_are_numbered_where_there_are_several() -> None:
    lines = letter_paper.lay_out(sample("granted")).lines
    listed = [(line.label, line.text) for line in lines if line.style is Style.ATTACHMENT]
    assert listed == [("附件：", "1．校舍加固工程施工合同"), ("", "2．竣工验收报告")]
    lines = letter_paper.lay_out(sample("granted", attachments=["竣工验收报告"])).lines
    assert [line.text for line in lines if line.style is Style.ATTACHMENT] == ["竣工验收报告"]


def test_the_notice_is_the_last_of_the_text() -> None:
    letter = sample("refused_process")
    bodies = [one.text for one in letter_paper.lay_out(letter).lines if one.style is Style.BODY]
    assert bodies == [*letter.paragraphs, *letter.notice.split("\n")]
    assert len(letter.notice.split("\n")) == 2


# -- PDF


@pytest.mark.parametrize("id", KINDS)
def test_a_pdf_holds_exactly_the_letter(id: str) -> None:
    letter = sample(id, tracking_url="https://linxi.example/t", tracking_code="7K2M-Q4TD")
    written = letter_pdf.write([letter], letterhead=True)
    assert written.notes == ()
    text = squeezed("".join(pages(written.data)))
    for line in letter_paper.lay_out(letter, letterhead=True).texts:
        assert squeezed(line)[:12] in text, line
    with pypdfium2.PdfDocument(written.data) as document:
        assert document.get_metadata_value("Title").startswith(letter.title)
        width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)


def test_many_letters_number_their_own_pages() -> None:
    written = letter_pdf.write([sample("partly_granted"), sample("granted")])
    numbers = [re.findall(r"— (\d+) —", text) for text in pages(written.data)]
    assert numbers == [["1"], ["2"], ["1"], ["2"]]
    headed = letter_pdf.write([sample("partly_granted"), sample("receipt")], letterhead=True)
    numbers = [re.findall(r"— (\d+) —", text) for text in pages(headed.data)]
    assert numbers == [[], ["2"], []]


def test_printed_on_both_sides_every_letter_begins_a_sheet() -> None:
    batch = [sample("receipt"), sample("withdrawal"), sample("extension")]
    assert len(pages(letter_pdf.write(batch).data)) == 3
    starts = [
        at
        for at, text in enumerate(pages(letter_pdf.write(batch, duplex=True).data))
        if "陈示例：" in text
    ]
    assert starts == [0, 2, 4]


def test_no_page_holds_a_signature_alone() -> None:
    for id in KINDS:
        for letterhead in (True, False):
            data = letter_pdf.write([sample(id)], letterhead=letterhead).data
            (signed,) = [page for page in pages(data) if _signs(page, id)]
            before = squeezed(signed).split(squeezed(sample(id).dated))[0]
            assert len(before) > 20, id


def _signs(page: str, id: str) -> bool:
    return f"临溪区教育局{sample(id).dated}" in squeezed(page)


def test_the_same_letters_give_the_same_bytes() -> None:
    one = [sample("granted"), sample("consultation")]
    for write in (letter_pdf.write, letter_docx.write):
        assert write(one, seal=png()).data == write(one, seal=png()).data


def test_seal_and_code_are_pictures_in_both() -> None:
    letter = sample("granted")
    plain = letter_pdf.write([letter]).data
    stamped = letter_pdf.write([letter], seal=png(), codes=[png(16)]).data
    assert _pictures(stamped) == 2 and _pictures(plain) == 0
    data = letter_docx.write([letter, letter], seal=png(), codes=[png(16)]).data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        media = [name for name in package.namelist() if "media" in name]
        document = package.read("word/document.xml").decode()
    assert len(media) == 2
    assert document.count("<wp:anchor") == 3
    assert document.count('descr="印章"') == 4  # named twice in each drawing


def _pictures(data: bytes) -> int:
    with pypdfium2.PdfDocument(data) as document:
        kind = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
        return sum(1 for page in document for one in page.get_objects() if one.type == kind)


def test_a_character_no_font_has_is_told() -> None:
    written = letter_pdf.write([sample("granted", addressee="陈\U0001f600示例")])
    assert [note.id for note in written.notes] == ["write.missing_glyph"]
    assert "陈〓示例：" in squeezed("".join(pages(written.data)))


def test_text_is_never_markup() -> None:
    request = "#set page(width: 1cm) *甲* _乙_ $x$ @丙 <丁> [戊] \\ // 己"
    letter = sample("granted", request=request)
    assert squeezed(request) in squeezed("".join(pages(letter_pdf.write([letter]).data)))
    assert any(request in one for one in paragraphs(letter_docx.write([letter]).data))


def test_very_long_values_are_set_all_the_same() -> None:
    letter = sample(
        "refused_process",
        request="甲" * 3000,
        reasons="x" * 200,
        organ="临溪区" * 15 + "教育局",
        contact="电话" * 100,
    )
    for letterhead in (True, False):
        assert letter_pdf.write([letter], letterhead=letterhead).notes == ()
        assert letter_docx.write([letter], letterhead=letterhead).data


def test_no_letters_or_too_many_are_refused() -> None:
    for write in (letter_pdf.write, letter_docx.write):
        with pytest.raises(ValueError):
            write([])
        with pytest.raises(ValueError):
            write([sample("granted")] * 501)


# -- Word


@pytest.mark.parametrize("id", KINDS)
def test_a_word_file_holds_exactly_the_letter(id: str) -> None:
    letter = sample(id, tracking_url="https://linxi.example/t", tracking_code="7K2M-Q4TD")
    data = letter_docx.write([letter], letterhead=True).data
    wanted = list(letter_paper.lay_out(letter, letterhead=True).texts)
    assert paragraphs(data, "word/header1.xml") == [wanted[0]]
    if letter.attachments:
        at = wanted.index("附件：")
        wanted[at : at + 2] = ["".join(wanted[at : at + 2])]
    assert [text for text in paragraphs(data) if text] == wanted[1:]


def test_every_part_of_a_word_file_is_well_formed_and_related() -> None:
    batch = [sample("granted"), sample("consultation", letterhead="临溪区教育局文件")]
    data = letter_docx.write(batch, letterhead=True, seal=png(), codes=[png()]).data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))
        related = package.read("word/_rels/document.xml.rels").decode()
        types = package.read("[Content_Types].xml").decode()
        document = package.read("word/document.xml").decode()
    targets = dict(re.findall(r'Id="(rId\d+)" Type="[^"]*" Target="([^"]*)"', related))
    assert all(f"word/{target}" in names for target in targets.values())
    assert set(re.findall(r'r:(?:id|embed)="(rId\d+)"', document)) <= set(targets)
    assert sum(name.startswith("word/header") for name in names) == 2
    assert all(f"/{n}" in types for n in names if re.match(r"word/(?:header|footer)", n))
    assert document.count("<w:sectPr>") == 2 and document.count('<w:pgNumType w:start="1"/>') == 2
    styles = set(re.findall(r'w:pStyle w:val="(\w+)"', document))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        known = re.findall(r'w:styleId="(\w+)"', package.read("word/styles.xml").decode())
    assert styles <= set(known) and len(known) == len(set(known))


@pytest.mark.parametrize("organ", ["临溪区教育局", "临" * 18, "临" * 19, "临" * 28])
@pytest.mark.parametrize("letterhead", [False, True])
def test_a_code_stands_on_no_text(organ: str, letterhead: bool) -> None:
    letter = sample("granted", organ=organ, tracking_url="https://linxi.example/t")
    data = letter_pdf.write([letter], letterhead=letterhead, codes=[png()]).data
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            for picture in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
                assert squeezed(page.get_textpage().get_text_bounded(*picture.get_bounds())) == ""
                return
    raise AssertionError("no code")


def test_in_word_a_code_beside_a_long_name_stands_last() -> None:
    def placed(organ: str) -> str:
        letter = sample("granted", organ=organ, tracking_url="https://linxi.example/t")
        with zipfile.ZipFile(io.BytesIO(letter_docx.write([letter], codes=[png()]).data)) as kept:
            tree = etree.fromstring(kept.read("word/document.xml"))
        (holds,) = [one for one in tree.iter(f"{W}p") if one.find(f".//{W}drawing") is not None]
        return "".join(holds.itertext(f"{W}t"))

    assert placed("临溪区教育局") == "2026年4月10日"
    assert placed("临" * 19) == ""


def test_a_picture_that_is_no_png_is_refused() -> None:
    for wrong in (b"GIF89a", b"\x89PNG\r\n\x1a\n", png()[:16] + b"\0" * 20):
        for write in (letter_docx.write, letter_pdf.write):
            with pytest.raises(ValueError):
                write([sample("granted")], seal=wrong)
