"""导入旧台账: what is read, what is refused with its row, what is written, and what is not."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from gongkai.statute import letter_kinds
from gongkai.statute.case_events import DEFAULT, Reopened, TakenOver
from gongkai.statute.grounds import Ground
from gongkai.web.applications import (
    letter_content,
    life,
    matter_actions,
    old_ledger_actions,
    old_ledger_book,
    old_ledger_rows,
    old_ledger_write,
    recording,
)
from gongkai.web.applications.intake import register
from gongkai.web.applications.models import Link, Matter, OldLedger, Request
from gongkai.web.applications.tests.samples import paper
from gongkai.web.ledger import vault
from gongkai.web.ledger.models import Event, Secret
from gongkai.web.organs import workbook_in
from gongkai.web.organs.actions import NotAllowed
from gongkai.web.organs.import_actions import DEAD_AFTER
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

TODAY = date(2026, 3, 2)
HEADINGS = (
    "登记编号",
    "收到日期",
    "申请人",
    "手机号码",
    "申请内容",
    "渠道",
    "答复日期",
    "办理结果",
)
ROWS: tuple[tuple[str, ...], ...] = (
    (
        "2023-15",
        "2023-03-01",
        "陈示例",
        "0000-00001234",
        "校车线路",
        "当面",
        "2023-03-20",
        "予以公开",
    ),
    (
        "2023-16",
        "2023年4月3日",
        "示例贸易有限公司",
        "",
        "招标文件",
        "邮寄",
        "2023/4/20",
        "部分公开",
    ),
    ("", "2016-05-03", "李示例", "", "征地批复", "网络", "2016-05-20", "信息不存在"),
    ("", "2026-02-26", "王示例", "0000-00005678", "学籍名册", "现场", "", ""),
)


def book(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    """A workbook with a title above its headings, as ledgers have."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    page = made.add_worksheet("二〇二三年")
    page.write_string(0, 0, "依申请公开登记台账")
    page.write_row(2, 0, headings)
    for at, row in enumerate(rows, 3):
        page.write_row(at, 0, row)
    made.close()
    return out.getvalue()


