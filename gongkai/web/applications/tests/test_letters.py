"""文书: an act and its letter; what is missing; numbers; files; nobody's name in events."""

from __future__ import annotations

from datetime import date
from typing import Any

import pypdfium2
import pytest

from gongkai.statute import case_events as e
from gongkai.statute.clock_events import Whom
from gongkai.statute.grounds import Ground
from gongkai.web.applications import letter_actions, letter_acts
from gongkai.web.applications.letter_acts import Text
from gongkai.web.applications.matter_actions import Asks
from gongkai.web.applications.models import Letter, Matter
from gongkai.web.applications.tests.samples import PERSON, paper, registered
from gongkai.web.applications.tests.test_life import ARRIVED, did, doer
from gongkai.web.ledger import attachments
from gongkai.web.ledger.models import Event, Message
from gongkai.web.organs.models import OrganSetting, Reconsideration
from gongkai.web.shell.seen import Stale
from gongkai.web.tests.cast import SINCE, Cast
from gongkai.web.tests.particulars import in_force

pytestmark = pytest.mark.django_db
POINTS = "请写明所需线路的学校名称和学期。"


@pytest.fixture
def office(cast: Cast) -> Cast:
    """临溪区教育局 with its prefix, its particulars, and who hears reconsideration."""
    organ = cast.organs["LX-JY"]
    in_force(organ, cast.accounts["handler"], days=400)
    Reconsideration.objects.create(
        organ=organ, body=cast.organs["LX"], body_name="临溪区人民政府", valid_from=SINCE
    )
    OrganSetting.objects.create(
        organ=organ,
        key="paper.number_prefix",
        value="临教公开告",
        set_by=cast.accounts["administrator"],
        set_at=doer(cast, "handler", ARRIVED).at,
    )
    return cast


def begun(cast: Cast) -> Matter:
    matter = registered(cast, paper(arrived=ARRIVED))
    return did(cast, matter, "handler", e.Accepted(ARRIVED))


def clarify(cast: Cast, matter: Matter, on: date, **values: Any) -> Matter:
    given = {"points": POINTS, "guidance": "不清楚名称的，写明所在街道即可。", "clarify_days": 15}
    return letter_acts.carry(
        by=doer(cast, "handler", on),
        matter=matter,
        version=matter.version,
        event=e.ClarificationAsked(on, POINTS),
        text=Text({**given, **values}),
    )


def decide(cast: Cast, matter: Matter, on: date, ground: Ground, **values: Any) -> Matter:
    return letter_acts.decide(
        by=doer(cast, "handler", on),
        matter=matter,
        version=matter.version,
        event=e.Decided(on, ground, search=values.get("search", "")),
        values=values,
    )


def approved(cast: Cast, matter: Matter) -> Matter:
    did(cast, matter, "reviewer", e.Reviewed(date(2026, 3, 11)))
    return did(cast, matter, "approver", e.Approved(date(2026, 3, 12)))


def sign(cast: Cast, matter: Matter, on: date = date(2026, 3, 12), number: str = "") -> Matter:
    by = doer(cast, "approver", on)
    return letter_acts.sign(by=by, matter=matter, version=matter.version, on=on, number=number)


def printed(letter: Letter) -> str:
    """The text of the kept PDF."""
    assert letter.pdf is not None
    document = pypdfium2.PdfDocument(attachments.verified(letter.pdf))
    return "".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "")


def test_asking_for_clarification_prints_a_numbered_letter(office: Cast) -> None:
    matter = clarify(office, begun(office), date(2026, 3, 4))
    letter = matter.letters.get()
    assert matter.state == "awaiting_clarification"
    assert (letter.state, letter.number) == ("sent", "临教公开告〔2026〕1号")
    text = printed(letter)
    assert PERSON.name in text and "请写明所需线路" in text and "15个工作日" in text
    assert letter.docx is not None and attachments.verified(letter.docx)[:2] == b"PK"


def test_a_letter_that_lacks_something_is_not_numbered_and_nothing_happened(office: Cast) -> None:
    matter = begun(office)
    before = Event.objects.count()
    with pytest.raises(letter_actions.Lacking) as refused:
        clarify(office, matter, date(2026, 3, 4), guidance="")
    assert "补正指导" in str(refused.value.message) and "第三十条" in str(refused.value.message)
    matter.refresh_from_db()
    assert matter.state == "handling" and not matter.letters.exists()
    assert Event.objects.count() == before


def test_an_answer_is_decided_signed_and_sent(office: Cast) -> None:
    matter = decide(
        office,
        begun(office),
        date(2026, 3, 10),
        Ground.NOT_FOUND,
        search="在收发文登记簿和档案室目录中以线路名称检索",
    )
    assert matter.state == "under_review"
    draft = letter_acts.answer_of(matter)
    assert draft is not None and (draft.state, draft.number) == ("draft", "")
    signed = sign(office, approved(office, matter))
    letter = letter_acts.answer_of(signed)
    assert letter is not None and letter.number == "临教公开告〔2026〕1号"
    text = printed(letter)
    assert "临溪区人民政府申请行政复议" in text and "收发文登记簿" in text
    went = letter_acts.send(
        by=doer(office, "handler", date(2026, 3, 13)),
        matter=signed,
        version=signed.version,
        on=date(2026, 3, 13),
        way=e.Way.MAIL,
    )
    assert went.mailed is None
    letter.refresh_from_db()
    assert letter.state == "sent"
    done = did(office, went.matter, "handler", e.Delivered(date(2026, 3, 16)))
    assert (done.state, done.row) == ("delivered", "unavailable_not_held")


