"""核对导入: every problem is named at its sheet, row and column, all at once; nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from gongkai.web.accounts.models import Account
from gongkai.web.ledger.models import Event
from gongkai.web.organs import codes, import_found, workbook_in
from gongkai.web.organs.import_problems import SENTENCES
from gongkai.web.organs.models import Appointment, Organ, OrganName, Placement
from gongkai.web.organs.tests.imports import checked, doer, found, told
from gongkai.web.organs.tests.workbooks import book, filled, organ, person, post
from gongkai.web.tests.cast import SINCE, Cast

GOOD = "11" + "889901" + "000000001"
GOOD += codes.check_sign(GOOD)
TOMORROW = date.today() + timedelta(days=1)  # noqa: DTZ011  the check's own day may be it
FAR = (date.today() + timedelta(days=400)).isoformat()  # noqa: DTZ011


def reconsideration(code: str, **said: Any) -> dict[str, Any]:
    row = {"code": code, "body": "", "body_name": "某机关", "valid_from": "2024-01-01"}
    return row | {"valid_to": ""} | said


def former(code: str, name: str, since: str, to: str) -> dict[str, Any]:
    return {"code": code, "name": name, "short_name": "", "valid_from": since, "valid_to": to}


def known(code: str, name: str, **said: Any) -> dict[str, Any]:
    """A row of an organ of the cast as it is."""
    row = organ(code, name=name, valid_from=SINCE.isoformat())
    return row | said


JY = known("LX-JY", "临溪区教育局", short_name="区教育局")
CG = known("LX-CG", "临溪区城市管理局", short_name="区城管局")
CG_01 = known(
    "LX-CG-01",
    "临溪区城市管理局溪口执法站",
    short_name="溪口执法站",
    kind="派出机构",
    parent="LX-CG",
)
TOP = known("LX", "临溪区人民政府", short_name="临溪区政府", kind="人民政府", parent="")


@dataclass(frozen=True)
class Case:
    """A file with one thing wrong with it, and where that is told."""

    id: str
    data: bytes
    sheet: str = ""
    row: int = 0
    column: str = ""  # letter and heading
    says: str = ""  # words that must be in the sentence


def one(id: str, column: str, says: str = "", *, row: int = 2, **sheets: Any) -> Case:
    """The problem stands in the sheet that comes last."""
    sheet = {
        "organs": "机关",
        "names": "曾用名",
        "reconsiderations": "复议机关",
        "people": "人员",
        "appointments": "任职",
    }[list(sheets)[-1]]
    return Case(id, filled(**sheets), sheet, row, column, says)


CASES = [
    # the workbook
    Case("book.unreadable", b"no zip", says="另存为 .xlsx"),
    Case("book.no_sheet", book({"填写说明": [["x"]]}), says="机关、曾用名、复议机关、人员、任职"),
    Case("book.empty", book({"机关": [["单位编号"]]})),
    Case("sheet.unknown", book({"员工": [["登录名"], ["a"]]}), "员工", says="人员"),
    Case("sheet.twice", book({"机关": [["单位编号"]], "机 关": [["单位编号"]]}), "机 关"),
    Case("column.unknown", book({"人员": [["登录名", "工号"]]}), "人员", 1, "B 工号", "姓名"),
    Case("column.twice", book({"人员": [["登录名", "姓名", "姓名"]]}), "人员", 1, "C 姓名"),
    Case("column.missing", book({"任职": [["登录名"], ["a"]]}), "任职", 1, "", "单位编号"),
    # cells
    one("cell.needed", "B 名称", organs=[organ("LX-01", name="")]),
    Case(
        "cell.unheaded",
        book({"人员": [["登录名", "姓名"], ["administrator", "庚管理", "备注"]]}),
        "人员",
        2,
        "C",
    ),
    one("cell.formula", "B 名称", organs=[organ("LX-01", name='=CONCATENATE("a","b")')]),
    one("cell.date_text", "B 名称", organs=[organ("LX-01", name=date(2024, 1, 1))]),
    one("cell.bool", "B 名称", organs=[organ("LX-01", name=True)]),
    one("cell.long", "B 名称", "120", organs=[organ("LX-01", name="长" * 121)]),
    one("cell.long", "E 状态", people=[person("administrator", state="启用" * 1200)]),
    one("cell.signs", "B 名称", organs=[organ("LX-01", name="临\u0007溪")]),
    one("cell.date", "J 设立日期", "2024-01-01", organs=[organ("LX-01", valid_from="去年")]),
    one("cell.date", "J 设立日期", organs=[organ("LX-01", valid_from="2023-02-29")]),
    one("cell.date", "J 设立日期", organs=[organ("LX-01", valid_from=45292)]),
    one("cell.choice", "D 性质", "工作部门", organs=[organ("LX-01", kind="局")]),
    one("cell.choice", "E 层级", "县级", organs=[organ("LX-01", level="区")]),
    one(
        "cell.choice",
        "C 角色",
        "经办人、审核人、批准人",
        appointments=[post("handler", "LX-JY", role="局长")],
    ),
    one(
        "cell.inexact",
        "H 统一社会信用代码",
        "文本",
        organs=[organ("LX-01", credit_code=118899010000000015)],
    ),
    one("cell.not_whole", "I 行政区划代码", organs=[organ("LX-01", division_code=330101.5)]),
    one("code.shape", "A 单位编号", "LX-01", organs=[organ("lx－01")]),
    one("code.shape_bare", "A 单位编号", organs=[organ("临溪一")]),
    one("credit.wrong", "H 统一社会信用代码", organs=[organ("LX-01", credit_code="123")]),
    one(
        "credit.check",
        "H 统一社会信用代码",
        f"末位应为 {GOOD[-1]}",
        organs=[organ("LX-01", credit_code=GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"))],
    ),
    one(
        "division.wrong",
        "I 行政区划代码",
        "6、9 或 12",
        organs=[organ("LX-01", division_code="33")],
    ),
    one("username.shape", "A 登录名", people=[person("a b")]),
    one("phone.shape", "C 电话", people=[person("handler", name="甲经办", phone="没有")]),
    one("email.shape", "D 电子邮箱", people=[person("handler", name="甲经办", email="a@b")]),
    # rows
    one("row.twice", "A 单位编号", "第 2 行", row=3, organs=[organ("LX-01"), organ("LX-01")]),
    one("row.twice", "A 登录名", "第 2 行", row=3, people=[person("handler", name="甲经办")] * 2),
    one(
        "row.twice",
        "A 登录名",
        row=3,
        appointments=[post("no_role", "LX-JY"), post("no_role", "LX-JY")],
    ),
    one(
        "row.twice",
        "A 单位编号",
        row=3,
        reconsiderations=[reconsideration("LX-JY"), reconsideration("LX-JY")],
    ),
    one(
        "row.twice",
        "D 启用日期",
        row=3,
        names=[former("LX-JY", "甲", "2020-01-01", "2021-01-01")] * 2,
    ),
    one(
        "period.order",
        "K 撤销日期",
        "设立日期",
        organs=[organ("LX-01", valid_to="2023-12-31")],
    ),
    one(
        "period.order",
        "E 免职日期",
        appointments=[post("no_role", "LX-JY", valid_to="2024-01-01")],
    ),
    one(
        "period.overlap",
        "D 任职日期",
        "2024-01-01 至 2025-01-01",
        row=3,
        appointments=[
            post("no_role", "LX-JY", valid_to="2025-01-01"),
            post("no_role", "LX-JY", valid_from="2024-12-31"),
        ],
    ),
    one(
        "period.overlap_open",
        "D 任职日期",
        "2020-01-01",
        appointments=[post("handler", "LX-JY")],
    ),
    one(
        "period.overlap",
        "D 起始日期",
        row=3,
        reconsiderations=[
            reconsideration("LX-JY", valid_to="2025-01-01"),
            reconsideration("LX-JY", valid_from="2024-06-01"),
        ],
    ),
    one("period.ahead", "K 撤销日期", organs=[organ("LX-01", valid_to=FAR)]),
    # organs
    one("organ.unknown", "B 单位编号", appointments=[post("handler", "LX-99")]),
    one("organ.outside", "A 单位编号", "临溪区人民政府", organs=[organ("WS-JY")]),
    one("organ.outside", "B 单位编号", appointments=[post("handler", "WS-JY")]),
    one("organ.outside", "A 单位编号", reconsiderations=[reconsideration("WS")]),
    one(
        "organ.before",
        "D 任职日期",
        "2020-01-01",
        appointments=[post("no_role", "LX-JY", valid_from="2019-12-31")],
    ),
    one(
        "organ.ended",
        "E 免职日期",
        organs=[organ("LX-01", valid_to="2025-01-01")],
        appointments=[post("no_role", "LX-01")],
    ),
    one(
        "organ.ends_early",
        "K 撤销日期",
        "2025-02-01",
        organs=[
            CG_01 | {"parent": "LX", "placed_from": "2025-02-01", "valid_to": "2025-01-01"},
        ],
    ),
    one("organ.living", "K 撤销日期", "溪口执法站", organs=[CG | {"valid_to": "2025-01-01"}]),
    one("organ.top_ends", "K 撤销日期", organs=[TOP | {"valid_to": "2025-01-01"}]),
    one("parent.missing", "F 上级编号", organs=[organ("LX-01", parent="LX-99")]),
    one("parent.outside", "F 上级编号", "临溪区人民政府", organs=[organ("LX-01", parent="WS")]),
    one("parent.top", "F 上级编号", "（空）", organs=[TOP | {"parent": "LX-JY"}]),
    one("parent.none", "F 上级编号", organs=[organ("LX-01", parent="")]),
    one(
        "parent.loop",
        "F 上级编号",
        "LX-01",
        organs=[organ("LX-01", parent="LX-02"), organ("LX-02", parent="LX-01")],
    ),
    one("parent.day", "G 隶属起始日期", "LX-CG", organs=[JY | {"parent": "LX-CG"}]),
    one(
        "parent.day",
        "G 隶属起始日期",
        organs=[JY | {"parent": "LX-CG", "placed_from": "2019-01-01"}],
    ),
    one(
        "parent.not_valid",
        "F 上级编号",
        row=3,
        organs=[organ("LX-01"), organ("LX-02", parent="LX-01", valid_from="2023-12-31")],
    ),
    one(
        "parent.outlived",
        "F 上级编号",
        "2025-01-01",
        row=3,
        organs=[organ("LX-01", valid_to="2025-01-01"), organ("LX-02", parent="LX-01")],
    ),
    one(
        "parent.deep",
        "F 上级编号",
        row=17,
        organs=[
            organ(f"LX-{n:02d}", parent=f"LX-{n - 1:02d}" if n > 1 else "LX") for n in range(1, 17)
        ],
    ),
    one("placed.fixed", "G 隶属起始日期", organs=[JY | {"placed_from": "2021-01-01"}]),
    one("placed.before", "G 隶属起始日期", organs=[organ("LX-01", placed_from="2023-01-01")]),
    one(
        "credit.twice",
        "H 统一社会信用代码",
        "LX-01",
        row=3,
        organs=[organ("LX-01", credit_code=GOOD), organ("LX-02", credit_code=GOOD)],
    ),
    one(
        "warn.same_name",
        "B 名称",
        "LX-01",
        row=3,
        organs=[organ("LX-01"), organ("LX-02", name="临溪区LX-01局")],
    ),
    one("warn.same_name_known", "B 名称", "LX-JY", organs=[organ("LX-01", name="临溪区教育局")]),
    one("warn.ends_posts", "K 撤销日期", "1 个任职", organs=[CG_01 | {"valid_to": "2025-01-01"}]),
    # names
    one("name.renamed", "B 名称", "曾用名", organs=[JY | {"name": "临溪区教育体育局"}]),
    one(
        "name.gap",
        "D 启用日期",
        "2021-01-01",
        row=3,
        names=[
            former("LX-JY", "甲", "2020-01-01", "2021-01-01"),
            former("LX-JY", "乙", "2021-02-01", "2022-01-01"),
        ],
    ),
    one(
        "name.first",
        "D 启用日期",
        "2020-01-01",
        names=[former("LX-JY", "甲", "2020-02-01", "2021-01-01")],
    ),
    one("period.ahead", "E 停用日期", names=[former("LX-JY", "甲", "2020-01-01", FAR)]),
    one(
        "name.past",
        "E 停用日期",
        organs=[organ("LX-01", valid_to="2025-01-01")],
        names=[former("LX-01", "甲", "2024-01-01", "2025-06-01")],
    ),
    # reconsideration
    one("body.missing", "B 复议机关编号", reconsiderations=[reconsideration("LX-JY", body="XX-1")]),
    one("body.none", "C 复议机关名称", reconsiderations=[reconsideration("LX-JY", body_name="")]),
    # people
    one("person.unknown", "A 登录名", appointments=[post("nobody", "LX-JY")]),
    one("person.outside", "A 登录名", people=[person("outside_handler")]),
    one("person.outside", "A 登录名", people=[person("operator")]),
    one("person.elsewhere", "A 登录名", appointments=[post("outside_handler", "LX-JY")]),
    one("person.operator", "A 登录名", appointments=[post("operator", "LX-JY")]),
    one("person.no_post", "A 登录名", people=[person("fresh")]),
    one(
        "person.self",
        "E 状态",
        people=[
            {
                "username": "administrator",
                "name": "庚管理",
                "phone": "0000-00000007",
                "email": "administrator@example.invalid",
                "state": "停用",
            }
        ],
    ),
    one(
        "warn.suspended",
        "E 状态",
        people=[
            {
                "username": "handler",
                "name": "甲经办",
                "phone": "0000-00000001",
                "email": "handler@example.invalid",
                "state": "停用",
            }
        ],
    ),
    one(
        "role.last",
        "E 免职日期",
        appointments=[
            post(
                "administrator",
                "LX",
                role="系统管理员",
                valid_from="2020-01-01",
                valid_to="2026-01-01",
            )
        ],
    ),
    one("role.auditor", "C 角色", appointments=[post("handler", "LX", role="审计员")]),
    one("role.administrator", "C 角色", appointments=[post("reviewer", "LX", role="系统管理员")]),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{c.id}" for n, c in enumerate(CASES)])
def test_what_is_wrong_is_told_where_it_stands(cast: Cast, case: Case) -> None:
    run = checked(doer(cast), case.data)
    told_of = [
        (p.id, p.sheet, p.row, f"{workbook_letter(p.place)} {p.label}".strip()) for p in found(run)
    ]
    assert (case.id, case.sheet, case.row, case.column) in told_of, told(run)
    words = next(p.words for p in found(run) if p.id == case.id)
    assert case.says in words
    assert run.state == ("checked" if case.id.startswith("warn.") else "refused")


def workbook_letter(place: int) -> str:
    from gongkai.web.organs.workbook import letters

    return letters(place) if place >= 0 else ""


# Those that need more than one file on the cast: below, and in test_import_known.
ELSEWHERE = {
    "cell.error",
    "sheet.hidden",
    "period.reopen",
    "organ.founded",
    "organ.reopen",
    "organ.ended_on",
    "credit.taken",
    "credit.taken_outside",
    "parent.full",
    "person.shared",
    "role.suspended",
}


def test_every_kind_of_problem_is_tried() -> None:
    assert {c.id for c in CASES} | ELSEWHERE == set(SENTENCES)


def test_one_thing_wrong_is_told_once(cast: Cast) -> None:
    """No problem brings others after it: people would put right what is not wrong."""
    alone = {"cell.formula", "cell.choice", "code.shape_bare", "credit.check", "parent.missing"}
    for case in CASES:
        if case.id in alone:
            assert len(found(checked(doer(cast), case.data))) == 1, case.id


def test_all_problems_of_a_file_are_told_at_once(cast: Cast) -> None:
    data = filled(
        organs=[organ("LX-01", kind="局", valid_from="x"), organ("LX-02", parent="LX-99")],
        people=[person("fresh", phone="无"), person("other one")],
        appointments=[post("nobody", "LX-JY"), post("handler", "WS-JY", role="局长")],
    )
    run = checked(doer(cast), data)
    assert {(p.sheet, p.row) for p in found(run)} == {
        ("机关", 2),
        ("机关", 3),
        ("人员", 2),
        ("人员", 3),
        ("任职", 2),
        ("任职", 3),
    }
    assert run.summary["errors"] == len(found(run)) >= 8


def test_a_check_changes_nothing(cast: Cast) -> None:
    tables = (Organ, OrganName, Placement, Account, Appointment, Event)
    before = [list(t.objects.order_by("pk").values()) for t in tables]
    data = filled(
        organs=[organ("LX-01"), JY | {"kind": "派出机构"}],
        people=[person("fresh")],
        appointments=[post("fresh", "LX-01")],
    )
    run = checked(doer(cast), data)
    assert run.state == "checked", told(run)
    assert run.summary["sheets"]["organs"] == {"new": 1, "changed": 1, "ended": 0, "same": 0}
    assert [list(t.objects.order_by("pk").values()) for t in tables] == before


def test_changes_are_told_with_old_and_new(cast: Cast) -> None:
    run = checked(
        doer(cast),
        filled(
            organs=[organ("LX-01"), JY | {"kind": "派出机构"}],
            people=[
                person(
                    "handler", name="甲经办", phone="0000-99998888", email="handler@example.invalid"
                )
            ],
        ),
    )
    changes = import_found.changes(run, 0, 10)
    assert [(c.sheet, c.row, c.key, c.action) for c in changes] == [
        ("organs", 2, "LX-01", "new"),
        ("organs", 3, "LX-JY", "changed"),
        ("people", 2, "handler", "changed"),
    ]
    assert changes[1].fields == [("kind", "工作部门", "派出机构")]
    column, old, new = changes[2].fields[0]
    assert column == "phone"
    assert "0000-00000001" not in old and "0000-99998888" not in new  # masked, as on every page


def test_a_heading_may_stand_anywhere_and_wear_a_star(cast: Cast) -> None:
    data = book(
        {
            "任职": [
                ["任职日期*", " 角色 ", "登录名", "单位编号"],
                ["2024-01-01", "经办人", "no_role", "LX-JY"],
            ]
        }
    )
    run = checked(doer(cast), data)
    assert run.state == "checked", told(run)
    assert run.summary["sheets"]["appointments"]["new"] == 1


@pytest.mark.parametrize(
    "said",
    [
        date(2024, 3, 5),
        "2024-03-05",
        "2024/3/5",
        "2024.3.5",
        "2024年3月5日",
        "20240305",
        20240305,
    ],
)
def test_days_are_read_as_people_write_them(cast: Cast, said: Any) -> None:
    run = checked(doer(cast), filled(organs=[organ("LX-01", valid_from=said)]))
    assert run.state == "checked", told(run)


def test_a_code_kept_as_a_number_is_taken_where_it_is_exact(cast: Cast) -> None:
    run = checked(doer(cast), filled(organs=[organ("LX-01", division_code=330106001000)]))
    assert run.state == "checked", told(run)


def test_without_a_column_what_is_known_stays(cast: Cast) -> None:
    run = checked(doer(cast), filled(organs=[{"code": "LX-JY", "short_name": "教育局"}]))
    assert run.state == "checked", told(run)
    assert import_found.changes(run, 0, 5)[0].fields == [("short_name", "区教育局", "教育局")]
    fresh = checked(doer(cast), filled(organs=[{"code": "LX-77", "short_name": "新局"}]))
    assert {p.about["label"] for p in found(fresh)} == {
        "名称",
        "性质",
        "层级",
        "上级编号",
        "设立日期",
    }


def test_hidden_sheets_and_error_values(cast: Cast) -> None:
    import io

    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        page = made.add_worksheet("人员")
        page.write_row(0, 0, ["登录名", "姓名"])
        page.write_string(1, 0, "handler")
        page.write_formula(1, 1, "=NA()", None, "#N/A")
        other = made.add_worksheet("任职")
        other.write_row(0, 0, ["登录名"])
        other.hide()
    data = out.getvalue()
    assert {p.id for p in found(checked(doer(cast), data))} == {"cell.formula", "sheet.hidden"}
    reader = workbook_in._Sheet([], [], False)
    reader.start("row", {"r": "2"})
    reader.start("c", {"r": "B2", "t": "e"})
    reader.start("v", {})
    reader.text("#N/A")
    reader.end("v")
    reader.end("c")
    reader.end("row")
    line = reader.take()[0]
    assert (line.cells, line.marks) == (["", "#N/A"], {1: "error"})


def test_problems_are_told_in_the_language_of_the_reader(cast: Cast) -> None:
    run = checked(doer(cast), filled(organs=[organ("LX-01", parent="LX-99")]))
    with translation.override("zh-hans"):
        assert "没有这个单位编号" in found(run)[0].words


def test_today_is_the_day_of_the_check(cast: Cast) -> None:
    at = timezone.now() + timedelta(days=2)
    data = filled(organs=[organ("LX-01", valid_to=TOMORROW.isoformat())])
    assert checked(doer(cast), data, at).state == "checked"