def read(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> Any:
    return old_ledger_rows.read(workbook_in.opened(book(rows, headings)), DEFAULT, TODAY)


def uploaded(client: Client, data: bytes) -> OldLedger:
    file = SimpleUploadedFile("台账.xlsx", data)
    answer = client.post(reverse("applications:old_ledger_new"), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return OldLedger.objects.latest("started_at")


def taken_in(client: Client, run: OldLedger, capture: Any) -> OldLedger:
    with capture(execute=True):
        client.post(reverse("applications:old_ledger_apply", args=[run.pk]), {"_sure": "1"})
    run.refresh_from_db()
    return run


@pytest.fixture
def client(cast: Cast, db: None) -> Client:
    return cast.client("handler")


@pytest.fixture
def capture(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


def test_rows_are_read_below_any_title_and_by_usual_names() -> None:
    found = read(ROWS)
    assert [one.data for one in found.problems] == []
    closed = [one.event for one in found.rows if isinstance(one.event, TakenOver)]
    grounds = [Ground.DISCLOSED, Ground.PARTLY, Ground.NOT_FOUND]
    assert [one.ground for one in closed] == grounds
    assert found.summary()["years"]["2023"]["received"] == 2
    assert (found.summary()["closed"], found.summary()["unlisted"]) == (3, 1)


def test_what_is_wrong_is_told_at_its_cell_without_what_stands_there() -> None:
    rows = [
        ("2023-15", "2023-03-01", "陈示例", "", "甲", "当面", "2023-02-01", "予以公开"),
        ("2023-15", "昨天", "", "", "乙", "飞鸽", "2023-03-20", "已寄"),
        ("十五", "2027-01-01", "陈示例", "", "丙", "当面", "", "予以公开"),
    ]
    found = read(rows)
    places = {(one.row, one.column) for one in found.problems}
    assert places == {
        (4, "答复日期"), (5, "收到日期"), (5, "申请人"), (5, "渠道"), (5, "办理结果"), (5, "编号"),
        (6, "编号"), (6, "收到日期"), (6, "答复日期"),
    }  # fmt: skip
    assert found.rows == [] and found.errors == len(found.problems)
    said = "".join(one.why.zh + one.why.en for one in found.problems)
    assert "飞鸽" not in said and "昨天" not in said and "陈示例" not in said


def test_a_file_without_headings_is_refused_and_says_which_are_needed() -> None:
    found = read([("a", "b")], ("某", "某某"))
    assert found.errors == 1 and "收到日期" in found.problems[-1].why.zh


@pytest.mark.parametrize(
    ("said", "extended"),
    [("是", True), ("已延期", True), ("是（20日）", True), ("TRUE", True)]
    + [(said, False) for said in ("", "否", "/", "—", "不延期", "无", "n", "未延期")],
)
def test_whether_it_was_extended_is_read_from_what_is_usually_written(
    said: str, extended: bool
) -> None:
    found = read([(*ROWS[0], said)], (*HEADINGS, "延期"))
    assert (found.errors, found.rows[0].event.extended) == (0, extended)


def test_what_says_neither_yes_nor_no_is_told_and_not_taken_for_yes() -> None:
    found = read([(*ROWS[0], "领导批示")], (*HEADINGS, "延期"))
    assert [one.column for one in found.problems] == ["延期"] and found.rows == []


def test_a_number_made_of_a_day_is_asked_about() -> None:
    found = read([("20230301", *ROWS[0][1:]), ROWS[1]])
    assert [(one.row, one.column, one.warning) for one in found.problems] == [(4, "编号", True)]
    assert "第 301 号" in found.problems[0].why.zh and "第 302 号" in found.problems[0].why.zh


def test_a_formula_is_told_in_whatever_column_and_never_taken_for_a_value() -> None:
    row = (*ROWS[0][:3], "=A4&1", *ROWS[0][4:], "=A4", '=IF(A4="","是","否")')
    found = read([row], (*HEADINGS, "文号", "延期"))
    assert [one.column for one in found.problems] == ["联系方式", "文号", "延期"]
    assert found.rows == []


def test_a_stroke_is_no_phone_and_no_day() -> None:
    row = ("/", "2026-02-26", "王示例", "/", "学籍名册", "现场", "—", "/")
    (one,) = read([row]).rows
    assert (one.number, one.paper.askers[0].phone) == (None, "")
    assert not isinstance(one.event, TakenOver)


def test_of_two_columns_that_mean_the_same_the_better_one_is_taken() -> None:
    days = ("申请日期", "收到日期", "办结日期", "答复日期")
    headings = (*days, "申请人", "申请内容", "渠道", "办理结果")
    told = ("2023-02-20", "2023-03-01", "2023-04-20", "2023-03-20")
    row = (*told, "陈示例", "甲", "信函", "公开")
    found = read([row], headings)
    (one,) = found.rows
    assert (one.event.received, one.event.on) == (date(2023, 3, 1), date(2023, 3, 20))
    left_out = {(p.column, p.warning) for p in found.problems}
    assert left_out == {("申请日期", True), ("办结日期", True)}
    assert "“收到日期”" in found.problems[0].why.zh


def test_a_day_of_application_is_taken_for_the_receipt_and_said_so() -> None:
    headings = ("申请日期", "申请人", "申请内容", "渠道")
    found = read([("2026-02-20", "陈示例", "甲", "信函")], headings)
    assert found.rows[0].paper.arrived_on == date(2026, 2, 20)
    assert [(p.column, p.warning) for p in found.problems] == [("申请日期", True)]


def test_the_empty_workbook_can_be_read_and_offers_what_is_understood() -> None:
    out = io.BytesIO()
    old_ledger_book.template(out)
    found = old_ledger_rows.read(workbook_in.opened(out.getvalue()), DEFAULT, TODAY)
    assert [one.row for one in found.problems if not one.warning] == [0]  # no rows as yet
    for word in old_ledger_rows.outcomes():
        row = ("", "2023-03-01", "陈示例", "", "甲", "当面", "2023-03-20", word)
        assert read([row]).errors == 0, word


def test_a_ledger_is_checked_then_taken_in(client: Client, capture: Any) -> None:
    with capture(execute=True):
        run = uploaded(client, book(ROWS))
    run.refresh_from_db()
    assert (run.state, run.summary["rows"], Matter.objects.count()) == ("checked", 4, 0)
    page = client.get(reverse("applications:old_ledger", args=[run.pk])).content.decode()
    assert "核对完毕，还没有导入" in page and "陈示例" not in page
    path = run.file.name
    assert taken_in(client, run, capture).state == "applied"
    rows = Matter.objects.order_by("request__year", "request__number")
    said = [(m.request.year, m.request.number, m.state, m.row, m.closed_on) for m in rows]
    assert said == [
        (2016, 1, "archived", "", date(2016, 5, 20)),
        (2023, 15, "archived", "granted", date(2023, 3, 20)),
        (2023, 16, "archived", "partly_granted", date(2023, 4, 20)),
        (2026, 1, "received", "", None),
    ]
    open_one = rows[3]
    assert (open_one.handler is not None, open_one.deadline is not None) == (True, True)
    for matter in rows:
        case, copy = life.case_of(matter), Matter.objects.get(pk=matter.pk)
        life.project(copy, case)
        assert all(getattr(copy, f) == getattr(matter, f) for f in life.FIELDS)
        shown = client.get(reverse("applications:case", args=[matter.pk]))
        assert shown.status_code == 200 and "台账.xlsx 二〇二三年" in shown.content.decode()
    assert not run.file.storage.exists(path), "the file holds personal data"
    secrets = {(one.label, vault.open_(one)) for one in Secret.objects.all()}
    assert ("phone", "0000-00001234") in secrets and ("name", "陈示例") in secrets
    told = "".join(str(one.new) for one in Event.objects.all())
    assert "陈示例" not in told and "0000-0000" not in told


def test_numbers_go_on_where_the_old_ledger_ends(cast: Cast, client: Client, capture: Any) -> None:
    this_year = ("2026-41", "2026-02-26", "王示例", "", "学籍名册", "当面", "", "")
    with capture(execute=True):
        run = uploaded(client, book([this_year]))
    taken_in(client, run, capture)
    by = acting(cast, "handler", "LX-JY", role=Role.HANDLER)
    made = register(by=by, organ=cast.organs["LX-JY"], paper=paper(arrived=TODAY))
    year = Request.objects.get(number=41).year
    assert made.number == (42 if made.year == year else 1)


def test_an_old_case_that_is_reopened_is_the_turn_of_who_reopened_it(
    cast: Cast, client: Client, capture: Any
) -> None:
    with capture(execute=True):
        run = uploaded(client, book([ROWS[0]]))
    taken_in(client, run, capture)
    old = Matter.objects.get()
    by = acting(cast, "handler", "LX-JY", role=Role.HANDLER)
    recording.record(by, old, Reopened(date(2023, 6, 1), "责令重新答复"))
    old.refresh_from_db()
    assert (old.state, old.handler) == ("handling", cast.accounts["handler"])
    mine = client.get(reverse("applications:list") + "mine/").content.decode()
    assert "2023-15" in mine
    case = life.case_of(old)
    assert case.rounds[0].taken_over and not case.round.taken_over
    assert case.due == date(2023, 6, 30), "a round with a clock of its own"


def test_a_repeated_request_is_answered_with_the_number_in_the_old_ledger(
    cast: Cast, client: Client, capture: Any
) -> None:
    with capture(execute=True):
        run = uploaded(client, book([(*ROWS[0], "示公开告〔2023〕8号")], (*HEADINGS, "文号")))
    taken_in(client, run, capture)
    old = Matter.objects.get()
    by = acting(cast, "handler", "LX-JY", role=Role.HANDLER)
    again = register(by=by, organ=cast.organs["LX-JY"], paper=paper(arrived=TODAY)).matters.get()
    matter_actions.link(by=by, matter=again, other=old, kind=Link.Kind.REPEAT)
    kind = letter_kinds.kind("unprocessed_repeated")
    known = letter_content.of_case(again, kind, life.case_of(again), TODAY)
    assert known["earlier_on"] == date(2023, 3, 20)
    assert known["earlier_number"] == "示公开告〔2023〕8号"


def test_what_is_registered_already_is_not_taken_in_twice(client: Client, capture: Any) -> None:
    for _ in range(2):
        with capture(execute=True):
            run = uploaded(client, book(ROWS))
        run.refresh_from_db()
        if run.state == "checked":
            taken_in(client, run, capture)
    assert (run.state, run.summary["errors"]) == ("refused", 4)
    assert Matter.objects.count() == 4
    page = client.get(reverse("applications:old_ledger", args=[run.pk])).content.decode()
    assert "台账里已有这件申请（2023-15）" in page


def test_a_row_that_stands_in_the_file_twice_is_asked_about(client: Client, capture: Any) -> None:
    with capture(execute=True):
        run = uploaded(client, book([ROWS[2], ROWS[0], ROWS[2]]))
    run.refresh_from_db()
    assert (run.state, run.summary["rows"], run.summary["warnings"]) == ("checked", 3, 1)
    assert run.problems[0][:3] == ["二〇二三年", 6, "申请内容"]
    assert "二〇二三年!4" in run.problems[0][3]["zh"]


def test_what_came_between_check_and_confirmation_stops_all(client: Client, capture: Any) -> None:
    with capture(execute=True):
        first, second = uploaded(client, book(ROWS)), uploaded(client, book(ROWS))
    taken_in(client, first, capture)
    assert taken_in(client, second, capture).state == "refused"
    assert Matter.objects.count() == 4


def test_nothing_is_half_written(
    client: Client, capture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with capture(execute=True):
        run = uploaded(client, book(ROWS))

    def fails(*_a: Any, **_k: Any) -> None:
        raise RuntimeError("the machine stopped")

    monkeypatch.setattr("gongkai.web.applications.recording.record", fails)
    assert taken_in(client, run, capture).state == "failed"
    assert (Request.objects.count(), Secret.objects.count(), Matter.objects.count()) == (0, 0, 0)
    monkeypatch.undo()
    assert taken_in(client, run, capture).state == "applied", "and it can be tried again"


def test_a_file_is_read_before_anybody_is_kept_from_writing(
    client: Client, capture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with capture(execute=True):
        run = uploaded(client, book(ROWS))
    inside: list[int] = []
    read_, write = old_ledger_rows.read, old_ledger_write.write

    def read(*args: Any) -> Any:
        inside.append(len(connection.savepoint_ids))
        return read_(*args)

    def written(*args: Any, **named: Any) -> None:
        inside.append(len(connection.savepoint_ids))
        write(*args, **named)

    monkeypatch.setattr(old_ledger_rows, "read", read)
    monkeypatch.setattr(old_ledger_write, "write", written)
    assert taken_in(client, run, capture).state == "applied"
    assert inside[0] == 0 < inside[1]


def test_rows_without_a_number_get_the_next_ones_in_their_order(
    client: Client, capture: Any
) -> None:
    texts = ("甲", "乙", "丙")
    rows = [("", "2023-03-01", "陈示例", "", text, "当面", "2023-03-02", "公开") for text in texts]
    with capture(execute=True):
        run = uploaded(client, book([*rows, ROWS[0]]))
    taken_in(client, run, capture)
    found = Matter.objects.order_by("request__number").values_list("request__number", "text")
    assert list(found) == [(15, "校车线路"), (16, "甲"), (17, "乙"), (18, "丙")]


def test_what_failed_while_it_was_checked_is_not_taken_in_unseen(
    client: Client, capture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_a: Any, **_k: Any) -> None:
        raise RuntimeError("the machine stopped")

    with monkeypatch.context() as patched, capture(execute=True):
        patched.setattr(old_ledger_write, "compare", fails)
        run = uploaded(client, book(ROWS))
    run.refresh_from_db()
    assert run.state == "failed"
    page = client.get(reverse("applications:old_ledger", args=[run.pk])).content.decode()
    assert "请放弃后再上传一次" in page and "导入……" not in page
    assert taken_in(client, run, capture).state == "failed"
    assert Matter.objects.count() == 0


def test_a_sign_that_no_database_takes_is_left_out() -> None:
    (one,) = read([(*ROWS[0][:4], "甲\0乙", *ROWS[0][5:])]).rows
    assert one.paper.asked[0].text == "甲乙"


def test_a_dropped_file_is_gone_and_can_not_be_confirmed(client: Client, capture: Any) -> None:
    with capture(execute=True):
        run = uploaded(client, book(ROWS))
    path = run.file.name
    with capture(execute=True):
        client.post(reverse("applications:old_ledger_drop", args=[run.pk]))
    assert not run.file.storage.exists(path)
    assert taken_in(client, run, capture).state == "dropped"
    assert Matter.objects.count() == 0


def test_a_file_that_is_refused_is_not_kept(client: Client, capture: Any) -> None:
    with capture(execute=True):
        run = uploaded(client, book([("2023-15", "昨天", *ROWS[0][2:])]))
    run.refresh_from_db()
    assert (run.state, run.file.storage.exists(run.file.name)) == ("refused", False)
    page = client.get(reverse("applications:old_ledger", args=[run.pk])).content.decode()
    assert "收到日期" in page and "上传的文件已删除" in page, "what was wrong is told all the same"
    with capture(execute=True):
        client.post(reverse("applications:old_ledger_drop", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == "dropped"


def test_a_file_left_behind_and_one_nobody_confirms_are_swept(client: Client, capture: Any) -> None:
    with capture(execute=True):
        left, waits, fresh = (uploaded(client, book(ROWS)) for _ in range(3))
    at = left.started_at
    OldLedger.objects.filter(pk=left.pk).update(state="applied")  # and then the machine stopped
    OldLedger.objects.filter(pk=waits.pk).update(started_at=at - old_ledger_actions.KEPT)
    assert old_ledger_actions.sweep(at=at + DEAD_AFTER) == 1
    for run in (left, waits, fresh):
        run.refresh_from_db()
    kept = [run.file.storage.exists(run.file.name) for run in (left, waits, fresh)]
    assert kept == [False, False, True]
    assert (waits.state, fresh.state) == ("dropped", "checked")


def test_a_dead_job_is_taken_up(client: Client, capture: Any) -> None:
    run = uploaded(client, book(ROWS))  # the job is never told
    OldLedger.objects.update(started_at=run.started_at - 3 * DEAD_AFTER)
    from gongkai.web.applications import jobs

    jobs.take_up_old_ledgers.call_local()
    run.refresh_from_db()
    assert run.state == "checked"


def test_others_of_the_organ_see_it_and_only_its_own_goes_on(cast: Cast, client: Client) -> None:
    run = uploaded(client, book(ROWS))
    outside = cast.client("outside_handler")
    for name in ("old_ledger", "old_ledger_apply", "old_ledger_progress"):
        answer = outside.get(reverse(f"applications:{name}", args=[run.pk]))
        assert answer.status_code == 404
    by = acting(cast, "outside_handler", "WS-JY", role=Role.HANDLER)
    with pytest.raises(NotAllowed):
        old_ledger_actions.confirm(by=by, run=run)
