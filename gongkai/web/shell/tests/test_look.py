"""外观: budgets, the oldest browser, what people typed shown as text, forms, navigation, charts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from gongkai.web.shell import charts, context, look
from gongkai.web.shell.access import Role
from gongkai.web.shell.templatetags import shell as tags
from gongkai.web.shell.widgets import Picker

WEB = Path(__file__).parents[2]
STATIC = WEB / "static"
CSS = STATIC / "app.css"
JS = STATIC / "app.js"
TEMPLATES = sorted(WEB.glob("**/templates/**/*.html"))
COMPONENTS = sorted((WEB / "templates" / "components").glob("*.html"))
SHEETS = [f for f in WEB.glob("**/static/**/*.css") if "vendor" not in f.parts]
SCRIPTS = [f for f in WEB.glob("**/static/**/*.js") if "vendor" not in f.parts]
EVIL = "<script>alert(1)</script>\"'"

# Newer than Chromium 86 (October 2020), with the version that brought them.
NEWER_CSS = {
    r":(has|is|where)\(": "105, 88",
    r"@(layer|container|scope|property|starting-style|import)\b": "99 and later; @import waits",
    r"(?<![\w-])inset\s*:": "87",
    r"(?<![\w-])(aspect-ratio|accent-color|color-scheme|container|scrollbar-gutter|translate"
    r"|scale|rotate|text-wrap|margin-trim|field-sizing)\s*:": "87 and later",
    r"(?<![\w-])(inset|padding|margin)-(inline|block)\s*:": "87",
    r"\d[dsl]v[hwib]\b": "108",
    r"\b(color-mix|oklch|oklab|lab|lch|light-dark)\(": "111",
    r"overflow(-[xy])?\s*:\s*clip": "90",
    r"\{[^{}]*&": "120: nesting",
    r":(user-invalid|user-valid|open|popover-open|modal)\b": "105 and later",
    r"@media[^{]*[<>]=?": "104",
}
NEWER_JS = {
    r"\.(at|findLast|findLastIndex|toSorted|toReversed|with|replaceAll|hasOwn)\(": "85-110",
    r"\b(structuredClone|WeakRef|AggregateError|ResizeObserverSize)\b": "84-98",
    r"(\?\?|\|\||&&)=": "85",
    r"\bstatic\s*\{|#\w+\s+in\s": "91-94",
    r"^await\b": "89: waiting at the top level",
    r"(?<![\w.])(eval|Function)\(|document\.write|\.innerHTML|insertAdjacentHTML": "unsafe",
    r"\b(showPopover|startViewTransition|requestClose|scheduler)\b": "111 and later",
    r"\d_\d": "75 fine, kept plain",
}


def shown(name: str, **values: Any) -> str:
    return render_to_string(f"components/{name}.html", values)


# -- weight, age, origin


def test_the_sheet_and_the_script_stay_small() -> None:
    assert len(CSS.read_bytes()) < 45 * 1024
    assert len(JS.read_bytes()) < 15 * 1024


@pytest.mark.parametrize("file", SHEETS, ids=lambda f: f.name)
def test_sheets_use_nothing_newer_than_the_oldest_browser(file: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.S)
    found = {p: m.group() for p in NEWER_CSS if (m := re.search(p, text, re.M))}
    assert found == {}


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda f: f.name)
def test_scripts_use_nothing_newer_than_the_oldest_browser(file: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"(?m)\s//.*$", "", text)
    found = {p: m.group() for p in NEWER_JS if (m := re.search(p, text, re.M))}
    assert found == {}


@pytest.mark.parametrize(
    "sample",
    [".a:has(b) {}", ".a { inset: 0; }", ".a { height: 100dvh }", "@layer x;", ".a { & b {} }"],
)
def test_the_search_for_newer_sheets_finds_them(sample: str) -> None:
    assert any(re.search(p, sample, re.M) for p in NEWER_CSS)


@pytest.mark.parametrize("sample", ["a.at(-1)", "a ??= b", "await x()", "eval(a)", "a.innerHTML"])
def test_the_search_for_newer_scripts_finds_them(sample: str) -> None:
    assert any(re.search(p, sample, re.M) for p in NEWER_JS)


@pytest.mark.parametrize("file", [*SHEETS, *SCRIPTS, *TEMPLATES], ids=lambda f: f.name)
def test_nothing_comes_from_another_host(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S)
    assert re.findall(r"url\(\s*[\"']?(?!data:)(?:https?:)?//[^)]*", text) == []
    assert re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//[^\"']*", text) == []
    assert re.findall(r"fetch\([\"']http|import\s[^;]*http", text) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.name)
def test_templates_hold_no_script_and_no_style_of_their_own(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S)
    assert re.findall(r"\sstyle=|\son[a-z]+=|javascript:|<style|<script(?![^>]*\ssrc=)", text) == []
    assert re.findall(r"\bhx-(?:on|vals=.js:)", text) == []


@pytest.mark.parametrize("file", COMPONENTS, ids=lambda f: f.stem)
def test_every_component_says_how_it_is_used(file: Path) -> None:
    head = file.read_text(encoding="utf-8")[:300]
    assert re.search(r"\{#|\{% comment %\}", head), "no note at the top"


def test_every_class_of_the_shared_templates_is_in_the_sheet() -> None:
    sheet = CSS.read_text(encoding="utf-8")
    hooks = {"rows", "count", "bulk-count", "language"}  # for scripts and tests
    unknown = {
        f"{name} in {file.name}"
        for file in COMPONENTS
        for given in re.findall(r'class="([^"{]*)"', file.read_text(encoding="utf-8"))
        for name in given.split()
        if f".{name}" not in sheet and name not in hooks
    }
    assert unknown == set()


def test_every_drawing_asked_for_exists() -> None:
    drawn = set(
        re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons/icons.svg").read_text("utf-8"))
    )
    asked = {
        name
        for file in TEMPLATES
        for name in re.findall(r'\{% icon "([\w-]+)" %\}', file.read_text(encoding="utf-8"))
    }
    assert asked | {place.icon for place in context.PLACES} <= drawn


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        code = colour.lstrip("#")
        full = code if len(code) == 6 else "".join(c * 2 for c in code)
        parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_are_told_apart() -> None:
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", CSS.read_text(encoding="utf-8")))
    papers = [tokens[name] for name in ("paper", "ground", "tint", "accent-soft")]
    for name in ("ink", "ink-2", "accent", "bad"):
        assert min(contrast(tokens[name], paper) for paper in papers) >= 4.5, name
    assert min(contrast(tokens["ink-3"], tokens[p]) for p in ("paper", "ground", "tint")) >= 4.5
    for tone in ("ok", "warn", "bad"):
        assert contrast(tokens[tone], tokens[f"{tone}-soft"]) >= 4.5, tone
    assert contrast(tokens["edge"], tokens["paper"]) >= 3, "the border of a field"
    assert contrast(tokens["bar-ink-2"], tokens["bar"]) >= 4.5


# -- the gallery and the choice of language


def test_the_gallery_is_for_developers_only(client: Client, db: None) -> None:
    assert client.get("/styleguide/").status_code == 404


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "样式一览"), ("en", "Style guide")])
def test_the_gallery_shows_every_component(
    client: Client, db: None, settings: Any, language: str, title: str
) -> None:
    settings.DEBUG = True
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get("/styleguide/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"<h1>{title}</h1>" in page
    assert f'lang="{language}"' in page
    assert {t.name for t in answer.templates if t.name} >= {
        f"components/{f.name}" for f in COMPONENTS if f.stem not in OUTSIDE_THE_GALLERY
    }
    assert "<em>测试" not in page and "&lt;em&gt;测试" in page


# Shown elsewhere: parts of the shell, and what a field asks for as one types.
OUTSIDE_THE_GALLERY = {"nav", "keys", "suggestions"}


def test_a_person_chooses_the_language_and_comes_back(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/account/?a=1"})
    assert answer.status_code == 302 and answer["Location"] == "/account/?a=1"
    assert client.cookies["django_language"].value == "en"


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/", ""])
def test_the_choice_of_language_leads_to_no_other_host(
    client: Client, db: None, next_: str
) -> None:
    assert client.post("/language/", {"language": "en", "next": next_})["Location"] == "/"


def test_an_unknown_language_is_not_kept(client: Client, db: None) -> None:
    client.post("/language/", {"language": "xx", "next": "/"})
    assert "django_language" not in client.cookies
    assert client.get("/language/").status_code == 405


# -- what people typed is shown as text


EVENT = look.Entry(
    datetime(2026, 3, 2, tzinfo=UTC), EVIL, EVIL, EVIL, changes=[(EVIL, EVIL, EVIL)], href="#"
)
GRID = look.Grid(
    EVIL, [EVIL], [look.GridRow(EVIL, [look.GridCell("g", EVIL, EVIL, EVIL)])], corner=EVIL
)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("acts", {"acts": [look.Act(EVIL, href="#"), look.Act(EVIL, post="#", confirm=EVIL)]}),
        ("acts", {"acts": [look.Act(EVIL, post="#", fields={"a": EVIL}, why_not="")]}),
        ("acts", {"acts": [look.Act(EVIL, why_not=EVIL)]}),
        ("chart", tags.chart(EVIL, [EVIL], [(EVIL, [1]), (EVIL, [2])], unit=EVIL)),
        ("confirm", {"text": EVIL, "consequences": [EVIL], "form": forms.Form(), "submit": EVIL}),
        ("crumbs", {"crumbs": [(EVIL, "/")]}),
        ("empty", {"title": EVIL, "text": EVIL, "href": "#", "label": EVIL}),
        ("facts", {"facts": [look.Fact(EVIL, [EVIL, EVIL], note=EVIL)]}),
        ("facts", {"facts": [look.Fact(EVIL, EVIL, badge="ok"), look.Fact(EVIL, EVIL, "#")]}),
        ("grid", {"grid": GRID}),
        ("masked", {"value": EVIL, "reveal": "#", "label": EVIL}),
        ("notice", {"title": EVIL, "text": EVIL, "href": "#", "label": EVIL, "tone": "bad"}),
        ("progress", {"label": EVIL, "value": 1, "most": 2, "text": EVIL}),
        ("stepper", {"steps": [look.Step(EVIL, "now", note=EVIL)]}),
        ("suggestions", {"options": [(EVIL, EVIL, EVIL)], "words": EVIL}),
        ("tabs", {"tabs": [(EVIL, "#", True, EVIL)], "label": EVIL}),
        ("timeline", {"events": [EVENT]}),
        ("toasts", {"messages": [Message(messages.ERROR, EVIL)]}),
    ],
)
def test_a_component_shows_what_was_typed_as_text(name: str, values: dict[str, Any]) -> None:
    page = shown(name, **values)
    assert "alert(1)" in page
    assert "<script" not in page
    for tag in Tags.of(page):
        assert all("alert" not in (name or "") for name, _value in tag), page


def test_a_badge_escapes_and_knows_its_tones() -> None:
    assert "<script" not in tags.badge(EVIL, "ok")
    assert 'class="badge quiet"' in tags.badge("起草", 'ok" onclick="x')


class Tags(HTMLParser):
    """The attributes of every tag."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[tuple[str, str | None]]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]

    @classmethod
    def of(cls, page: str) -> Iterator[list[tuple[str, str | None]]]:
        parser = cls()
        parser.feed(page)
        yield from parser.found


