"""文书和答复的页面: deciding step by step, the letter seen before it goes, files for officers."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import case_events as e
from gongkai.statute import letter_kinds
from gongkai.web.applications import letter_acts
from gongkai.web.applications.models import Letter, LetterTemplate, Matter
from gongkai.web.applications.tests.samples import PERSON, paper, registered
from gongkai.web.applications.tests.test_letters import (  # noqa: F401
    clarify,
    office,
    printed,
)
from gongkai.web.applications.tests.test_life import ARRIVED, did
from gongkai.web.ledger.models import Event
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
PARTLY = {
    "q_waiting": "yes",
    "q_wanted": "information",
    "q_clear": "yes",
    "q_before": "no",
    "q_held": "yes",
    "q_register": "no",
    "q_published": "no",
    "q_extent": "part",
    "q_withheld": ["internal_affairs", "process"],
}


def recent(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def begun(cast: Cast) -> Matter:
    matter = registered(cast, paper(arrived=recent(5)))
    return did(cast, matter, "handler", e.Accepted(recent(5)))


def post(client: Client, address: str, data: dict[str, Any]) -> Any:
    """As a person does: sent, and where it is asked for, confirmed."""
    answer = client.post(address, data)
    if answer.status_code == 200 and b'name="_sure"' in answer.content:
        answer = client.post(address, {**data, "_sure": "1"})
    return answer


def url(name: str, matter: Matter, *more: Any) -> str:
    return reverse(f"applications:{name}", args=[matter.pk, *more])


def test_an_answer_from_the_first_question_to_delivery(office: Cast) -> None:  # noqa: F811
    matter = begun(office)
    handler = office.client("handler")
    first = handler.get(url("decide", matter)).content.decode()
    assert "仍在等待答复" in first and "要的是什么" not in first
    step = handler.post(url("decide", matter), {"q_waiting": "yes", "_step": "1"}).content.decode()
    assert "要的是什么" in step
    typed: dict[str, Any] = {
        **PARTLY,
        "version": matter.version,
        "on": timezone.localdate().isoformat(),
        "request": matter.text,
        "disclosed": "校车线路表，共 3 页，见附件",
        "form": "纸质复印件",
        "withheld": "经费分配的讨论记录",
        "reasons": "该记录是内部讨论，没有规定应当公开",
        "reconsideration_organs": "临溪区人民政府",
        "courts": "临溪区人民法院",
        "contact": "临溪区教育局办公室",
    }
    seen = handler.post(url("decide", matter), {**typed, "_step": "1"}).content.decode()
    assert "部分可以公开" in seen and "应当先申请行政复议" in seen
    assert "校车线路表" in seen and PERSON.name not in seen and "陈**" in seen
    answer = post(handler, url("decide", matter), typed)
    assert answer.status_code == 302, answer.content.decode()
    matter.refresh_from_db()
    assert matter.state == "under_review"
    reviewing = office.client("reviewer").get(url("answer_review", matter)).content.decode()
    assert "经费分配的讨论记录" in reviewing and matter.text[:8] in reviewing
    today = timezone.localdate().isoformat()
    for who, act, more in (
        ("reviewer", "review", {}),
        ("approver", "approve", {}),
        ("approver", "sign", {}),
        ("handler", "send", {"way": "mail"}),
    ):
        matter.refresh_from_db()
        data = {"on": today, "version": matter.version, **more}
        done = post(office.client(who), url(f"answer_{act}", matter), data)
        assert done.status_code == 302, done.content.decode()
    matter.refresh_from_db()
    assert matter.state == "sent"
    letter = letter_acts.answer_of(matter)
    assert letter is not None and letter.state == "sent" and letter.number.endswith("1号")
    file = handler.post(reverse("applications:letter_file", args=[letter.pk, "pdf"]))
    assert b"".join(file).startswith(b"%PDF")
    assert Event.objects.filter(kind="letter.printed").count() == 1
    shown = handler.get(reverse("applications:letter", args=[letter.pk])).content.decode()
    assert PERSON.name not in shown
    case = handler.get(reverse("applications:case", args=[matter.pk])).content.decode()
    assert letter.number in case


def test_a_notice_is_seen_before_it_is_given(office: Cast) -> None:  # noqa: F811
    matter = begun(office)
    handler = office.client("handler")
    address = url("notice_clarify", matter)
    assert "补正指引" in handler.get(address).content.decode()
    typed = {
        "on": timezone.localdate().isoformat(),
        "version": matter.version,
        "points": "请写明学校名称。",
        "guidance": "写明街道即可。",
        "clarify_days": "10",
        "request": matter.text,
    }
    seen = handler.post(address, {**typed, "_preview": "1"}).content.decode()
    assert "自收到" in seen and not Letter.objects.exists()
    assert post(handler, address, typed).status_code == 302
    assert Letter.objects.get().number.endswith("1号")
    matter.refresh_from_db()
    asked = Event.objects.filter(kind="application.clarify").get()
    assert asked.new["event"]["until"]


def test_parties_are_asked_on_one_page(office: Cast) -> None:  # noqa: F811
    matter = begun(office)
    handler = office.client("handler")
    address = url("consult", matter)
    assert handler.get(address).status_code == 200
    typed = {
        "on": timezone.localdate().isoformat(),
        "version": matter.version,
        "p0_whom": "third_party",
        "p0_organisation": "临溪示例客运有限公司",
        "p1_whom": "third_party",
        "concerned": "校车服务合同中的单价",
        "contact": "临溪区教育局办公室",
    }
    assert post(handler, address, typed).status_code == 302
    assert Letter.objects.get().party is not None


def test_a_letter_beside_the_acts(office: Cast) -> None:  # noqa: F811
    matter = begun(office)
    handler = office.client("handler")
    assert "征求意见告知" in handler.get(url("letter_choose", matter)).content.decode()
    new = url("letter_new", matter, "withdrawal")
    assert handler.get(new).status_code == 200
    typed = {"version": "0", "request": matter.text, "contact": "临溪区教育局办公室"}
    made = handler.post(new, typed)
    assert made.status_code == 302, made.content.decode()
    letter = Letter.objects.get()
    shown = handler.get(reverse("applications:letter", args=[letter.pk])).content.decode()
    assert "缺少必备的要素" in shown and "撤回的日期" in shown
    issue = reverse("applications:letter_issue", args=[letter.pk])
    today = timezone.localdate().isoformat()
    refused = handler.post(issue, {"version": letter.version, "on": today, "number": ""})
    assert refused.status_code == 422 and "缺少必备的要素" in refused.content.decode()
    preview = handler.post(reverse("applications:letter_preview", args=[letter.pk]))
    assert b"".join(preview).startswith(b"%PDF")
    void = reverse("applications:letter_void", args=[letter.pk])
    assert handler.post(void, {"version": letter.version, "reason": "写错了"}).status_code == 302


def test_a_supervisor_reads_and_takes_no_file(office: Cast) -> None:  # noqa: F811
    matter = begun(office)
    handler = office.client("handler")
    handler.post(url("letter_new", matter, "withdrawal"), {"version": "0"})
    letter = Letter.objects.get()
    supervisor = office.client("supervisor")
    shown = supervisor.get(reverse("applications:letter", args=[letter.pk]))
    assert shown.status_code == 200 and PERSON.name not in shown.content.decode()
    address = reverse("applications:letter_preview", args=[letter.pk])
    assert supervisor.post(address).status_code == 403


def test_a_fee_is_proposed_seen_and_notified(office: Cast) -> None:  # noqa: F811
    matter = begun(office)
    handler = office.client("handler")
    address = url("notice_charge", matter)
    shown = handler.get(address).content.decode()
    assert "此前 0 件" in shown and "第1件" in shown
    typed = {
        "on": timezone.localdate().isoformat(),
        "version": matter.version,
        "basis": "pages",
        "units": "68",
        "pay_way": "到财政代收网点缴纳",
        "request": matter.text,
    }
    seen = handler.post(address, {**typed, "_preview": "1"}).content.decode()
    assert "380元" in seen
    none = handler.post(address, {**typed, "units": "5"})
    assert none.status_code == 422 and "不需要收费" in none.content.decode()
    assert post(handler, address, {**typed, "later": "on"}).status_code == 302
    letter = Letter.objects.get()
    received = reverse("applications:fee_received", args=[letter.pk])
    data = {"on": timezone.localdate().isoformat(), "version": matter.version}
    assert post(handler, received, data).status_code == 302
    matter.refresh_from_db()
    assert matter.state == "awaiting_payment"


def test_letters_are_printed_together_and_put_into_envelopes(
    office: Cast,  # noqa: F811
) -> None:
    handler = office.client("handler")
    for _ in range(2):
        matter = begun(office)
        new = url("letter_new", matter, "consultation_notice")
        handler.post(new, {"version": "0", "request": matter.text})
        letter = Letter.objects.latest("pk")
        letter.values["consulted_on"] = recent(3).isoformat()
        letter.save()
        issue = reverse("applications:letter_issue", args=[letter.pk])
        data = {"version": letter.version, "on": timezone.localdate().isoformat()}
        assert post(handler, issue, data).status_code == 302
    keys = [str(one.pk) for one in Letter.objects.all()]
    listed = reverse("applications:letters")
    assert "1号" in handler.get(listed).content.decode()
    made = handler.post(listed, {"act": "print", "key": keys})
    document = pypdfium2.PdfDocument(b"".join(made))
    assert len(document) == 2
    asked = handler.post(listed, {"act": "merge", "key": keys})
    assert asked.status_code == 302
    refused = handler.post(asked["Location"], {"purpose": "寄"})
    assert refused.status_code == 422
    assert not Event.objects.filter(kind="secret.unmasked").exists()
    book = handler.post(asked["Location"], {"purpose": "寄送征求意见告知书"})
    with zipfile.ZipFile(io.BytesIO(b"".join(book))) as opened:
        sheet = opened.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count(PERSON.name) == 2 and PERSON.address in sheet
    assert Event.objects.filter(kind="secret.unmasked").count() == 4


def test_what_is_void_or_a_draft_is_neither_printed_nor_put_into_an_envelope(
    office: Cast,  # noqa: F811
) -> None:
    handler = office.client("handler")
    for state in ("numbered", "void", "draft"):
        matter = begun(office)
        new = url("letter_new", matter, "consultation_notice")
        handler.post(new, {"version": "0", "request": matter.text})
        letter = Letter.objects.latest("pk")
        if state == "draft":
            continue
        letter.values["consulted_on"] = recent(3).isoformat()
        letter.save()
        issue = reverse("applications:letter_issue", args=[letter.pk])
        data = {"version": letter.version, "on": timezone.localdate().isoformat()}
        assert post(handler, issue, data).status_code == 302
        if state == "void":
            letter.refresh_from_db()
            void = reverse("applications:letter_void", args=[letter.pk])
            assert handler.post(void, {"version": letter.version, "reason": "写错了"}).status_code
    assert list(Letter.objects.order_by("pk").values_list("state", flat=True)) == [
        "numbered", "void", "draft",
    ]  # fmt: skip
    keys = [str(one.pk) for one in Letter.objects.all()]
    listed = reverse("applications:letters")
    made = handler.post(listed, {"act": "print", "key": keys})
    assert len(pypdfium2.PdfDocument(b"".join(made))) == 1
    asked = handler.post(listed, {"act": "merge", "key": keys})
    book = handler.post(asked["Location"], {"purpose": "寄送征求意见告知书"})
    assert b"".join(book).startswith(b"PK")
    assert Event.objects.filter(kind="secret.unmasked").count() == 2


def test_an_organ_edits_its_text_and_goes_back(office: Cast) -> None:  # noqa: F811
    administrator = office.client("administrator")
    listed = reverse("applications:templates", args=["LX-JY"])
    assert "补正告知" in administrator.get(listed).content.decode()
    address = reverse("applications:template", args=["LX-JY", "clarification"])
    shown = administrator.get(address).content.decode()
    assert "补正事项" in shown
    source = letter_kinds.kind("clarification").template.source
    wrong = administrator.post(address, {"text": source + "\n{补正事}", "number": "0"})
    assert wrong.status_code == 422 and "补正事项" in wrong.content.decode()
    last = source.count("\n") + 2
    assert f"第{last}行第1字" in wrong.content.decode()
    bare = administrator.post(address, {"text": "请补正。", "number": "0"})
    assert bare.status_code == 422 and "必备的要素" in bare.content.decode()
    own = source + "\n特此告知，请按时补正。"
    seen = administrator.post(address, {"text": own, "number": "0", "_preview": "1"})
    assert "特此告知" in seen.content.decode() and not LetterTemplate.objects.exists()
    assert administrator.post(address, {"text": own, "number": "0"}).status_code == 302
    stale = administrator.post(address, {"text": own + "。", "number": "0"})
    assert stale.status_code == 422
    matter = clarify(office, begun_on(office), ARRIVED)
    assert "特此告知" in printed(matter.letters.get())
    assert matter.letters.get().template is not None
    back = reverse("applications:template_back", args=["LX-JY", "clarification"])
    assert administrator.post(back, {"number": "1"}).status_code == 302
    again = clarify(office, begun_on(office), ARRIVED)
    assert "特此告知" not in printed(again.letters.get())


def begun_on(cast: Cast) -> Matter:
    """Of the day the texts are tried on."""
    matter = registered(cast, paper(arrived=ARRIVED))
    return did(cast, matter, "handler", e.Accepted(ARRIVED))
