"""申请人查询: the code and the end of a contact, what is shown, what is sent in and who is told."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import case_events as e
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.clock_events import Whom
from gongkai.web.applications import life, recording, tracking_access
from gongkai.web.applications.intake import Asked, Asker
from gongkai.web.applications.models import Letter, Matter, Party, TrackingTries
from gongkai.web.applications.tests.samples import paper, registered
from gongkai.web.ledger import alerts, attachments
from gongkai.web.ledger.models import Alert, Attachment, Event
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import PDF, acting, file

pytestmark = pytest.mark.django_db
START = "/track/"
PERSON = Asker(
    ApplicantKind.NATURAL_PERSON,
    name="陈示例",
    phone="0000-0000 1234",
    email="Chen.Shi@example.com",
    postcode="215007",
)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch, request: Any) -> None:
    """Answers come at once but where their time is the matter."""
    if "takes_as_long" not in request.node.name:
        monkeypatch.setattr(tracking_access, "FLOOR", 0.0)


def begun(cast: Cast, *, days: int = 0, **more: Any) -> Matter:
    arrived = timezone.localdate() - timedelta(days=days)
    return registered(cast, paper(arrived=arrived, askers=(PERSON,), **more))


def does(cast: Cast, matter: Matter, *told: e.Event, who: str = "handler") -> Matter:
    role = Role.APPROVER if who == "approver" else Role.HANDLER
    for event in told:
        by = acting(cast, who, "LX-JY", role=role)
        matter.refresh_from_db()
        matter = recording.act(by=by, matter=matter, event=event, version=matter.version)
    return matter


def tries(client: Client, code: str, tail: str, **more: Any) -> Any:
    return client.post(START, {"code": code, "tail": tail}, **more)


def inside(matter: Matter) -> Client:
    client = Client()
    assert tries(client, matter.request.code, "1234").status_code == 302
    return client


def shown(client: Client) -> str:
    answer = client.get(reverse("tracking:case"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def cleaned(page: str, *typed: str) -> str:
    """A page without what differs in any two: tokens, ids, and what was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|<code>[^<]*</code>', "", page)
    for one in typed:
        page = page.replace(one, "")
    return page


# -- who gets in


@pytest.mark.parametrize("tail", ["1234", "１２３４", ".shi", "5007", "00001234", "chen.shi@x.cn"])
def test_the_code_and_the_end_of_any_contact_open_the_page(cast: Cast, tail: str) -> None:
    matter = begun(cast)
    code = matter.request.code
    typed = f" {code[:5].lower()}-{code[5:]} "
    client = Client()
    assert tries(client, typed, tail).url == reverse("tracking:case")
    assert "校车安排" in shown(client)


def test_wrong_unknown_and_anothers_are_answered_alike(cast: Cast) -> None:
    mine, other = begun(cast), registered(cast, paper(arrived=timezone.localdate()))
    other.request.applicants.update(postcode="999999")
    pages: list[str] = []
    for code, tail in (
        (mine.request.code, "9998"),  # wrong
        ("ACDEFGHJKL", "1234"),  # unknown
        (mine.request.code, "9999"),  # of another
        (other.request.code, "5007"),
    ):
        answer = tries(Client(), code, tail, REMOTE_ADDR=f"192.0.2.{len(pages)}")
        assert answer.status_code == 422
        assert tracking_access.COOKIE not in answer.cookies
        pages.append(cleaned(answer.content.decode(), code, tail))
    assert len(set(pages)) == 1
    assert "没有查到" in pages[0]


@pytest.mark.parametrize("tail", ["", "com", ".com", "@", "234", "*"])
def test_less_than_the_end_opens_nothing(cast: Cast, tail: str) -> None:
    matter = begun(cast)
    client = Client()
    assert tries(client, matter.request.code, tail).status_code == 422
    assert client.get(reverse("tracking:case")).status_code == 302


def test_a_wrong_end_takes_as_long_as_an_unknown_code(cast: Cast) -> None:
    code = begun(cast).request.code
    took: dict[str, float] = {}
    for name, given in (("wrong", code), ("unknown", "ACDEFGHJKL")):
        each = []
        for n in range(3):
            began = time.perf_counter()
            tries(Client(), given, "0001", REMOTE_ADDR=f"192.0.2.{n}")
            each.append(time.perf_counter() - began)
        took[name] = min(each)
        assert took[name] >= tracking_access.FLOOR
    assert abs(took["wrong"] - took["unknown"]) < 0.1, took