# -- forms


class Founding(forms.Form):
    sections = [("基本信息", ["name", "channel"])]

    name = forms.CharField(label="名称", help_text="与印章一致的全称。")
    channel = forms.ChoiceField(
        label="渠道", widget=forms.RadioSelect, choices=[("a", "当面"), ("b", "邮寄")]
    )
    parent = forms.CharField(label="上级", required=False, widget=Picker("/organs/suggest/"))
    seen = forms.BooleanField(label="已核对")
    note = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_refused_form_leads_from_the_summary_to_each_field() -> None:
    form = Founding({"name": "", "parent": EVIL})
    form.add_error(None, "已有同名机关。")
    page = shown("form", form=form, once="ONCE", author="AUTHOR")
    parser = Tags()
    parser.feed(page)
    links = re.findall(r'<a href="#([^"]+)"', page)
    assert links == ["id_name", "id_channel", "id_seen"]
    assert set(links) <= set(parser.ids)
    assert "4 处" in page and "已有同名机关。" in page
    assert page.count('aria-invalid="true"') >= 2
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert {"id_name_helptext", "id_name_error", "id_channel_error"} <= set(parser.ids)
    assert len(parser.ids) == len(set(parser.ids))
    assert 'name="_once" value="ONCE"' in page and 'name="_author" value="AUTHOR"' in page


