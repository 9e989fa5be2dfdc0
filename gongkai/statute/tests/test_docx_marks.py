"""Word 文档中的脚注标记: a raised number behind a figure is no digit of it."""

from __future__ import annotations

from gongkai.statute.tests.test_docx import p, r, read, texts


def test_a_raised_mark_is_no_digit() -> None:
    raised = "<w:vertAlign w:val='superscript'/>"
    level = "<w:vertAlign w:val='baseline'/>"
    body = p().replace("</w:p>", r("5") + r("[12]", raised) + r("6件", level) + "</w:p>")
    assert texts(read(body)) == ["5[¹²]6件"]