def test_a_code_is_guessed_at_only_so_often_from_wherever(cast: Cast) -> None:
    code = begun(cast).request.code
    free = tracking_access.OF_CODE.free
    for n in range(free):
        assert tries(Client(), code, f"{n:04d}", REMOTE_ADDR=f"192.0.2.{n}").status_code == 422
    late = tries(Client(), code, "1234", REMOTE_ADDR="192.0.2.99")
    assert late.status_code == 429, "the right one is not looked at either"
    assert 0 < int(late["Retry-After"]) <= 61
    page = late.content.decode()
    assert "之后再试" in page and "没有核对" in page
    assert tracking_access.COOKIE not in late.cookies
    # An unknown code is slowed just so.
    for n in range(free):
        tries(Client(), "ACDEFGHJKL", f"{n:04d}", REMOTE_ADDR=f"198.51.100.{n}")
    unknown = tries(Client(), "ACDEFGHJKL", "1234", REMOTE_ADDR="192.0.2.98")
    assert unknown.status_code == 429


def test_after_the_wait_the_right_one_opens_and_the_wait_doubles(cast: Cast) -> None:
    request = begun(cast).request
    at = timezone.now()
    for n in range(tracking_access.OF_CODE.free):
        with pytest.raises(tracking_access.NotFound):
            tracking_access.enter(code=request.code, tail="0", address=f"192.0.2.{n}", at=at)
    waits = []
    for _round in range(8):
        with pytest.raises(tracking_access.Slowed) as slowed:
            tracking_access.enter(code=request.code, tail="1234", address="192.0.2.77", at=at)
        waits.append(slowed.value.until - at)
        at = slowed.value.until
        with pytest.raises(tracking_access.NotFound):
            tracking_access.enter(code=request.code, tail="0", address="192.0.2.78", at=at)
    minutes = [round(one.total_seconds() / 60) for one in waits]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]
    at += timedelta(hours=2)
    found = tracking_access.enter(code=request.code, tail="1234", address="192.0.2.77", at=at)
    assert found == request


def test_an_address_that_tries_many_codes_is_slowed(cast: Cast) -> None:
    matter = begun(cast)
    at = timezone.now()
    for n in range(tracking_access.OF_ADDRESS.free):
        with pytest.raises(tracking_access.NotFound):
            tracking_access.enter(code=f"A{n}", tail="0001", address="192.0.2.5", at=at)
    given: dict[str, Any] = {"code": matter.request.code, "tail": "1234", "at": at}
    with pytest.raises(tracking_access.Slowed):
        tracking_access.enter(**given, address="192.0.2.5")
    assert tracking_access.enter(**given, address="192.0.2.6") == matter.request


def test_right_codes_do_not_wash_off_wrong_ones(cast: Cast) -> None:
    matter = begun(cast)
    at = timezone.now()
    with pytest.raises(tracking_access.Slowed):
        for n in range(100):
            tracking_access.enter(code=matter.request.code, tail="1234", address="192.0.2.5", at=at)
            with pytest.raises(tracking_access.NotFound):
                tracking_access.enter(code=f"A{n}", tail="0001", address="192.0.2.5", at=at)
    assert n == tracking_access.OF_ADDRESS.free


def test_nothing_of_who_asked_is_kept_in_the_open(cast: Cast) -> None:
    tries(Client(), "ACDEFGHJKL", "1234", REMOTE_ADDR="192.0.2.5")
    keys = " ".join(TrackingTries.objects.values_list("key", flat=True))
    assert keys and "192.0.2.5" not in keys and "ACDE" not in keys
    old = timezone.now() - timedelta(days=2)
    TrackingTries.objects.update(last_at=old)
    tries(Client(), "ACDEFGHJKM", "1234", REMOTE_ADDR="192.0.2.6")
    assert not TrackingTries.objects.filter(last_at=old).exists()


