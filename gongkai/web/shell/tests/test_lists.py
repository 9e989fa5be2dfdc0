"""列表: every row once, in whatever order, forwards and backwards; filters, views, exports."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import Http404, QueryDict
from django.test import RequestFactory

from gongkai.statute.readers import sheet
from gongkai.web.organs import lists as organ_lists
from gongkai.web.organs.models import Organ
from gongkai.web.shell import exports, lists
from gongkai.web.shell.models import SavedView
from gongkai.web.tests.cast import Cast

SPEC = organ_lists.spec(date(2026, 1, 1))
pytestmark = pytest.mark.django_db


@pytest.fixture
def many() -> list[Organ]:
    """230 organs, many of one name, some ended."""
    rng = random.Random(7)
    made = [
        Organ(
            code=f"M-{at:03d}",
            name=f"示例{rng.choice('甲乙丙丁')}局",
            kind="department",
            level=rng.choice(["county", "city"]),
            path=f"{at + 1:04d}",
            position=at,
            valid_from=date(2000 + at % 20, 1, 1),
            valid_to=date(2025, 1, 1) if at % 7 == 0 else None,
            known_as=f"示例{at}",
        )
        for at in range(230)
    ]
    return Organ.objects.bulk_create(made)


def shown(query: str) -> lists.Listing:
    return lists.listing(RequestFactory().get(f"/organs/?{query}"), SPEC, Organ.objects.all())


def query_of(href: str | None) -> str:
    assert href is not None
    return urlsplit(href).query


def walk(query: str, step: str) -> list[str]:
    """The keys of all pages from one end to the other."""
    keys: list[str] = []
    here: str | None = query
    while here is not None:
        page = shown(here)
        found = [r.key for r in page.rows]
        keys = keys + found if step == "next" else found + keys
        onwards = page.pager.next if step == "next" else page.pager.previous
        here = query_of(onwards) if onwards else None
    return keys


@pytest.mark.parametrize("order", ["tree", "-tree", "name", "-name", "code"])
@pytest.mark.parametrize("filtered", ["", "level=county&"])
def test_every_row_stands_on_one_page(many: list[Organ], order: str, filtered: str) -> None:
    want = lists.asked(SPEC, QueryDict(f"{filtered}order={order}"))
    rows = want.narrowed(Organ.objects.all()).order_by(*want.fields())
    expected = [str(pk) for pk in rows.values_list("pk", flat=True)]
    assert walk(f"{filtered}order={order}", "next") == expected
    last = query_of(shown(f"{filtered}order={order}").pager.last)
    assert walk(last, "previous") == expected


def test_the_ends_have_nothing_behind_them(many: list[Organ]) -> None:
    first = shown("")
    assert (first.pager.first, first.pager.previous) == (None, None)
    last = shown(query_of(first.pager.last))
    assert (last.pager.next, last.pager.last) == (None, None)
    assert len(last.rows) == lists.PAGE


def test_counting_stops(many: list[Organ], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "230" in shown("").pager.count_text
    monkeypatch.setattr(lists, "COUNTED", 100)
    assert "100" in shown("").pager.count_text
    assert "230" not in shown("").pager.count_text


def test_filters_and_search_hold_together(many: list[Organ]) -> None:
    page = shown("state=ended&level=city&q=示例")
    assert page.rows
    for row in page.objects:
        assert row.valid_to is not None and row.level == "city"
    assert {c.label.split("：")[0] for c in page.chips} == {"搜索", "层级", "状态"}
    without = parse_qs(query_of(page.chips[0].remove_href))
    assert "q" not in without and without["state"] == ["ended"]


@pytest.mark.parametrize(
    "query",
    ["level=moon", "order=nonsense", "from=yesterday", "from=2026-13-45", "q="]
    + ["from=0001-01-01", "from=9999-12-31"],
)
def test_a_value_that_means_nothing_is_left_out(many: list[Organ], query: str) -> None:
    assert "230" in shown(query).pager.count_text


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "[]", "[1,2]", '{"a":1}', "[null,1]", '["0001",1,2]', "[" * 5000),
        *('["0001","abc"]', '["0001",1.5]', '["0001",true]', f'["0001",{"9" * 26}]'),
        *(r'["00\u000001",1]', f'["{"0" * 4000}",1]'),
    ],
)
def test_a_place_that_was_not_made_here_is_not_found(many: list[Organ], cursor: str) -> None:
    with pytest.raises(Http404):
        shown(f"after={cursor}")


def test_a_place_of_a_row_that_is_gone_leads_to_the_next(many: list[Organ]) -> None:
    first = shown("")
    Organ.objects.filter(pk=int(first.rows[-1].key)).delete()
    following = shown(query_of(first.pager.next))
    assert following.objects[0].path == f"{lists.PAGE + 1:04d}"


def test_ticked_rows_never_reach_beyond_what_may_be_seen(many: list[Organ]) -> None:
    visible = Organ.objects.filter(level="county")
    hidden = Organ.objects.filter(level="city").values_list("pk", flat=True)
    ticked = RequestFactory().post("/organs/", {"key": [str(pk) for pk in hidden]})
    assert not lists.selected(ticked, SPEC, visible)
    everything = RequestFactory().post("/organs/?state=ended", {"all": "1"})
    assert set(lists.selected(everything, SPEC, visible)) == set(
        visible.filter(valid_to__isnull=False)
    )


# -- saved views


def test_a_view_is_saved_opened_made_default_and_dropped(cast: Cast) -> None:
    client = cast.client("administrator")
    client.post("/organs/?state=ended", {"save_view": "已撤销的"})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("已撤销的", "state=ended")
    assert "已撤销的" in client.get("/organs/?q=").content.decode()
    client.post("/organs/?q=", {"default_view": str(view.pk)})
    opened = client.get("/organs/", follow=True)
    body = opened.content.decode()
    assert "临溪区防汛办公室" in body and "临溪区教育局" not in body
    client.post("/organs/?q=", {"drop_view": str(view.pk)})
    assert not SavedView.objects.exists()


def test_nobody_touches_a_view_of_another(cast: Cast) -> None:
    cast.client("administrator").post("/organs/?state=ended", {"save_view": "我的"})
    view = SavedView.objects.get()
    cast.client("supervisor").post("/organs/?q=", {"drop_view": str(view.pk)})
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_a_view_without_a_name_is_not_saved(cast: Cast) -> None:
    answer = cast.client("administrator").post("/organs/", {"save_view": "  "}, follow=True)
    assert "起一个名称" in answer.content.decode()
    assert not SavedView.objects.exists()


# -- exports


EVIL = ("=1+1", "+86 10", "-2", "@SUM(A1)", "\t=1", "＝1＋1")


def test_no_text_becomes_a_formula(cast: Cast) -> None:
    for at, text in enumerate(EVIL):
        organ = cast.organs["LX-JY"]
        Organ.objects.filter(pk=organ.pk).update(name=text)
        client = cast.client("administrator")
        book = b"".join(client.get("/organs/?export=xlsx"))
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml"), at
        lines = b"".join(client.get("/organs/?export=csv")).decode("utf-8-sig")
        names = [row[0] for row in csv.reader(io.StringIO(lines))]
        assert f"'{text}" in names, text


def test_an_export_holds_what_the_filters_leave_and_reads_back(cast: Cast) -> None:
    client = cast.client("administrator")
    answer = client.get("/organs/?export=xlsx&state=valid&order=name")
    assert "attachment" in answer["Content-Disposition"]
    _, sheets, _ = sheet.contents(b"".join(answer))
    rows = sheets[0]
    text = str(rows)
    assert "临溪区教育局" in text
    assert "临溪区防汛办公室" not in text
    assert "望山区" not in text


def test_long_codes_keep_every_digit_in_a_csv() -> None:
    assert exports.safe("118899010000000012") == "\t118899010000000012"
    assert exports.safe("000001") == "\t000001"
    assert [exports.safe(v) for v in ("2026", 118899010000000012, "SF-01")] == [
        "2026",
        118899010000000012,
        "SF-01",
    ]


def test_numbers_stay_numbers() -> None:
    out = io.BytesIO()
    exports.write_sheet(out, ["数"], [[5], [1.5], [None], [date(2026, 1, 2)]], title="表")
    with zipfile.ZipFile(out) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>5</v>" in xml and "<v>1.5</v>" in xml