def test_a_fresh_form_says_what_is_needed_in_words() -> None:
    page = shown("form", form=Founding())
    assert page.count("必填") == 3
    assert 'role="alert"' not in page
    assert page.count("<fieldset") == 2, "the section, and the choice of a channel"
    assert page.index("基本信息") < page.index("名称") < page.index("上级")
    assert 'name="note"' in page


def test_fields_outside_every_section_still_appear() -> None:
    groups = tags.sections(Founding())
    assert [[f.name for f in g.fields] for g in groups] == [
        ["name", "channel"],
        ["parent", "seen"],
    ]


def test_a_file_field_states_its_kinds_and_its_size(settings: Any) -> None:
    class Sheet(forms.Form):
        file = forms.FileField(widget=forms.FileInput(attrs={"accept": ".xlsx"}))

    settings.UPLOAD_LIMIT = 3 * 1024 * 1024
    page = shown("form", form=Sheet())
    assert "可上传 .xlsx 文件，最大 3 MB。" in page
    assert 'enctype="multipart/form-data"' in page and f'data-upload="{3 * 1024 * 1024}"' in page


def test_a_picker_is_a_text_field_that_asks_for_matches() -> None:
    page = str(Founding({"parent": EVIL})["parent"])
    assert 'type="text"' in page and 'hx-get="/organs/suggest/"' in page
    assert "<script" not in page


