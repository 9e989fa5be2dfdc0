"""导入导出页面: from the upload to the result, in a browser that may have no scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from huey.contrib.djhuey import HUEY

from gongkai.web.accounts.models import Account
from gongkai.web.ledger.models import Event
from gongkai.web.organs import import_actions, import_found, jobs, workbook_in
from gongkai.web.organs.models import ImportRun, Organ
from gongkai.web.organs.tests.imports import checked, confirmed, doer, found, rows
from gongkai.web.organs.tests.workbooks import book, filled, organ, person, post
from gongkai.web.tests import cast as district
from gongkai.web.tests.cast import Cast

ClientAs = Callable[..., Client]
NEWS = filled(
    organs=[organ("LX-01")], people=[person("fresh")], appointments=[post("fresh", "LX-01")]
)
pytestmark = pytest.mark.usefixtures("_commits")


@pytest.fixture
def _commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens after a commit happens in these tests too, which never commit."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_: act())


def upload(client: Client, data: bytes, name: str = "机关.xlsx") -> Any:
    file = SimpleUploadedFile(name, data, "application/octet-stream")
    return client.post(reverse("organs:import_new"), {"file": file})


def body(response: Any) -> str:
    return str(response.content.decode())


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_from_the_upload_to_the_result(client_as: ClientAs, cast: Cast) -> None:
    client = client_as("administrator")
    answer = upload(client, NEWS)
    run = ImportRun.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/organs/imports/{run.pk}/"
    page = body(client.get(answer["Location"]))
    assert "核对完毕，还没有导入" in page and "LX-01" in page
    assert not Organ.objects.filter(code="LX-01").exists()
    address = f"/organs/imports/{run.pk}/apply/?of={run.summary['digest']}"
    assert address.replace("&", "&amp;") in page
    asks = body(client.get(address))
    assert "机关：新增 1 行" in asks and "文件里没有的机关、人员和任职不受影响" in asks
    assert client.post(address).status_code == 302
    run.refresh_from_db()
    assert run.state == "applied" and Organ.objects.filter(code="LX-01").exists()
    page = body(client.get(f"/organs/imports/{run.pk}/"))
    assert "1 名新人员还没有密码" in page
    assert "机关.xlsx" in body(client.get("/organs/imports/"))


def test_first_passwords_stand_on_one_page_only(client_as: ClientAs, cast: Cast) -> None:
    client = client_as("administrator")
    upload(client, NEWS)
    run = ImportRun.objects.get()
    client.post(f"/organs/imports/{run.pk}/apply/?of={run.summary['digest']}")
    address = f"/organs/imports/{run.pk}/passwords/"
    assert "只显示这一次" in body(client.get(address))
    answer = client.post(address)
    assert answer["Cache-Control"] == "no-store"
    page = body(answer)
    password = page.partition('class="secret">')[2].partition("<")[0]
    assert Account.objects.get(username="fresh").check_password(password)
    assert password not in body(client.get(f"/organs/imports/{run.pk}/"))
    assert client.post(address).status_code == 422  # nobody is left without one


def test_a_file_with_problems_comes_back_with_them(client_as: ClientAs, cast: Cast) -> None:
    client = client_as("administrator")
    data = book(
        {
            "机关": [
                ["备注栏", "单位编号", "名称", "性质", "层级", "上级编号", "设立日期"],
                ["", "LX-01", "甲局", "局", "县级", "LX", "2024-01-01"],
                ["", "LX-02", "乙局", "工作部门", "县级", "LX", "2024-01-01"],
            ],
            "填写说明": [["x"]],
        }
    )
    upload(client, data)
    run = ImportRun.objects.get()
    page = body(client.get(f"/organs/imports/{run.pk}/"))
    assert "有 2 处问题，没有导入" in page and "D 性质" in page and "A 备注栏" in page
    answer = client.get(f"/organs/imports/{run.pk}/problems/")
    assert "filename" in answer["Content-Disposition"]
    file = content(answer)
    back = rows(file)["机关"]
    assert back[0][:2] == ["备注栏", "单位编号"] and back[0][7:] == ["问题"]
    assert back[1][7].startswith("性质：只能填") and back[1][:4] == ["", "LX-01", "甲局", "局"]
    assert back[2] == ["", "LX-02", "乙局", "工作部门", "县级", "LX", "2024-01-01"]
    assert "填写说明" in [part.title for part in workbook_in.opened(file).parts]


def test_a_formula_is_shown_as_it_was_written(client_as: ClientAs, cast: Cast) -> None:
    client = client_as("administrator")
    upload(client, filled(organs=[organ("LX-01", name='=CONCATENATE("甲","局")')]))
    run = ImportRun.objects.get()
    page = body(client.get(f"/organs/imports/{run.pk}/"))
    assert "=CONCATENATE(&quot;甲&quot;,&quot;局&quot;)" in page and "是公式" in page
    back = content(client.get(f"/organs/imports/{run.pk}/problems/"))
    assert '=CONCATENATE("甲","局")' in rows(back)["机关"][1]
    assert not any(m == "formula" for line in marks(back) for m in line.values())


def marks(data: bytes) -> list[dict[int, str]]:
    """What the cells of the sheet of organs are that are no text."""
    found = workbook_in.opened(data)
    part = next(p for p in found.parts if p.title == "机关")
    return [line.marks for line in found.lines(part)]


def test_the_file_that_came_back_is_taken_once_it_is_put_right(cast: Cast) -> None:
    bad = checked(doer(cast), filled(organs=[organ("LX-01", kind="局", division_code="1")]))
    path = import_found.problem_file(bad)
    assert path is not None
    back = rows(path.read_bytes())["机关"]
    again = checked(doer(cast), path.read_bytes())
    assert [(p.id, p.row) for p in found(again)] == [(p.id, p.row) for p in found(bad)]
    twice = import_found.problem_file(again)
    assert twice is not None
    assert rows(twice.read_bytes())["机关"] == back  # one column of problems, not two
    back[1][back[0].index("性质")] = "工作部门"
    back[1][back[0].index("行政区划代码")] = ""
    assert checked(doer(cast), book({"机关": back})).state == "checked"


def test_many_rows_are_checked_in_the_background(
    client_as: ClientAs, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("administrator")
    data = filled(organs=[organ(f"LX-N{n:04d}") for n in range(600)])
    queued: list[int] = []
    monkeypatch.setattr(jobs, "check_import", queued.append)
    upload(client, data)
    run = ImportRun.objects.get()
    assert queued == [run.pk] and run.state == "checking"
    address = f"/organs/imports/{run.pk}/"
    page = body(client.get(address))
    assert f'hx-get="{address}progress/"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "hx-get" in body(client.get(address + "progress/"))
    monkeypatch.undo()
    jobs.check_import.call_local(run.pk)
    assert client.get(address + "progress/")["HX-Refresh"] == "true"
    page = body(client.get(address))
    assert "共 600 条" in page and "下一页" in page
    assert "LX-N0599" in body(client.get(address + "?show=changes&page=12"))


@pytest.mark.django_db(transaction=True)
def test_the_queue_takes_the_job_and_the_worker_finds_it() -> None:
    cast = district.build()
    HUEY.flush()  # what other tests have left in the queue comes first otherwise
    before = HUEY.pending_count()
    run = confirmed(doer(cast), NEWS)
    jobs.apply_import(run.pk)
    assert HUEY.pending_count() == before + 1
    task = HUEY.dequeue()
    HUEY.execute(task)
    run.refresh_from_db()
    assert run.state == "applied"


def test_an_import_whose_worker_died_is_offered_again(
    client_as: ClientAs, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("administrator")
    run = confirmed(doer(cast), NEWS)
    address = f"/organs/imports/{run.pk}/"
    import_found.Alive(run)("organs", 1)
    assert "正在写入机关：1 行" in body(client.get(address))
    monkeypatch.setattr(import_actions, "DEAD_AFTER", -import_actions.DEAD_AFTER)
    page = body(client.get(address))
    assert "后台没有在处理" in page and address + "resume/" in page
    client.post(address + "resume/")
    run.refresh_from_db()
    assert run.state == "applied"


def test_what_is_no_workbook_is_refused_at_its_field(client_as: ClientAs, cast: Cast) -> None:
    client = client_as("administrator")
    for data, name in (
        (b"%PDF-1.7 x", "a.pdf"),
        (b"PK\x03\x04 broken", "b.xlsx"),
        (b"x", "c.xlsx"),
    ):
        answer = upload(client, data, name)
        assert answer.status_code == 422
        assert "field file wrong" in body(answer) or "error" in body(answer)
    assert not ImportRun.objects.exists()


def test_the_export_is_of_the_own_subtree_and_is_kept_in_mind(
    client_as: ClientAs, cast: Cast
) -> None:
    data = content(client_as("administrator").get("/organs/imports/export/"))
    sheets = rows(data)
    codes = [r[0] for r in sheets["机关"][1:]]
    assert "LX-JY" in codes and "WS-JY" not in codes
    people = {r[0] for r in sheets["人员"][1:]}
    assert "handler" in people and "outside_handler" not in people and "operator" not in people
    assert b"argon2" not in data and b"md5$" not in data
    event = Event.objects.get(kind="export.made")
    assert event.by == cast.accounts["administrator"] and event.new["rows"] > 10


@pytest.mark.parametrize("who", ["supervisor", "auditor", "handler", "no_role"])
def test_nobody_but_administrators_comes_near(client_as: ClientAs, cast: Cast, who: str) -> None:
    run = checked(doer(cast), NEWS)
    client = client_as(who)
    for name in ("imports", "import_new", "import_template", "import_export"):
        assert client.get(reverse(f"organs:{name}")).status_code == 403
    for name in ("import_run", "import_apply", "import_passwords", "import_problems"):
        assert client.get(reverse(f"organs:{name}", args=[run.pk])).status_code == 403


def test_an_administrator_elsewhere_sees_no_import_of_this_tree(
    client_as: ClientAs, cast: Cast
) -> None:
    run = checked(doer(cast), NEWS)
    client = client_as("outside_administrator")
    for name in ("import_run", "import_apply", "import_passwords", "import_problems"):
        assert client.get(reverse(f"organs:{name}", args=[run.pk])).status_code == 404
    for name in ("import_drop", "import_again", "import_resume"):
        assert client.post(reverse(f"organs:{name}", args=[run.pk])).status_code == 404
    assert "导入.xlsx" not in body(client.get("/organs/imports/"))


def test_the_empty_workbook_is_a_workbook(client_as: ClientAs, cast: Cast) -> None:
    answer = client_as("administrator").get("/organs/imports/template/")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    sheets = rows(content(answer))
    assert [len(r) for r in sheets.values()] == [1, 1, 1, 1, 1]


def test_dropping_keeps_that_there_was_one(client_as: ClientAs, cast: Cast) -> None:
    client = client_as("administrator")
    upload(client, NEWS)
    run = ImportRun.objects.get()
    client.post(f"/organs/imports/{run.pk}/drop/")
    page = body(client.get(f"/organs/imports/{run.pk}/"))
    assert "已放弃" in page and "核对结果已删除" in page
    assert client.get(f"/organs/imports/{run.pk}/problems/").status_code == 404
