"""更正申请的文书 (Art 41): each settlement is told by its kinds of letter, by the matters' code."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import letter_kinds
from gongkai.statute import side_matters as s
from gongkai.web.applications import (
    correction_actions,
    letter_actions,
    letter_batch,
    tracking_access,
    tracking_page,
)
from gongkai.web.applications.letter_actions import NotSettled
from gongkai.web.applications.models import Correction, Letter
from gongkai.web.applications.recording import WrongDay
from gongkai.web.applications.tests.samples import PERSON, paper, registered
from gongkai.web.applications.tests.test_corrections import does
from gongkai.web.applications.tests.test_corrections import registered as asked
from gongkai.web.applications.tests.test_letters import office, printed
from gongkai.web.ledger import attachments
from gongkai.web.ledger.models import Event
from gongkai.web.organs.actions import NotAllowed
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

pytestmark = pytest.mark.django_db
__all__ = ["office"]
MADE = "出生日期由“2010年1月3日”更正为“2010年1月13日”"
COURT = {"courts": ["临溪区人民法院"]}
TYPED: dict[str, dict[str, Any]] = {
    "correction_done": {"corrected": MADE, **COURT},
    "correction_refused": COURT,
    "correction_passed": COURT,
    "correction_elsewhere": COURT,
    "correction_transfer": {"addressee": "临溪区公安局"},
}
SETTLED = {
    s.Settlement.CORRECTED: {},
    s.Settlement.PASSED_ON: {"organ": "临溪区公安局"},
    s.Settlement.NAMED: {"organ": "临溪区公安局"},
    s.Settlement.REFUSED: {"reason": "登记与户口簿一致"},
}
KINDS = [(one, kind) for one, kinds in s.LETTERS.items() for kind in kinds]


def settled(cast: Cast, how: s.Settlement) -> Correction:
    today = timezone.localdate()
    one = does(cast, asked(cast), s.EvidenceAdded(today, "户口簿第 3 页"))
    return does(cast, one, s.Settled(today, how, **SETTLED[how]), "approver")


def drafted(cast: Cast, one: Correction, kind: str, **more: Any) -> Letter:
    by = acting(cast, "handler", role=Role.HANDLER)
    return letter_actions.draft(by=by, of=one, kind=kind, values={**TYPED[kind], **more})


def issued(cast: Cast, letter: Letter, on: Any = None) -> Letter:
    by = acting(cast, "handler", role=Role.HANDLER)
    return letter_actions.issue(
        by=by, letter=letter, version=letter.version, on=on or timezone.localdate()
    )


def sent(cast: Cast, letter: Letter, who: str = "handler") -> Letter:
    by = acting(cast, who, role=Role.APPROVER if who == "approver" else Role.HANDLER)
    return letter_actions.mark_sent(by=by, letter=letter, version=letter.version)


def test_every_kind_about_corrections_tells_a_settlement() -> None:
    known = {id for id in letter_kinds.kinds() if id.startswith("correction_")}
    assert {kind for _one, kind in KINDS} == known and len(known) == 5
    assert set(s.LETTERS) == set(s.Settlement)
    assert all(letter_kinds.kind(kinds[0]).to == "applicant" for kinds in s.LETTERS.values())


@pytest.mark.parametrize(("how", "kind"), KINDS, ids=[kind for _how, kind in KINDS])
def test_each_is_composed_numbered_printed_and_sent(
    how: s.Settlement, kind: str, office: Cast
) -> None:
    one = settled(office, how)
    letter = sent(office, issued(office, drafted(office, one, kind)))
    assert (letter.state, letter.number[:5]) == ("sent", "临教公开告")
    text = printed(letter)
    assert "校车线路" in text and "第四十一条" in text
    assert letter.docx is not None and attachments.verified(letter.docx)[:2] == b"PK"
    for value in (*SETTLED[how].values(), *(TYPED[kind].get("corrected", ""),)):
        assert re.sub(r"\s", "", value) in text or how is s.Settlement.PASSED_ON
    told = {e.kind for e in Event.objects.filter(subject=correction_actions.address(one))}
    assert {"letter.drafted", "letter.numbered", "letter.sent"} <= told
    assert not any(PERSON.name in str(e.new) for e in Event.objects.all())


def test_sending_what_tells_the_applicant_is_telling_them(office: Cast) -> None:
    one = settled(office, s.Settlement.PASSED_ON)
    sent(office, issued(office, drafted(office, one, "correction_transfer")))
    one.refresh_from_db()
    assert one.state == s.State.DECIDED, "the other organ was told, not who asked"
    sent(office, issued(office, drafted(office, one, "correction_passed")))
    one.refresh_from_db()
    assert one.state == correction_actions.standing(one).state == s.State.TOLD and not one.is_open


def test_who_does_not_handle_sends_and_it_is_still_to_be_told(office: Cast) -> None:
    one = settled(office, s.Settlement.REFUSED)
    letter = sent(office, issued(office, drafted(office, one, "correction_refused")), "approver")
    one.refresh_from_db()
    assert letter.state == "sent" and one.state == s.State.DECIDED
    with pytest.raises(NotAllowed):
        letter_actions.draft(
            by=acting(office, "reviewer", role=Role.REVIEWER),
            of=one,
            kind="correction_refused",
            values={},
        )


def test_a_letter_and_the_settlement_agree(office: Cast) -> None:
    early = asked(office)
    draft = drafted(office, early, "correction_refused", reasons="登记与户口簿一致")
    with pytest.raises(NotSettled):
        issued(office, draft)
    today = timezone.localdate()
    does(office, early, s.EvidenceAdded(today, "户口簿第 3 页"))
    early.refresh_from_db()
    done = does(office, early, s.Settled(today, s.Settlement.CORRECTED), "approver")
    with pytest.raises(NotSettled):
        issued(office, draft)
    with pytest.raises(NotSettled):
        drafted(office, done, "correction_refused")
    right = drafted(office, done, "correction_done")
    with pytest.raises(WrongDay):
        issued(office, right, today - timedelta(days=1))
    with pytest.raises(NotSettled):
        letter_actions.draft(
            by=acting(office, "handler", role=Role.HANDLER), of=done, kind="withdrawal", values={}
        )
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", "")


def test_it_cannot_lack_what_article_41_asks(office: Cast) -> None:
    one = settled(office, s.Settlement.CORRECTED)
    draft = drafted(office, one, "correction_done", corrected="")
    with pytest.raises(letter_actions.Lacking) as refused:
        issued(office, draft)
    assert "更正结果" in str(refused.value.message)


def test_a_letter_is_of_a_matter_or_of_a_correction(office: Cast) -> None:
    one = settled(office, s.Settlement.CORRECTED)
    letter = drafted(office, one, "correction_done")
    assert letter.of == one and letter.organ_id == one.organ_id
    matter = registered(office, paper(arrived=timezone.localdate()))
    for wrong in ({"matter": matter}, {"correction": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**wrong)


def test_numbers_are_of_the_organ_whatever_the_letter_is_of(office: Cast) -> None:
    today = timezone.localdate()
    by = acting(office, "handler", role=Role.HANDLER)
    matter = registered(office, paper(arrived=today))
    first = letter_actions.draft(
        by=by, of=matter, kind="consultation_notice", values={"consulted_on": today}
    )
    taken = letter_actions.issue(by=by, letter=first, version=1, on=today, number="示例〔2026〕1号")
    second = drafted(office, settled(office, s.Settlement.CORRECTED), "correction_done")
    with pytest.raises(letter_actions.NumberTaken), transaction.atomic():
        letter_actions.issue(by=by, letter=second, version=1, on=today, number=taken.number)


def test_in_a_batch_they_are_like_others(office: Cast) -> None:
    one = settled(office, s.Settlement.PASSED_ON)
    letters = [
        issued(office, drafted(office, one, kind)) for kind in s.LETTERS[s.Settlement.PASSED_ON]
    ]
    by = acting(office, "handler", role=Role.HANDLER)
    assert letter_batch.together(by=by, letters=letters).startswith(b"%PDF")
    rows = letter_batch.envelopes(by=by, letters=letters, purpose="邮寄告知书")
    assert [row.addressee for row in rows] == [PERSON.name, "临溪区公安局"]


def test_the_applicant_reads_on_the_tracking_page_what_was_sent_to_them(office: Cast) -> None:
    one = settled(office, s.Settlement.PASSED_ON)
    passed = issued(office, drafted(office, one, "correction_passed"))
    transfer = sent(office, issued(office, drafted(office, one, "correction_transfer")))
    client = office.client(None)
    code = one.request.code
    client.post(reverse("tracking:start"), {"code": code, "tail": "1234"})
    page = reverse("tracking:case")
    assert tracking_access.COOKIE in client.cookies
    assert "发给您的文书" not in client.get(page).content.decode(), "numbered, not sent"
    passed.refresh_from_db()
    sent(office, passed)
    shown = client.get(page).content.decode()
    assert "转送更正告知" in shown and "转送更正函" not in shown and "已办结" in shown
    got = client.get(reverse("tracking:letter", args=[passed.pk]))
    assert got.getvalue().startswith(b"%PDF")
    assert client.get(reverse("tracking:letter", args=[transfer.pk])).status_code == 404
    other = asked(office)
    assert not tracking_page.letters(other.request).exists()


def test_from_the_page_of_the_correction(office: Cast) -> None:
    one = settled(office, s.Settlement.CORRECTED)
    handler, page = office.client("handler"), reverse("applications:correction", args=[one.pk])
    choose = reverse("applications:correction_letter_choose", args=[one.pk])
    assert choose in handler.get(page).content.decode()
    chosen = handler.get(choose).content.decode()
    new = reverse("applications:correction_letter_new", args=[one.pk, "correction_done"])
    assert new in chosen and "correction_refused" not in chosen
    assert handler.get(new.replace("_done", "_refused")).status_code == 404
    form = handler.get(new).content.decode()
    assert "校车线路" in form and "要求更正的记录" in form
    typed = {"version": 0, "corrected": MADE, "courts": "临溪区人民法院"}
    handler.post(new, {**typed, "reconsideration_organs": "临溪区人民政府"})
    letter = Letter.objects.get(correction=one)
    shown = reverse("applications:letter", args=[letter.pk])
    assert MADE in handler.get(shown).content.decode()
    pdf = handler.post(reverse("applications:letter_preview", args=[letter.pk]))
    assert pdf.getvalue().startswith(b"%PDF")
    issue = reverse("applications:letter_issue", args=[letter.pk])
    today = timezone.localdate()
    lacking = handler.post(
        reverse("applications:letter_edit", args=[letter.pk]),
        {**typed, "version": 1, "corrected": ""},
    )
    assert lacking.status_code == 302
    given = {"on": today.isoformat(), "number": "", "version": 2, "_sure": "1"}
    refused = handler.post(issue, given)
    assert refused.status_code == 422 and "更正结果" in refused.content.decode()
    handler.post(
        reverse("applications:letter_edit", args=[letter.pk]),
        {**typed, "version": 2},
    )
    handler.post(issue, {**given, "version": 3})
    letter.refresh_from_db()
    assert letter.number.startswith("临教公开告")
    assert "登记发出并告知申请人" in handler.get(shown).content.decode()
    done = handler.post(
        reverse("applications:letter_sent", args=[letter.pk]),
        {"version": letter.version},
        follow=True,
    )
    assert "并登记告知申请人" in done.content.decode()
    one.refresh_from_db()
    assert one.state == s.State.TOLD
    listed = handler.get(reverse("applications:letters")).content.decode()
    assert shown in listed and page in listed
    assert letter.number in handler.get(page).content.decode()
    supervised = office.client("supervisor").get(shown)
    assert supervised.status_code == 200 and PERSON.name not in supervised.content.decode()
    for who in ("outside_handler", "outside_approver"):
        foreign = office.client(who)
        for address in (shown, choose, new, issue):
            assert foreign.get(address).status_code == 404


def test_a_supervisor_reads_numbers_of_people_masked(office: Cast) -> None:
    one = settled(office, s.Settlement.CORRECTED)
    letter = drafted(office, one, "correction_done", corrected="手机号码更正为13812345678")
    page = reverse("applications:letter", args=[letter.pk])
    assert "13812345678" in office.client("handler").get(page).content.decode()
    shown = office.client("supervisor").get(page).content.decode()
    assert "13812345678" not in shown and "手机号码更正为" in shown
    assert "联系方式" in shown
