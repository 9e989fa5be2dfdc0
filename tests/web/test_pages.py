"""页面巡查: every page opens, in both languages, and says nothing in the other one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from lxml import html

from gongkai.statute import forms
from gongkai.web.desk import values
from gongkai.web.desk.models import Version
from gongkai.web.ledger import vault
from gongkai.web.ledger.models import Secret
from gongkai.web.organs import workbook
from gongkai.web.shell import context
from gongkai.web.tests import pages
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.furnish import IN_FILES
from gongkai.web.tests.routes import routes
from gongkai.web.tests.stages import browser

NAMES = [name for name in pages.names() if name not in pages.DEBUG_ONLY]
HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff01-\uff5e]+")
# Codes of organs, addresses of pages and mail (masked or not), ends of file names.
SIGNS = re.compile(
    r"[A-Z]{1,4}(?:-[A-Z0-9]+)+|https?://[\w./-]+|[\w.*+-]+@[\w.*-]+|[\w*]*\*[\w.*]+|\.[a-z]{3,4}\b"
)
NUMBER = re.compile(r"[\u4e00-\u9fff]+〔\d{4}〕\d+号")  # of a document: cited as it is in both
LATIN = re.compile(r"[A-Za-z]{2,}(?:[’'-][A-Za-z]+)*")
# Words that are the same in Chinese.
ALLOWED = {
    *(
        "CSV",
        "Ctrl",
        "Enter",
        "Excel",
        "Gongkai",
        "Word",
        "HTTPS",
        "ID",
        "KB",
        "MB",
        "PDF",
        "PNG",
        "QR",
        "TOTP",
    ),
    *("XLSX", "zhangsan"),
}
# Attributes that are read to a person.
READ_OUT = ("alt", "title", "placeholder", "aria-label", "aria-description", "data-label")
SILENT = {"script", "style", "code", "kbd", "samp", "svg", "template"}


def opened(client: Client, page: pages.Page, language: str) -> html.HtmlElement:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(page.address)
    where = answer.headers.get("Location", "")
    assert answer.status_code == page.status, f"{page.address}: {answer.status_code} {where}"
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    tree = html.document_fromstring(answer.content.decode())
    assert tree.get("lang") == language, "the page says its language"
    return tree


def texts(tree: html.HtmlElement, language: str) -> Iterator[str]:
    """What a person reads or is read, without what is marked to be in another language."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if not isinstance(node.tag, str) or node.tag in SILENT:
            continue
        if node.get("lang", language).lower() != language:
            continue
        yield from (node.get(name) for name in READ_OUT if node.get(name))
        if node.tag == "input" and node.get("type") in ("submit", "button", "reset"):
            yield node.get("value", "")
        if node.text and node.tag != "textarea":
            yield node.text
        yield from (child.tail for child in node if child.tail)
        stack += list(node)


def data() -> list[str]:
    """Every text the database holds, longest first: what people wrote stays as they wrote it; and
    the words of workbooks, which are Chinese in both languages."""
    found: set[str] = {*IN_FILES, workbook.GUIDE, *"甲乙丙"}  # third parties by their keys
    for edition in forms.editions():  # the official form's own words, as remarks quote them
        for spec in forms.form(edition).specs.values():
            found |= {spec.row.label, spec.column.label}
    for sheet in workbook.SHEETS:
        found |= {sheet.title, *(column.label for column in sheet.columns)}
        for column in sheet.columns:
            found |= (
                set(workbook.choices(sheet.id, column.id)) if column.kind == "choice" else set()
            )

    def add(value: object) -> None:
        if isinstance(value, dict):
            for one in value.values():
                add(one)
        elif isinstance(value, list):
            for one in value:
                add(one)
        elif isinstance(value, str) and len(value) > 1:
            found.update(line.strip() for line in value.splitlines())

    for model in apps.get_models():
        if model.__module__.startswith("gongkai."):
            for row in model._default_manager.values_list():
                for value in row:
                    add(value)
    found |= {vault.shown(one) for one in Secret.objects.all()}
    for version in Version.objects.all():  # what stands in reports is packed
        read = values.reading(version)
        add([p.title for ps in read.sections.values() for p in ps])
        add([p.text for ps in read.sections.values() for p in ps])
        add([read.preamble])
    return sorted(found - {""}, key=len, reverse=True)


