"""证据目录写成 Word 和 PDF: both print every item, its heads and who signs, and equal bytes."""

from __future__ import annotations

from datetime import date

from gongkai.statute.tests.test_letter_writers import pages, paragraphs, squeezed
from gongkai.statute.writers import evidence_docx, evidence_paper, evidence_pdf
from gongkai.statute.writers.evidence_paper import EvidenceList

LIST = EvidenceList(
    "示例区教育局",
    (("案件种类", "行政复议"), ("复议机关", "示例区人民政府"), ("案号", "")),
    ("公开申请表", "登记回执（含 <附件> & 清单）", "检索记录，共３份，" + "示例" * 40),
)


def test_both_print_the_same_texts() -> None:
    wanted = [
        evidence_paper.TITLE, *evidence_paper.HEAD, *LIST.lines,
        *(cell for row in LIST.rows for cell in row if cell), *LIST.signed,
    ]  # fmt: skip
    printed = squeezed("".join(pages(evidence_pdf.write(LIST, created=date(2026, 4, 1)).data)))
    word = [text for text in paragraphs(evidence_docx.write(LIST).data) if text]
    for text in wanted:
        assert squeezed(text) in printed
        assert text in word
    assert "案号" not in printed, "what is not known has no line"


def test_a_long_list_goes_over_pages_with_its_head() -> None:
    long = EvidenceList("示例区教育局", (), tuple(f"第{n}号证据" for n in range(1, 61)))
    found = pages(evidence_pdf.write(long).data)
    assert len(found) > 1
    assert all("证据名称" in page for page in found)
    assert "第60号证据" in squeezed("".join(found))


def test_equal_lists_give_equal_bytes() -> None:
    assert evidence_docx.write(LIST).data == evidence_docx.write(LIST).data
    on = date(2026, 4, 1)
    assert evidence_pdf.write(LIST, created=on).data == evidence_pdf.write(LIST, created=on).data