# -- toasts


@pytest.mark.parametrize(
    ("extra", "address"),
    [
        ("undo:/organs/SF/undo", "/organs/SF/undo"),
        ("quiet undo:/a", "/a"),
        ("undo://evil.example/", ""),
        ("undo:https://evil.example/", ""),
        ("undo:javascript:alert(1)", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_only_an_address_of_this_service_can_undo(extra: str | None, address: str) -> None:
    message = Message(messages.SUCCESS, "已删除。", extra)
    assert tags.undo_address(message) == address
    assert ("撤销" in shown("toasts", messages=[message])) is bool(address)


def test_a_toast_says_its_level_in_words() -> None:
    levels = [messages.SUCCESS, messages.INFO, messages.WARNING, messages.ERROR]
    assert [tags.level_word(Message(n, "")) for n in levels] == ["完成", "说明", "注意", "出错"]


# -- navigation


def entries(role: Role | None, path: str) -> dict[str, str]:
    return {str(e.label): e.current for e in context.navigation(role, path)}


def test_each_role_finds_its_pages_in_the_navigation() -> None:
    with translation.override("zh-hans"):
        assert {"首页", "机关", "人员", "指南要素", "事件"} <= set(entries(Role.ADMINISTRATOR, "/"))
        assert {"人员", "导入导出", "事件"}.isdisjoint(entries(Role.HANDLER, "/"))
        assert {"机关", "人员", "指南要素", "导入导出"}.isdisjoint(entries(Role.AUDITOR, "/"))
        assert "首页" in entries(None, "/")


def test_the_navigation_shows_where_one_is() -> None:
    with translation.override("zh-hans"):
        assert entries(Role.ADMINISTRATOR, "/")["首页"] == "page"
        here = entries(Role.ADMINISTRATOR, "/organs/SF-0101/")
        assert here["机关"] == "true" and here["首页"] == "" and here["人员"] == ""
        people = entries(Role.ADMINISTRATOR, "/organs/people/")
        assert people["人员"] == "page" and people["机关"] == ""
        assert set(entries(Role.ADMINISTRATOR, "/account/").values()) == {""}


# -- charts


def test_bars_stand_on_the_line_in_proportion() -> None:
    drawn = charts.plot(["一", "二", "三"], [("收到", [10, None, 40])])
    bars = drawn.series[0].bars
    assert [b.y + b.height for b in bars] == [charts.BOTTOM, charts.BOTTOM]
    assert bars[1].height == pytest.approx(4 * bars[0].height, abs=0.2)
    assert all(b.y >= charts.TOP and charts.LEFT <= b.x < charts.RIGHT for b in bars)
    assert [text for _y, text in drawn.lines] == ["0", "10", "20", "30", "40"]


def test_a_missing_value_breaks_the_line() -> None:
    drawn = charts.plot(["一", "二", "三", "四"], [("收到", [1, 2, None, 4])], kind="line")
    assert drawn.series[0].path.count("M") == 2
    assert len(drawn.series[0].points) == 3


@pytest.mark.parametrize("most", [0, 1, 3, 4, 5, 7, 99, 100, 101, 12345, 0.5])
def test_the_highest_value_always_fits(most: float) -> None:
    drawn = charts.plot(["一"], [("收到", [most])])
    assert drawn.series[0].bars[0].y >= charts.TOP
    assert [text for _y, text in drawn.lines] == sorted(
        (text for _y, text in drawn.lines), key=lambda t: float(t.replace(",", ""))
    )


def test_a_chart_has_its_table_and_says_where_there_is_no_figure() -> None:
    page = shown("chart", **tags.chart("各月", ["1", "2"], [("收到", [3, None])], unit="件"))
    assert '<td class="number">3</td>' in page and "无数据" in page
    assert 'role="img"' in page