def without(text: str, known: list[str]) -> str:
    """What is left of a text without data and the signs between data."""
    for value in known:
        if value in text:
            text = text.replace(value, "\0")
    return re.sub("(?<=\0)[、（）]|[、（）](?=\0)", "", text)


def asked(page: pages.Page) -> list[str]:
    """What was typed into the address."""
    return [str(v) for v in QueryDict(urlsplit(page.address).query).values() if v]


def _page(cast: Cast, name: str) -> tuple[Client, pages.Page]:
    page = pages.pages(cast)[name]
    return browser(cast, page.who), page


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_in_english(name: str, cast: Cast) -> None:
    client, page = _page(cast, name)
    tree = opened(client, page, "en")
    known = data() + asked(page)
    left = {
        text.strip() or None
        for text in texts(tree, "en")
        if HAN.search(NUMBER.sub("", without(text, known)))
    }
    assert left - {None} == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_in_chinese(name: str, cast: Cast) -> None:
    client, page = _page(cast, name)
    tree = opened(client, page, "zh-hans")
    known = data() + asked(page)
    left = set()
    for text in texts(tree, "zh-hans"):
        words = set(LATIN.findall(SIGNS.sub(" ", without(text, known)))) - ALLOWED
        left |= {f"{word}: {text.strip()[:60]}" for word in words}
    assert left == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_well_built(name: str, cast: Cast) -> None:
    client, page = _page(cast, name)
    tree = opened(client, page, "zh-hans")
    assert len(tree.findall(".//h1")) == 1 and tree.find(".//h1").text_content().strip()
    assert len(tree.findall(".//main")) == 1
    title = tree.findtext(".//title") or ""
    assert len([part for part in title.split("·") if part.strip()]) > 1 or name == "home", title
    ids = [node.get("id") for node in tree.iter() if isinstance(node.tag, str) and node.get("id")]
    assert sorted(ids) == sorted(set(ids)), "an id stands once"
    inline = [n.tag for n in tree.iter() if isinstance(n.tag, str) and n.get("style")]
    acted = [a for n in tree.iter() if isinstance(n.tag, str) for a in n.attrib if a[:2] == "on"]
    scripts = [s for s in tree.iter("script") if not s.get("src")]
    assert (inline, acted, scripts) == ([], [], []), "nothing inline: see the content's policy"
    unsafe = [
        form.get("action")
        for form in tree.iter("form")
        if form.get("method", "get").lower() == "post"
        and not form.xpath(".//input[@name='csrfmiddlewaretoken']")
    ]
    assert unsafe == []


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_a_page_leads_somewhere(name: str, cast: Cast) -> None:
    client, page = _page(cast, name)
    tree = opened(client, page, "zh-hans")
    client.raise_request_exception = False
    wrong = {}
    for link in sorted({a.get("href") for a in tree.iter("a") if a.get("href")}):
        if link.startswith("#"):
            if link != "#" and not tree.xpath("//*[@id=$id]", id=link[1:]):
                wrong[link] = "no such place"
        elif link.startswith(("mailto:", "tel:")):
            continue
        elif re.match(r"\w+:|//", link):
            wrong[link] = "leads out of the house"
        else:
            address = link if link.startswith("/") else page.address.partition("?")[0] + link
            answer = client.get(address)
            answer.getvalue()  # to its end: what streams is closed by that
            status = answer.status_code
            if status >= 400 and status != page.status:
                wrong[link] = str(status)
    assert wrong == {}


# -- the walk itself


@cache
def _rules() -> dict[str, frozenset[str]]:
    return {r.name: frozenset(r.rule.roles) for r in routes() if r.rule}


def test_every_route_is_a_page_or_says_why_not(cast: Cast) -> None:
    known = {route.name for route in routes()}
    assert set(pages.NO_PAGE) - known == set()
    assert set(pages.READER_OF) - known == set()
    shown = {}
    for route in routes():
        if route.name in pages.NO_PAGE and not route.arguments:
            client = browser(cast, pages.reader(route))
            answer = client.get(pages.address_of(route, cast))
            whole = b"<html" in b"".join(answer) if answer.status_code == 200 else False
            if whole:
                shown[route.name] = answer.status_code
    assert shown == {}, "a page after all: take it out of NO_PAGE"


def test_the_navigation_offers_what_the_rules_admit() -> None:
    offered = {p.route: frozenset(p.roles) for p in context.PLACES if p.route in _rules()}
    assert offered == {name: _rules()[name] for name in offered}