def test_the_page_is_closed_by_time_by_leaving_and_to_a_forged_cookie(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter = begun(cast)
    case = reverse("tracking:case")
    forged = Client()
    forged.cookies[tracking_access.COOKIE] = f'"{matter.request.code}":x:y'
    assert forged.get(case)["Location"] == START
    client = inside(matter)
    cookie = client.cookies[tracking_access.COOKIE]
    assert cookie["httponly"] and cookie["path"] == "/track/" and cookie["samesite"] == "Lax"
    assert matter.request.code not in case
    monkeypatch.setattr(tracking_access, "STAYS", timedelta(seconds=-1))
    assert client.get(case)["Location"] == START
    monkeypatch.undo()
    assert client.get(case).status_code == 200
    client.post(reverse("tracking:leave"))
    assert client.get(case)["Location"] == START


def test_no_answer_is_cached_or_indexed(cast: Cast) -> None:
    client = inside(begun(cast))
    for address in (START, reverse("tracking:case"), reverse("tracking:letter", args=[1])):
        answer = client.get(address, raise_request_exception=False)
        if answer.status_code == 404:
            continue
        assert "no-store" in answer["Cache-Control"], address
        assert "noindex" in answer["X-Robots-Tag"]
        assert 'name="robots" content="noindex' in answer.content.decode()


# -- what is shown


def test_only_what_the_applicant_should_know_is_shown(cast: Cast) -> None:
    matter = begun(cast, days=10)
    today = timezone.localdate()
    does(
        cast,
        matter,
        e.Accepted(today - timedelta(days=9)),
        e.ConsultationSent(today - timedelta(days=8), "甲", Whom.THIRD_PARTY),
    )
    Party.objects.create(matter=matter, key="甲", organisation="示例供货有限公司")
    page = shown(inside(matter))
    assert "正在办理" in page and "征求第三方或者其他机关的意见" in page and "第三十三条" in page
    for hidden in ("陈示例", "陈**", "1234", "chen", "215007", "示例供货", "甲经办", "示例路"):
        assert hidden not in page, hidden


def test_each_state_has_its_words(cast: Cast) -> None:
    from gongkai.statute.case_table import State
    from gongkai.web.applications.tracking_page import STATES

    assert set(STATES) == set(State)
    matter = begun(cast, days=6)
    today = timezone.localdate()
    assert "已收到" in shown(inside(matter))
    does(
        cast,
        matter,
        e.Accepted(today - timedelta(days=5)),
        e.ClarificationAsked(
            today - timedelta(days=4), "请写明学校的名称。", until=today + timedelta(days=9)
        ),
    )
    page = shown(inside(matter))
    assert "等您补正" in page and "请写明学校的名称。" in page and "暂停计算" in page
    assert f"{today + timedelta(days=9):%Y-%m-%d}" in page
    does(cast, matter, e.Corrected(today - timedelta(days=1)))
    page = shown(inside(matter))
    assert "等您补正" not in page and "期限从次日起重新计算" in page and "第三十条" in page
    matter.refresh_from_db()
    assert f"{matter.due_on:%Y-%m-%d}" in page
    does(cast, matter, e.Withdrawn(today))
    page = shown(inside(matter))
    assert "已撤回" in page and "撤回这件申请</a>" not in page


def test_several_matters_stand_side_by_side_and_no_one_elses(cast: Cast) -> None:
    mine = begun(cast, asked=(Asked("校车安排", "线路。"), Asked("食堂合同", "合同。")))
    registered(cast, paper(arrived=timezone.localdate(), asked=(Asked("别人的", "别人的。"),)))
    page = shown(inside(mine))
    assert "校车安排" in page and "食堂合同" in page and "别人的" not in page


def letter(cast: Cast, matter: Matter, state: str = "sent", **more: Any) -> Letter:
    by = acting(cast, "handler", "LX-JY", role=Role.HANDLER)
    given = {"kind": "extension", **more}
    made = Letter.objects.create(
        matter=matter,
        organ=matter.organ,
        state=state,
        by=by.by,
        at=by.at,
        dated=timezone.localdate(),
        **given,
    )
    made.pdf = attachments.attach(
        organ=matter.organ,
        subject=f"letter/{made.pk}",
        file=file(PDF, "告知书.pdf"),
        kinds=("pdf",),
        by=by.by,
        at=by.at,
    )
    made.save()
    return made


def test_letters_that_were_sent_to_the_applicant_can_be_downloaded_and_no_others(
    cast: Cast,
) -> None:
    matter, foreign = begun(cast), registered(cast, paper(arrived=timezone.localdate()))
    party = Party.objects.create(matter=matter, key="甲", organisation="示例供货有限公司")
    sent = letter(cast, matter)
    others = [
        letter(cast, matter, "numbered"),
        letter(cast, matter, "void"),
        letter(cast, matter, kind="consultation", party=party),
        letter(cast, matter, kind="coordination"),
        letter(cast, foreign),
    ]
    client = inside(matter)
    page = shown(client)
    assert page.count(reverse("tracking:letter", args=[0])[:-2]) == 1
    answer = client.get(reverse("tracking:letter", args=[sent.pk]))
    assert answer.getvalue() == PDF
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"].startswith("attachment")
    for one in others:
        assert client.get(reverse("tracking:letter", args=[one.pk])).status_code == 404
    assert Client().get(reverse("tracking:letter", args=[sent.pk])).status_code == 302


# -- what is sent in


def unclear(cast: Cast) -> Matter:
    today = timezone.localdate()
    return does(
        cast,
        begun(cast, days=6),
        e.Accepted(today - timedelta(days=5)),
        e.ClarificationAsked(today - timedelta(days=4), "请写明学校的名称。"),
    )


def sends(client: Client, what: str, part: int = 1, **typed: Any) -> Any:
    return client.post(reverse("tracking:send", args=[part, what]), typed)


def test_a_correction_is_acknowledged_attached_and_told_but_not_recorded(cast: Cast) -> None:
    matter = unclear(cast)
    client = inside(matter)
    scan = SimpleUploadedFile("照片.pdf", PDF)
    answer = sends(client, "correction", text="是示例小学。", papers=[scan])
    assert answer.url == reverse("tracking:case")
    event = Event.objects.get(kind="track.received")
    receipt = event.new["receipt"]
    assert re.fullmatch(r"W\d{4}-0001", receipt)
    assert "示例小学" not in str(event.new) and event.by is None
    page = shown(client)
    assert page.count(receipt) == 2, "in the message and in the list"
    files = Attachment.objects.filter(subject=life.address(matter)).order_by("pk")
    assert [one.name for one in files] == [f"{receipt} 补正材料.txt", f"{receipt} 照片.pdf"]
    said = attachments.verified(files[0]).decode()
    assert "是示例小学。" in said and receipt not in said
    # The officer is told, opens it, and records it.
    handler = cast.client("handler", acting_at="LX-JY")
    told = handler.get(reverse("inbox:list")).content.decode()
    assert "申请人网上提交了补正材料" in told
    assert reverse("applications:case", args=[matter.pk]) in told
    page = handler.get(reverse("applications:case", args=[matter.pk])).content.decode()
    assert f"{receipt} 照片.pdf" in page and "申请人网上提交补正材料" in page
    matter.refresh_from_db()
    assert matter.state == "awaiting_clarification"
    does(cast, matter, e.Corrected(timezone.localdate()))
    assert Alert.objects.get(kind="track.correction").settled_at is not None


def test_what_is_not_wanted_is_not_taken(cast: Cast) -> None:
    matter = begun(cast)
    client = inside(matter)
    assert sends(client, "correction", text="多余的").status_code == 422
    assert sends(client, "payment", text="多余的").status_code == 422
    assert sends(client, "bribe", text="x").status_code == 404
    assert sends(client, "withdrawal", part=7).status_code == 404
    assert client.get(reverse("tracking:send", args=[1, "correction"])).status_code == 302
    assert not Event.objects.filter(kind="track.received").exists()
    assert sends(Client(), "withdrawal").url == START


def test_an_empty_correction_and_a_wrong_file_are_refused_and_words_kept(cast: Cast) -> None:
    client = inside(unclear(cast))
    assert "请写明内容" in sends(client, "correction", text=" ").content.decode()
    program = SimpleUploadedFile("a.exe", b"MZ\x90\x00" + bytes(200))
    page = sends(client, "correction", text="是示例小学。", papers=[program]).content.decode()
    assert "是示例小学。" in page and "a.exe" in page
    many = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(6)]
    assert "最多 5 个" in sends(client, "correction", papers=many).content.decode()
    assert not Attachment.objects.filter(subject__startswith="matter/").exists()
    assert not alerts.rows().filter(kind__startswith="track.").exists()


