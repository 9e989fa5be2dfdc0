"""卷宗里的复议、诉讼: facts, list of evidence and papers stand in the archived file, each with its
line in the contents; a remedy that ends after the case was archived has the file made anew."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest

from gongkai.statute import remedy_events as r
from gongkai.statute.remedy_results import Result
from gongkai.web.applications import archive_actions
from gongkai.web.applications.models import Matter
from gongkai.web.ledger import attachments
from gongkai.web.remedies import recording
from gongkai.web.remedies.models import Remedy
from gongkai.web.remedies.tests.test_life import answered, begun, does
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import PDF, acting, file

pytestmark = pytest.mark.django_db


def pages(matter: Matter) -> list[str]:
    kept = archive_actions.file_of(matter)
    assert kept is not None
    document = pypdfium2.PdfDocument(attachments.verified(kept))
    found = [page.get_textpage().get_text_bounded() for page in document]
    return ["".join(text.split()) for text in found]


def upheld(cast: Cast, matter: Matter) -> Remedy:
    remedy = does(
        cast, begun(cast, matter), r.Admitted(date(2026, 4, 7)), r.CopyReceived(date(2026, 4, 10)),
        r.EvidenceFiled(date(2026, 4, 16), ("公开申请表", "登记回执")),
        r.AnswerFiled(date(2026, 4, 20)),
    )  # fmt: skip
    ended = r.Concluded(date(2026, 6, 1), Result.UPHELD, "示例复决〔2026〕9号")
    by = acting(cast, "handler", role=Role.HANDLER)
    papers = [file(PDF, "复议决定书.pdf"), file(PDF, "送达回证.pdf")]
    return recording.act(by=by, remedy=remedy, event=ended, version=remedy.version, files=papers)


def archived(cast: Cast, matter: Matter) -> Matter:
    matter.refresh_from_db()
    by = acting(cast, "handler", role=Role.HANDLER)
    return archive_actions.archive(
        by=by, matter=matter, version=matter.version, on=date(2026, 6, 8)
    )


def test_the_file_holds_the_papers_of_its_remedies_in_order(cast: Cast) -> None:
    matter = answered(cast)
    upheld(cast, matter)
    found = pages(archived(cast, matter))
    names = (
        "行政复议（1）情况", "行政复议（1）证据目录", "行政复议（1）复议决定书.pdf",
        "行政复议（1）送达回证.pdf", "办理经过",
    )  # fmt: skip
    places = [found[0].index(name) for name in names]
    assert places == sorted(places), "in the contents, in order"
    facts = next(text for text in found[1:] if "行政复议（1）情况" in text)
    assert "示例复决〔2026〕9号" in facts and "维持" in facts
    assert any("证据名称" in text and "登记回执" in text for text in found[1:])


def test_a_remedy_that_ends_after_the_archiving_is_in_the_file_too(cast: Cast) -> None:
    matter = archived(cast, answered(cast))
    assert "行政复议" not in pages(matter)[0]
    remedy = upheld(cast, matter)
    before = archive_actions.file_of(matter)
    remedy = does(cast, remedy, r.RemedyArchived(date(2026, 6, 9)))
    assert "行政复议（1）复议决定书.pdf" in pages(matter)[0]
    assert archive_actions.file_of(matter) != before
    assert before is not None and attachments.verified(before), "the one before is kept"
    matter.refresh_from_db()
    assert matter.state == "archived"