def test_an_incomplete_answer_does_not_go_to_review(office: Cast) -> None:
    matter = begun(office)
    with pytest.raises(letter_actions.Lacking):
        decide(office, matter, date(2026, 3, 10), Ground.SAFETY_STABILITY, reasons="会危及学生安全")
    matter.refresh_from_db()
    assert matter.state == "handling" and not Letter.objects.exists()


def test_without_a_reconsideration_organ_no_answer_goes_out(office: Cast) -> None:
    Reconsideration.objects.all().delete()
    with pytest.raises(letter_actions.Lacking) as refused:
        decide(office, begun(office), date(2026, 3, 10), Ground.DISCLOSED, disclosed="线路表")
    assert "复议" in str(refused.value.message)


def test_a_returned_answer_is_written_over_and_keeps_one_letter(office: Cast) -> None:
    matter = decide(office, begun(office), date(2026, 3, 10), Ground.DISCLOSED, disclosed="线路表")
    did(office, matter, "reviewer", e.Returned(date(2026, 3, 11), "请写明份数"))
    matter.refresh_from_db()
    again = decide(office, matter, date(2026, 3, 11), Ground.DISCLOSED, disclosed="线路表 1 份")
    assert again.letters.count() == 1
    assert again.letters.get().values["disclosed"] == "线路表 1 份"


def test_each_party_gets_its_letter_and_only_its_own_name(office: Cast) -> None:
    matter = begun(office)
    parties = (
        Asks(Whom.THIRD_PARTY, organisation="临溪示例客运有限公司", contact="客运站路 1 号"),
        Asks(Whom.THIRD_PARTY, name="钱示例", contact="站前路 2 号"),
    )
    after = letter_acts.consult(
        by=doer(office, "handler", date(2026, 3, 4)),
        matter=matter,
        version=matter.version,
        on=date(2026, 3, 4),
        parties=parties,
        text=Text({"concerned": "校车服务合同中的单价"}),
    )
    first, second = after.letters.order_by("pk")
    assert [first.number[-2:], second.number[-2:]] == ["1号", "2号"]
    assert "客运有限公司" in printed(first) and "钱示例" in printed(second)
    for text in (printed(first), printed(second)):
        assert PERSON.name not in text
    assert "钱示例" not in printed(first) and "客运有限公司" not in printed(second)


def test_no_personal_data_stands_in_events_or_values(office: Cast) -> None:
    matter = clarify(office, begun(office), date(2026, 3, 4))
    told = str(list(Event.objects.values_list("new", "old", "subject")))
    kept = str(list(Letter.objects.values_list("values", flat=True)))
    for secret in (PERSON.name, PERSON.identity, PERSON.phone, PERSON.address):
        assert secret not in told and secret not in kept
    assert "letter.numbered" in set(Event.objects.values_list("kind", flat=True))
    assert matter.letters.get().pdf is not None


def test_a_typed_number_is_used_once(office: Cast) -> None:
    first, second = begun(office), begun(office)
    matter = decide(office, first, date(2026, 3, 10), Ground.DISCLOSED, disclosed="线路表")
    sign(office, approved(office, matter), number="临教函〔2026〕8号")
    other = decide(office, second, date(2026, 3, 10), Ground.DISCLOSED, disclosed="线路表")
    other = approved(office, other)
    with pytest.raises(letter_actions.NumberTaken):
        sign(office, other, number="临教函〔2026〕8号")
    other.refresh_from_db()
    assert other.state == "approved"


def test_without_a_prefix_a_number_is_typed_or_nothing_is_signed(office: Cast) -> None:
    OrganSetting.objects.all().delete()
    matter = decide(office, begun(office), date(2026, 3, 10), Ground.DISCLOSED, disclosed="线路表")
    matter = approved(office, matter)
    with pytest.raises(letter_actions.NoPrefix):
        sign(office, matter)
    assert sign(office, matter, number="临教函〔2026〕9号").state == "signed"


def test_who_is_second_on_a_draft_is_told(office: Cast) -> None:
    matter = begun(office)
    by = doer(office, "handler", date(2026, 3, 4))
    letter = letter_actions.draft(by=by, of=matter, kind="consultation_notice", values={})
    letter_actions.change(by=by, letter=letter, version=1, values={"request": "校车线路"})
    with pytest.raises(Stale):
        letter_actions.change(by=by, letter=letter, version=1, values={})


def test_an_electronic_answer_names_the_channel_and_is_told_by_mail(office: Cast) -> None:
    from dataclasses import replace

    asker = replace(PERSON, email="chen@example.invalid")
    matter = registered(office, paper(arrived=ARRIVED, askers=(asker,)))
    did(office, matter, "handler", e.Accepted(ARRIVED))
    matter.refresh_from_db()
    matter = decide(
        office,
        matter,
        date(2026, 3, 10),
        Ground.DISCLOSED,
        disclosed="线路表",
        delivered_online=True,
        reconsideration_online="https://fuyi.example.invalid",
    )
    signed = sign(office, approved(office, matter))
    went = letter_acts.send(
        by=doer(office, "handler", date(2026, 3, 13)),
        matter=signed,
        version=signed.version,
        on=date(2026, 3, 13),
        way=e.Way.ELECTRONIC,
    )
    assert went.mailed is True
    message = Message.objects.get()
    assert matter.request.code in message.body and PERSON.name not in message.body


def test_an_electronic_answer_without_the_channel_is_refused(office: Cast) -> None:
    matter = decide(office, begun(office), date(2026, 3, 10), Ground.DISCLOSED, disclosed="线路表")
    signed = sign(office, approved(office, matter))
    with pytest.raises(letter_acts.NoChannel):
        letter_acts.send(
            by=doer(office, "handler", date(2026, 3, 13)),
            matter=signed,
            version=signed.version,
            on=date(2026, 3, 13),
            way=e.Way.ELECTRONIC,
        )
