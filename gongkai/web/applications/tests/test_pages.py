"""申请的页面: registering, the lists, the case page, its acts, over real HTTP."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import case_events as e
from gongkai.statute.case_events import Act
from gongkai.statute.grounds import Ground
from gongkai.web.applications import case_acts, recording
from gongkai.web.applications.models import Applicant, Link, Matter, Party, Request
from gongkai.web.applications.tests.samples import paper, registered
from gongkai.web.ledger import vault
from gongkai.web.ledger.models import Event, Message
from gongkai.web.organs import preference_actions
from gongkai.web.organs.models import OrganSetting
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import PDF, acting, file

pytestmark = pytest.mark.django_db
TEXT = "2025 年秋季学期全区校车线路和经费安排。"


def typed(**more: Any) -> dict[str, Any]:
    """The form as an officer would fill it in."""
    today = timezone.localdate()
    return {
        "channel": "in_person",
        "arrived_on": today.isoformat(),
        "kind": "access",
        "a0_name": "陈示例",
        "a0_identity": "11010519491231002X",
        "a0_phone": "0000-00001234",
        "m0_text": TEXT,
        **more,
    }


def posted(client: Client, **more: Any) -> Any:
    return client.post(reverse("applications:new"), typed(**more))


def begun(cast: Cast, *, days: int = 0, **more: Any) -> Matter:
    arrived = timezone.localdate() - timedelta(days=days)
    return registered(cast, paper(arrived=arrived, **more))


_WITH_LETTER: dict[str, dict[str, str]] = {
    "clarify": {"guidance": "写明街道即可。", "clarify_days": "15", "number": "示例补〔2026〕1号"},
    "ask-reasons": {"excess": "本年已提出四十六件", "number": "示例理〔2026〕1号"},
    "tell-extension": {"extension_reasons": "需要逐件审查", "number": "示例延〔2026〕1号"},
    "decide": {
        "q_waiting": "yes",
        "q_wanted": "information",
        "q_clear": "yes",
        "q_before": "no",
        "q_held": "yes",
        "q_register": "no",
        "q_published": "no",
        "q_extent": "whole",
        "disclosed": "校车线路表 1 份",
        "reconsideration_organs": "临溪区人民政府",
    },
}
"""What the letter of an act asks for besides."""


def does(cast: Cast, matter: Matter, who: str, act: str, **fields: Any) -> Any:
    """Somebody sends the form of an act, and where it asks once more, says yes."""
    matter.refresh_from_db()
    given = {"on": timezone.localdate().isoformat(), "version": matter.version}
    given |= {"request": matter.text, **_WITH_LETTER.get(act, {}), **fields}
    client = cast.client(who, acting_at="LX-JY")
    address = case_acts.href(matter, Act(act.replace("-", "_")))
    answer = client.post(address, given)
    if answer.status_code == 200 and 'name="_sure"' in answer.content.decode():
        answer = client.post(address, given | {"_sure": "1"})
    matter.refresh_from_db()
    return answer


def records(cast: Cast, matter: Matter, who: str, event: e.Event) -> None:
    """An act that has a page of its own, by the service."""
    matter.refresh_from_db()
    by = acting(cast, who, role=Role(who))
    recording.act(by=by, matter=matter, event=event, version=matter.version)
    matter.refresh_from_db()


def drafted(cast: Cast, matter: Matter) -> None:
    decision = e.Decided(timezone.localdate(), Ground.DISCLOSED, where="当面领取")
    records(cast, matter, "handler", decision)


# -- registering


def test_a_letter_is_registered_and_its_number_days_and_code_are_shown(cast: Cast) -> None:
    client = cast.client("handler")
    answer = posted(client)
    request = Request.objects.get()
    assert answer.url == reverse("applications:request", args=[request.pk])
    page = client.get(answer.url).content.decode()
    assert request.code in page
    assert f"{request.year}-{request.number}" in page
    assert "当面提交，以提交之日为准" in page
    assert "陈**" in page and "陈示例" not in page


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(cast: Cast) -> None:
    answer = posted(cast.client("handler"), a0_name="", m0_text="", a0_phone="0000-00001234")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "条例第二十九条" in page and "0000-00001234" in page
    assert not Request.objects.exists()


def test_one_more_matter_without_scripts_keeps_what_was_typed(cast: Cast) -> None:
    client = cast.client("handler")
    page = posted(client, _more_matter="1").content.decode()
    assert TEXT in page and not Request.objects.exists()
    assert (
        '<fieldset class="section stacked-fields" data-block="matter"><legend>所需政府信息（2）'
        in page
    )
    posted(client, matters="2", m1_text="2025 年全区学校食堂采购合同。")
    assert Matter.objects.count() == 2
    assert [one.part for one in Matter.objects.order_by("part")] == [1, 2]


def test_the_days_are_told_before_anything_is_saved(cast: Cast) -> None:
    client = cast.client("handler")
    given = typed(channel="plain_mail", a0_organisation="示例律师事务所", a0_credit_code="31110000")
    page = client.post(reverse("applications:hints"), given).content.decode()
    assert "以双方确认之日为收到之日" in page
    assert "法律服务机构" in page
    given["confirmed_on"] = given["arrived_on"]
    page = client.post(reverse("applications:hints"), given).content.decode()
    assert "以与申请人确认之日为准" in page
    assert not Request.objects.exists()


def test_a_mistyped_identity_number_warns_and_a_passport_does_not(cast: Cast) -> None:
    client = cast.client("handler")
    page = client.post(reverse("applications:hints"), typed(a0_identity="110105194912310021"))
    assert "校验码不符" in page.content.decode()
    page = client.post(reverse("applications:hints"), typed(a0_identity="E12345678"))
    assert "校验码" not in page.content.decode()
    assert posted(client, a0_identity="110105194912310021").status_code == 302


def test_the_kind_follows_the_code_and_a_departure_says_why(cast: Cast) -> None:
    client = cast.client("handler")
    firm = {"a0_organisation": "示例科技有限公司", "a0_name": "", "a0_kind": "research"}
    assert posted(client, **firm).status_code == 422
    assert posted(client, **firm, a0_kind_reason="实为研究机构").status_code == 302
    one = Applicant.objects.get()
    assert (one.kind, one.suggested, one.kind_reason) == ("research", "business", "实为研究机构")


def test_an_agent_acts_for_the_principal_and_is_not_counted(cast: Cast) -> None:
    posted(cast.client("handler"), askers="2", a1_role="agent", a1_name="李代办")
    first, second = Applicant.objects.order_by("position")
    assert (first.is_agent, second.is_agent, second.kind) == (False, True, "")


def test_earlier_applications_of_the_same_person_are_one_click_away(cast: Cast) -> None:
    earlier = begun(cast)
    client = cast.client("handler")
    page = client.post(
        reverse("applications:hints"),
        typed(m0_text="2025 年秋季学期校车线路和经费安排情况。"),
    ).content.decode()
    assert reverse("applications:case", args=[earlier.pk]) in page
    assert "文字相似" in page
    other = client.post(
        reverse("applications:hints"), typed(a0_name="王另人", a0_identity="", a0_phone="")
    )
    assert reverse("applications:case", args=[earlier.pk]) not in other.content.decode()


def test_a_scan_is_kept_and_served_to_who_sees_the_matter(cast: Cast) -> None:
    client = cast.client("handler")
    posted(client, files=[file(PDF, "申请书.pdf")])
    matter = Matter.objects.get()
    page = client.get(reverse("applications:case", args=[matter.pk])).content.decode()
    assert "申请书.pdf" in page
    address = re.findall(rf'"(/applications/{matter.pk}/files/\d+/)"', page)[0]
    assert client.get(address).getvalue() == PDF
    assert cast.client("outside_handler").get(address).status_code == 404
    assert cast.client("drafter").get(address).status_code == 404


def test_a_form_sent_twice_registers_once(cast: Cast) -> None:
    from gongkai.web.shell import once

    client, token = cast.client("handler"), once.token()
    first, second = posted(client, _once=token), posted(client, _once=token)
    assert first.url == second.url
    assert Request.objects.count() == 1


def test_the_receipt_names_the_applicant_and_is_told(cast: Cast) -> None:
    matter = begun(cast)
    answer = cast.client("handler").post(reverse("applications:receipt", args=[matter.request_id]))
    page = answer.content.decode()
    assert "陈示例" in page and matter.request.code in page
    assert answer["Cache-Control"] == "no-store"
    assert Event.objects.filter(kind="letter.printed").count() == 1


def test_the_receipt_is_mailed_once_to_the_address_that_was_given(cast: Cast) -> None:
    client = cast.client("handler")
    posted(client, a0_email="chen@example.invalid")
    request = Request.objects.get()
    address = reverse("applications:mail_receipt", args=[request.pk])
    for _n in range(2):
        client.post(address)
    message = Message.objects.get()
    assert request.code in message.body and "陈示例" not in message.body
    assert vault.open_(message.to) == "chen@example.invalid"
    nobody = begun(cast)
    page = client.post(reverse("applications:mail_receipt", args=[nobody.request_id]), follow=True)
    assert "没有留电子邮箱" in page.content.decode()
    assert Message.objects.count() == 1


# -- the lists


def test_the_list_finds_by_number_title_organisation_and_by_who_asks(cast: Cast) -> None:
    one = begun(cast)
    begun(cast, asked=(_asked("食堂采购", "食堂采购合同。"),), askers=(_firm(),))
    client = cast.client("handler")

    def found(words: str) -> str:
        return client.get(reverse("applications:all"), {"q": words}).content.decode()

    for words in ("校车", "陈示例", "11010519491231002x", "000000001234"):
        page = found(words)
        assert "校车安排" in page and "食堂采购" not in page, words
    number = f"{one.request.year}-{one.request.number}"
    assert "校车安排" in found(number) and "食堂采购" not in found(number)
    assert "食堂采购" in found("示例科技") and "校车安排" not in found("示例科技")
    assert "陈**" in found("陈示例")


def test_open_matters_stand_by_the_day_they_are_due(cast: Cast) -> None:
    late = begun(cast, days=60)
    soon = begun(cast)
    page = cast.client("handler").get(reverse("applications:list")).content.decode()
    rows = [page.index(reverse("applications:case", args=[m.pk])) for m in (late, soon)]
    assert rows == sorted(rows)
    assert "逾期" in page
    overdue = cast.client("handler").get(reverse("applications:list"), {"due": "overdue"})
    assert reverse("applications:case", args=[soon.pk]) not in overdue.content.decode()


def test_mine_are_those_whose_turn_is_mine(cast: Cast) -> None:
    matter = begun(cast)
    link = reverse("applications:case", args=[matter.pk])

    def shown(who: str) -> bool:
        answer = cast.client(who, acting_at="LX-JY").get(reverse("applications:mine"))
        return link in answer.content.decode()

    assert shown("handler") and not shown("reviewer")
    does(cast, matter, "handler", "accept")
    does(cast, matter, "handler", "decide")
    assert matter.state == "under_review"
    assert shown("reviewer") and not shown("handler") and not shown("approver")


@pytest.mark.parametrize("tab", ["list", "mine", "closed", "all"])
def test_other_organs_lists_are_empty(cast: Cast, tab: str) -> None:
    matter = begun(cast)
    link = reverse("applications:case", args=[matter.pk])
    for who, code in (("outside_handler", "WS-JY"), ("drafter", "LX-CG")):
        page = cast.client(who, acting_at=code).get(reverse(f"applications:{tab}"))
        assert link not in page.content.decode()


def test_a_page_of_the_list_takes_a_fixed_number_of_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _n in range(8):
        begun(cast)
    client = cast.client("handler")
    client.get(reverse("applications:list"))
    with django_assert_max_num_queries(20):
        client.get(reverse("applications:list"))


def _asked(title: str, text: str) -> Any:
    from gongkai.web.applications.intake import Asked

    return Asked(title, text)


def _firm() -> Any:
    from gongkai.statute.applicant_kinds import ApplicantKind
    from gongkai.web.applications.intake import Asker

    return Asker(ApplicantKind.BUSINESS, organisation="示例科技有限公司", phone="0000-00009999")


# -- the case


def test_the_page_says_what_is_asked_the_clock_what_to_do_and_why_not(cast: Cast) -> None:
    matter = begun(cast)
    page = cast.client("handler").get(reverse("applications:case", args=[matter.pk]))
    text = page.content.decode()
    assert matter.text in text and "陈**" in text and "陈示例" not in text
    assert matter.deadline is not None and matter.deadline.due_on is not None
    assert matter.deadline.due_on.isoformat() in text
    assert reverse("applications:do", args=[matter.pk, "accept"]) in text
    assert "第三十三条" in text  # a day of the clock with its article
    assert "待受理" in text


def test_accept_ask_and_correct_move_the_clock(cast: Cast) -> None:
    matter = begun(cast)
    assert does(cast, matter, "handler", "accept").status_code == 302
    asked = e.ClarificationAsked(timezone.localdate(), "请写明学校名称")
    records(cast, matter, "handler", asked)
    assert matter.state == "awaiting_clarification"
    assert (matter.waits_for, matter.due_on) == ("applicant", date(2199, 12, 31))
    does(cast, matter, "handler", "correct")
    assert (matter.state, matter.waits_for) == ("handling", "handler")
    assert matter.deadline is not None and matter.due_on == matter.deadline.due_on


def test_what_was_corrected_is_what_is_asked_from_then_on(cast: Cast) -> None:
    matter = begun(cast)
    before = matter.text
    records(cast, matter, "handler", e.ClarificationAsked(timezone.localdate(), "请写明学校名称"))
    form = cast.client("handler").get(reverse("applications:do", args=[matter.pk, "correct"]))
    assert before in form.content.decode(), "it is there to be changed"
    does(cast, matter, "handler", "correct", wanted="第一小学 2025 年的校车线路。")
    assert (matter.text, matter.first_text) == ("第一小学 2025 年的校车线路。", before)
    page = cast.client("handler").get(reverse("applications:case", args=[matter.pk]))
    told = page.content.decode()
    assert "第一小学 2025 年的校车线路。" in told and "补正前的申请内容" in told and before in told
    events = "".join(str(one.new) for one in Event.objects.filter(kind="matter.reworded"))
    assert "第一小学" not in events


def test_what_needs_words_does_not_go_without(cast: Cast) -> None:
    matter = begun(cast)
    answer = does(cast, matter, "approver", "end", reason="")
    assert (answer.status_code, matter.state) == (422, "received")
    does(cast, matter, "approver", "end", reason="申请人死亡")
    assert matter.state == "ended"


def test_several_parties_are_asked_at_once_and_named_by_key_in_events(cast: Cast) -> None:
    matter = begun(cast)
    does(cast, matter, "handler", "accept")
    given = {
        "on": timezone.localdate().isoformat(),
        "version": matter.version,
        "p0_whom": "third_party",
        "p0_name": "周第三",
        "p0_contact": "临溪区示例路 9 号",
        "p1_whom": "joint_maker",
        "p1_organisation": "临溪区财政局",
        "concerned": "校车服务合同中的单价",
        "_sure": "1",
    }
    OrganSetting.objects.create(
        organ=matter.organ,
        key="paper.number_prefix",
        value="临教公开告",
        set_by=cast.accounts["administrator"],
        set_at=timezone.now(),
    )
    client = cast.client("handler")
    answer = client.post(reverse("applications:consult", args=[matter.pk]), given)
    assert answer.status_code == 302
    matter.refresh_from_db()
    assert [p.key for p in Party.objects.order_by("pk")] == ["甲", "乙"]
    assert (matter.waits_for, matter.state) == ("party", "handling")
    told = str(list(Event.objects.values_list("new", flat=True)))
    assert "周第三" not in told and "示例路 9 号" not in told
    page = client.get(reverse("applications:case", args=[matter.pk])).content.decode()
    assert "甲（周**）" in page and "乙（临溪区财政局）" in page
    today = timezone.localdate().isoformat()
    does(cast, matter, "handler", "serve", party="甲", on=today)
    does(cast, matter, "handler", "opinion", party="甲", opinion="objection", reason="涉及商业秘密")
    does(cast, matter, "handler", "call-off", party="乙", reason="不再需要")
    assert matter.waits_for == "handler"


def test_the_head_consents_and_the_handler_tells_of_the_extension(cast: Cast) -> None:
    matter = begun(cast)
    does(cast, matter, "handler", "accept")
    before = matter.due_on
    assert does(cast, matter, "handler", "extend").status_code == 422
    assert does(cast, matter, "approver", "extend", days="10", reason="量大").status_code == 302
    records(cast, matter, "handler", e.ExtensionTold(timezone.localdate()))
    assert matter.due_on > before


def test_an_act_of_another_role_says_whose_it_is(cast: Cast) -> None:
    matter = begun(cast)
    page = cast.client("reviewer").get(reverse("applications:do", args=[matter.pk, "accept"]))
    assert "由本机关履行“经办”职责的人办理" in page.content.decode()
    assert does(cast, matter, "reviewer", "accept").status_code == 422
    assert matter.state == "received"


def test_what_ends_a_case_is_asked_for_once_more(cast: Cast) -> None:
    matter = begun(cast)
    client = cast.client("handler")
    given = {"on": timezone.localdate().isoformat(), "version": matter.version}
    address = reverse("applications:do", args=[matter.pk, "withdraw"])
    page = client.post(address, given).content.decode()
    assert "申请人撤回" in page
    matter.refresh_from_db()
    assert matter.state == "received"
    client.post(address, given | {"_sure": "1"})
    matter.refresh_from_db()
    assert (matter.state, matter.is_open) == ("withdrawn", False)


def test_two_officers_at_once_the_second_is_told(cast: Cast) -> None:
    matter = begun(cast)
    seen = matter.version
    does(cast, matter, "handler", "accept")
    answer = cast.client("handler").post(
        reverse("applications:do", args=[matter.pk, "withdraw"]),
        {"on": timezone.localdate().isoformat(), "version": seen, "_sure": "1"},
    )
    assert answer.status_code == 422
    assert "他人已作修改" in answer.content.decode()


def test_ones_own_last_act_is_made_up_for_by_the_act_the_law_has(cast: Cast) -> None:
    matter = begun(cast)
    does(cast, matter, "handler", "accept")
    page = cast.client("handler").get(reverse("applications:case", args=[matter.pk]))
    assert "刚才登记了" not in page.content.decode()  # nothing takes an acceptance back
    does(cast, matter, "handler", "decide")
    page = cast.client("handler").get(reverse("applications:case", args=[matter.pk]))
    assert "刚才登记了“拟定答复”" in page.content.decode()
    page = cast.client("reviewer").get(reverse("applications:case", args=[matter.pk]))
    assert "刚才登记了" not in page.content.decode()
    does(cast, matter, "handler", "recall")
    assert matter.state == "handling"


def test_the_applicant_is_shown_to_who_says_for_what(cast: Cast) -> None:
    matter = begun(cast)
    client = cast.client("handler")
    address = reverse("applications:reveal", args=[matter.pk])
    assert client.post(address, {"purpose": "电"}).status_code == 422
    answer = client.post(address, {"purpose": "电话联系申请人确认收到"})
    page = answer.content.decode()
    assert "陈示例" in page and "11010519491231002X" in page
    assert answer["Cache-Control"] == "no-store"
    assert Event.objects.filter(kind="secret.unmasked").exists()
    assert cast.client("supervisor").post(address, {"purpose": "想看看是谁"}).status_code == 403


# -- beside the acts


def test_a_matter_is_given_to_another_handler_of_the_organ_alone(cast: Cast) -> None:
    matter = begun(cast)
    address = reverse("applications:give", args=[matter.pk])
    given = {"version": matter.version, "to": cast.accounts["drafter"].pk}
    assert cast.client("handler").post(address, given).status_code == 422
    given["to"] = cast.accounts["handler"].pk
    assert cast.client("approver").post(address, given).status_code == 302


def test_a_part_split_off_later_keeps_the_days_and_goes_its_own_way(cast: Cast) -> None:
    matter = begun(cast, days=3)
    does(cast, matter, "handler", "accept")
    given = {
        "version": matter.version,
        "text": "校车线路。",
        "asked": "经费安排。",
        "title": "经费",
        "_sure": "1",
    }
    client = cast.client("handler")
    client.post(reverse("applications:split", args=[matter.pk]), given)
    made = Matter.objects.get(part=2)
    matter.refresh_from_db()
    assert (made.state, made.due_on, made.text) == ("handling", matter.due_on, "经费安排。")
    assert matter.text == "校车线路。"
    page = client.get(reverse("applications:case", args=[matter.pk])).content.decode()
    assert reverse("applications:case", args=[made.pk]) in page
    merged = {"version": made.version, "into": matter.pk, "_sure": "1"}
    address = reverse("applications:merge", args=[made.pk])
    assert client.post(address, merged).status_code == 403
    assert cast.client("approver").post(address, merged).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.merged_into_id) == ("ended", matter.pk)


def test_two_matters_are_marked_as_the_same(cast: Cast) -> None:
    first, second = begun(cast), begun(cast)
    number = f"{first.request.year}-{first.request.number}"
    address = reverse("applications:link", args=[second.pk])
    client = cast.client("handler")
    assert client.post(address, {"number": "2020-99", "kind": "repeat"}).status_code == 422
    assert client.post(address, {"number": number, "kind": "repeat"}).status_code == 302
    assert client.post(address, {"number": number, "kind": "repeat"}).status_code == 422
    assert Link.objects.get().other == first


def test_the_kind_of_applicant_is_changed_with_a_reason(cast: Cast) -> None:
    matter = begun(cast)
    address = reverse("applications:applicant_kind", args=[matter.pk])
    client = cast.client("handler")
    given = {"version": matter.version, "kind": "research", "reason": "实为研究机构"}
    assert client.post(address, given).status_code == 302
    matter.refresh_from_db()
    assert (matter.kind, Applicant.objects.get().kind) == ("research", "research")


# -- the supervisor


def test_a_supervisor_reads_marks_and_reminds_but_does_nothing_else(cast: Cast) -> None:
    matter = begun(cast)
    client = cast.client("supervisor")
    page = client.get(reverse("applications:case", args=[matter.pk])).content.decode()
    assert "陈示例" not in page and "/do/" not in page
    assert client.post(reverse("applications:do", args=[matter.pk, "accept"])).status_code == 403
    client.post(
        reverse("applications:key", args=[matter.pk]), {"version": matter.version, "key": "yes"}
    )
    matter.refresh_from_db()
    assert matter.is_key
    answer = client.post(
        reverse("applications:remind", args=[matter.pk]), {"words": "请抓紧办理。"}
    )
    assert answer.status_code == 302
    seen = cast.client("handler").get(reverse("applications:case", args=[matter.pk]))
    assert "请抓紧办理。" in seen.content.decode()
    home = cast.client("handler").get(reverse("home")).content.decode()
    assert "请抓紧办理。" in home
    does(cast, matter, "handler", "withdraw")
    home = cast.client("handler").get(reverse("home")).content.decode()
    assert "请抓紧办理。" not in home


def test_the_same_cases_are_drawn_again_by_the_same_number(cast: Cast) -> None:
    for _n in range(6):
        matter = begun(cast)
        does(cast, matter, "handler", "withdraw")
    today = timezone.localdate().isoformat()
    client = cast.client("supervisor")
    asked = {"first": today, "last": today, "count": "3", "seed": "7"}

    def drawn(**more: str) -> list[str]:
        page = client.get(reverse("applications:sample"), asked | more).content.decode()
        return sorted(
            str(m.pk)
            for m in Matter.objects.all()
            if f'"{reverse("applications:case", args=[m.pk])}"' in page
        )

    assert len(drawn()) == 3 and drawn() == drawn()
    assert any(drawn() != drawn(seed=str(seed)) for seed in range(8, 14))
    sheet = client.get(reverse("applications:sample"), asked | {"export": "xlsx"})
    assert sheet.getvalue()[:2] == b"PK"


def test_the_vault_is_asked_by_marks_and_opens_nothing(cast: Cast) -> None:
    begun(cast)
    one = Applicant.objects.get()
    assert one.phone is not None
    assert vault.like("000000001234", "phone").get() == one.phone


# -- the front page


def test_what_waits_stands_on_the_front_page_with_its_day_and_goes_on_to_the_next(
    cast: Cast,
) -> None:
    matter = begun(cast)
    link = reverse("applications:case", args=[matter.pk])

    def tasks(who: str) -> list[tuple[str, str]]:
        found = cast.client(who, acting_at="LX-JY").get(reverse("home")).context["tasks"]
        return [(one.to_do, one.note) for one in found if one.href == link]

    ((to_do, due),) = tasks("handler")
    assert to_do == "受理" and matter.due_on.isoformat() in due
    assert tasks("reviewer") == []
    does(cast, matter, "handler", "accept")
    drafted(cast, matter)
    assert tasks("handler") == []
    assert [to_do for to_do, _due in tasks("reviewer")] == ["审核通过"]


def test_a_supervisor_sees_what_is_late_or_key_below_her(cast: Cast) -> None:
    late = begun(cast, days=60)
    begun(cast)

    def watched() -> dict[str, str]:
        found = cast.client("supervisor").get(reverse("home")).context["watched"]
        return {one.title: one.count for one in found}

    assert watched()["逾期未答复的申请"] == "1 件"
    assert "在办的重点件" not in watched()
    key = reverse("applications:key", args=[late.pk])
    cast.client("supervisor").post(key, {"version": late.version, "key": "yes"})
    assert watched()["在办的重点件"] == "1 件"
    does(cast, late, "handler", "withdraw")
    assert "逾期未答复的申请" not in watched()


def test_an_organs_own_channel_is_offered_with_the_rule_of_its_kind(cast: Cast) -> None:
    preference_actions.set_value(
        by=acting(cast, "administrator", "LX", role=Role.ADMINISTRATOR),
        organ=cast.organs["LX"],
        key="intake.channels",
        value="互联网渠道=政务服务网",
        was=None,
    )
    client = cast.client("handler")
    page = client.get(reverse("applications:new")).content.decode()
    assert "政务服务网（互联网渠道）" in page
    posted(client, channel="online|政务服务网", automatic="on")
    request = Request.objects.get()
    assert (request.channel, request.via) == ("online", "政务服务网")
    assert Matter.objects.get().received_on == timezone.localdate()


def test_numbers_within_the_request_are_masked_for_a_supervisor(cast: Cast) -> None:
    matter = begun(cast, asked=(_asked("校车", "请把校车线路寄给我，电话 13800005678。"),))
    address = reverse("applications:case", args=[matter.pk])
    assert "13800005678" in cast.client("handler").get(address).content.decode()
    assert "13800005678" not in cast.client("supervisor").get(address).content.decode()