def test_a_payment_is_proved_and_a_withdrawal_is_a_message(cast: Cast) -> None:
    from decimal import Decimal

    from gongkai.statute.fees import Basis

    today = timezone.localdate()
    matter = does(
        cast,
        begun(cast, days=6),
        e.Accepted(today - timedelta(days=5)),
        e.FeeNotified(today - timedelta(days=3), Decimal("40"), list(Basis)[0]),
    )
    client = inside(matter)
    page = shown(client)
    assert "等您缴费" in page and "40 元" in page
    assert sends(client, "payment", papers=[SimpleUploadedFile("凭证.pdf", PDF)]).status_code == 302
    assert sends(client, "withdrawal", text="").status_code == 302
    kinds = set(alerts.open_().values_list("kind", flat=True))
    assert {"track.payment", "track.withdrawal"} <= kinds
    matter.refresh_from_db()
    assert matter.state == "awaiting_payment"
    receipts = [one.new["receipt"] for one in Event.objects.filter(kind="track.received")]
    assert len(set(receipts)) == 2
    does(cast, matter, e.Withdrawn(today))
    assert not alerts.open_().filter(kind__startswith="track.").exists()


def test_a_day_takes_only_so_many_messages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.web.applications import tracking_actions

    monkeypatch.setattr(tracking_actions, "A_DAY", 2)
    client = inside(unclear(cast))
    for n in range(2):
        assert sends(client, "correction", text=f"第 {n} 次").status_code == 302
    assert "一天内提交的次数太多" in sends(client, "correction", text="再来").content.decode()


def test_the_page_speaks_english(cast: Cast) -> None:
    client = inside(unclear(cast))
    client.cookies["django_language"] = "en"
    assert "Waiting for" in shown(client)
