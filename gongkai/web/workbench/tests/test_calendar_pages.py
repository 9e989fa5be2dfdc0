"""放假安排页面: pasted, looked at, entered, taken back; and who may."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.statute import notices
from gongkai.web.ledger import calendars
from gongkai.web.ledger.models import Alert, Deadline, HolidayNotice
from gongkai.web.ledger.tests.clocked import NOTICE, clock
from gongkai.web.organs.models import Appointment
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import SINCE, Cast

ENTER = "calendar:enter"


def text_of(response: object) -> str:
    html = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def asked(client: Client, **typed: object) -> object:
    return client.post(reverse(ENTER), typed)


def hidden(response: object) -> dict[str, str]:
    """What the page that asks would send."""
    html = response.content.decode()  # type: ignore[attr-defined]
    form = html[html.index('name="_once"') - 60 : html.index('name="_sure"')]
    pairs = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in pairs} | {"_sure": "1"}


@pytest.fixture
def supervisor(client_as: Callable[..., Client]) -> Client:
    return client_as("supervisor")


@pytest.mark.parametrize(
    "who", ["handler", "reviewer", "approver", "supervisor", "auditor", "administrator", "no_role"]
)
def test_everybody_looks(client_as: Callable[..., Client], who: str) -> None:
    client = client_as(who)
    listed = text_of(client.get(reverse("calendar:list")))
    assert "随程序" in listed
    page = text_of(client.get(reverse("calendar:year", args=[2026])))
    assert "国办发明电〔2025〕7号" in page
    assert "2026-02-15 日 — 2026-02-23 一" in page
    assert ("录入这一年的安排" in page) == (who == "supervisor")


def test_a_year_without_a_notice_is_marked_provisional(client_as: Callable[..., Client]) -> None:
    page = text_of(client_as("handler").get(reverse("calendar:year", args=[2027])))
    assert "暂定" in page
    assert client_as("handler").get(reverse("calendar:year", args=[2018])).status_code == 404
    assert client_as("handler").get(reverse("calendar:year", args=[2199])).status_code == 404


@pytest.mark.parametrize("who", ["handler", "auditor", "administrator", "no_role"])
def test_only_supervisors_enter(client_as: Callable[..., Client], who: str) -> None:
    client = client_as(who)
    assert client.get(reverse(ENTER)).status_code == 403
    assert client.post(reverse(ENTER), {"text": NOTICE, "_sure": "1"}).status_code == 403
    assert not HolidayNotice.objects.exists()


def test_a_supervisor_of_a_subordinate_organ_does_not_enter(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    Appointment.objects.create(
        account=cast.accounts["no_role"],
        organ=cast.organs["LX-JY"],
        role=Role.SUPERVISOR.value,
        valid_from=SINCE,
    )
    client = client_as("no_role")
    assert client.get(reverse(ENTER)).status_code == 403
    assert client.post(reverse(ENTER), {"text": NOTICE, "_sure": "1"}).status_code == 403


def test_a_notice_is_looked_at_before_it_is_entered(cast: Cast, supervisor: Client) -> None:
    moving = clock(cast, date(2027, 1, 25))
    clock(cast, date(2027, 1, 25), n=2, code="WS-JY")
    shown = asked(supervisor, text=NOTICE, year="")
    page = text_of(shown)
    assert "1 个期限改变" in page
    assert "临溪区教育局 · 公开申请：由 2027-02-22 改为 2027-02-25" in page
    assert "望山" not in page  # moved all the same, and told to its own people
    assert not HolidayNotice.objects.exists()

    done = supervisor.post(reverse(ENTER), hidden(shown), follow=True)

    assert "已录入 2027 年放假安排。1 个期限改变" in text_of(done)
    assert done.redirect_chain[-1][0] == reverse("calendar:year", args=[2027])
    moving.refresh_from_db()
    assert moving.due_on == date(2027, 2, 25)
    assert "戊监督于" in text_of(supervisor.get(reverse("calendar:list")))
    assert Alert.objects.count() == 2


def test_entered_twice_is_entered_once(supervisor: Client) -> None:
    sent = hidden(asked(supervisor, text=NOTICE, year=""))
    for _n in range(2):
        supervisor.post(reverse(ENTER), sent)
    assert HolidayNotice.objects.count() == 1


def test_what_is_not_understood_is_shown_with_its_place_and_keeps_it_out(
    supervisor: Client,
) -> None:
    wrong = NOTICE.replace("4月3日至5日放假，共3天", "4月3日（星期五）至5日放假，共4天")
    shown = asked(supervisor, text=wrong, year="")
    page = text_of(shown)
    assert "还不能录入" in page
    assert "第 4 行第 5 字" in page
    assert "写的是共 4 天，按起止日是 3 天" in page
    assert "4月3日（星期五）至5日放假" in page  # what was pasted stays
    assert 'name="_sure"' not in shown.content.decode()  # type: ignore[attr-defined]
    forced = supervisor.post(reverse(ENTER), {"text": wrong, "year": "", "_sure": "1"})
    assert forced.status_code == 422
    assert not HolidayNotice.objects.exists()


def test_nothing_pasted_is_said(supervisor: Client) -> None:
    answer = asked(supervisor, text=" ", year="")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "请粘贴通知全文" in text_of(answer)


def workbook(rows: list[list[object]]) -> SimpleUploadedFile:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    dated = book.add_format({"num_format": "yyyy-mm-dd"})
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(y, x, value, dated)
            else:
                page.write(y, x, value)
    book.close()
    return SimpleUploadedFile("放假安排.xlsx", out.getvalue())


def test_a_workbook_is_read_like_a_notice(supervisor: Client) -> None:
    breaks = notices.read_text(NOTICE).breaks
    rows: list[list[object]] = [list(notices.HEADINGS)]
    rows += [[b.name.zh, b.first, b.last, "、".join(map(str, b.worked))] for b in breaks]
    shown = asked(supervisor, text="", year="2027", file=workbook(rows))
    assert "没有期限改变" in text_of(shown)
    supervisor.post(reverse(ENTER), hidden(shown))
    assert HolidayNotice.objects.get().breaks == notices.as_data(breaks)


def test_the_empty_workbook_has_a_row_for_each_holiday(supervisor: Client) -> None:
    answer = supervisor.get(reverse("calendar:template"))
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    shown = asked(supervisor, text="", year="2027", file=SimpleUploadedFile("空白.xlsx", data))
    page = text_of(shown)
    assert "第 2 行" in page
    assert "不是日期：空" in page


def test_a_file_that_is_no_workbook_is_refused(supervisor: Client) -> None:
    answer = asked(
        supervisor, text="", year="2027", file=SimpleUploadedFile("a.xlsx", b"no workbook")
    )
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert not HolidayNotice.objects.exists()


def test_a_year_is_taken_back_with_the_same_foresight(cast: Cast, supervisor: Client) -> None:
    clock(cast, date(2027, 1, 25))
    supervisor.post(reverse(ENTER), hidden(asked(supervisor, text=NOTICE, year="")))
    one = HolidayNotice.objects.get()
    address = reverse("calendar:withdraw", args=[one.pk])
    page = text_of(supervisor.get(address))
    assert "由 2027-02-25 改为 2027-02-22" in page
    done = supervisor.post(address, follow=True)
    assert "已撤下 2027 年" in text_of(done)
    assert Deadline.objects.get().due_on == date(2027, 2, 22)
    assert not calendars.current().knows(2027)
    assert supervisor.get(address).status_code == 404


def test_the_page_says_in_english_what_it_says_in_chinese(supervisor: Client) -> None:
    supervisor.cookies["django_language"] = "en"
    page = text_of(supervisor.get(reverse("calendar:year", args=[2026])))
    assert "Spring Festival" in page
