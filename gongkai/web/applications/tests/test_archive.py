"""卷宗: everything of a case in one PDF, in order, with its contents."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest

from gongkai.statute import case_events as e
from gongkai.statute.grounds import Ground
from gongkai.web.applications import archive_actions, letter_acts, matter_actions
from gongkai.web.applications.models import Matter
from gongkai.web.applications.tests.samples import PERSON
from gongkai.web.applications.tests.test_letters import (  # noqa: F401
    approved,
    begun,
    decide,
    office,
    sign,
)
from gongkai.web.applications.tests.test_life import did, doer
from gongkai.web.ledger import attachments
from gongkai.web.ledger.models import Event
from gongkai.web.shell.seen import Stale
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import PDF, file, round_seal

pytestmark = pytest.mark.django_db
LAST = date(2026, 3, 20)


def answered(cast: Cast) -> Matter:
    matter = begun(cast)
    matter_actions.add_files(
        by=doer(cast, "handler", date(2026, 3, 4)),
        matter=matter,
        files=[file(PDF, "检索记录.pdf"), file(round_seal(80), "信封.png")],
    )
    matter = decide(cast, matter, date(2026, 3, 10), Ground.DISCLOSED, disclosed="线路表 1 份")
    signed = sign(cast, approved(cast, matter))
    went = letter_acts.send(
        by=doer(cast, "handler", date(2026, 3, 13)),
        matter=signed,
        version=signed.version,
        on=date(2026, 3, 13),
        way=e.Way.MAIL,
    )
    return did(cast, went.matter, "handler", e.Delivered(date(2026, 3, 16)))


def test_the_file_holds_everything_in_order(office: Cast) -> None:  # noqa: F811
    matter = answered(office)
    by = doer(office, "handler", LAST)
    done = archive_actions.archive(by=by, matter=matter, version=matter.version, on=LAST)
    assert done.state == "archived"
    kept = archive_actions.file_of(done)
    assert kept is not None
    document = pypdfium2.PdfDocument(attachments.verified(kept))
    pages = [page.get_textpage().get_text_bounded().replace("\r\n", "") for page in document]
    assert "卷宗" in pages[0] and "检索记录.pdf" in pages[0] and "信封.png" in pages[0]
    whole = "".join(pages)
    assert PERSON.name in whole and PERSON.identity in whole
    order = [
        next(at for at, text in enumerate(pages) if word in text)
        for word in ("申请登记表", "线路表 1 份", "拟定答复")
    ]
    assert order[0] <= order[1] < order[2] == len(pages) - 1
    told = str(list(Event.objects.values_list("new", flat=True)))
    assert PERSON.name not in told and PERSON.identity not in told


def test_what_happened_meanwhile_is_not_left_out(office: Cast) -> None:  # noqa: F811
    matter = answered(office)
    seen = matter.version
    Matter.objects.filter(pk=matter.pk).update(version=seen + 1)
    with pytest.raises(Stale):
        archive_actions.archive(
            by=doer(office, "handler", LAST), matter=matter, version=seen, on=LAST
        )
    assert archive_actions.file_of(matter) is None
