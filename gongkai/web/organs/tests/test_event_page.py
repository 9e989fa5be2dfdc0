"""事件页: what an event keeps is told in words, with a way to what it concerns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from gongkai.web.ledger import chains
from gongkai.web.ledger.models import Event
from gongkai.web.organs import demo, event_kinds, event_words
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
ORGANS = Path(event_kinds.__file__).parent
_HELD = {"old", "new", "told", "moved", "said", "ended", "about"}


def page(cast: Cast, who: str = "auditor", **kept: Any) -> str:
    values: dict[str, Any] = {
        "organ": cast.organs["LX-JY"],
        "kind": "organ.changed",
        "at": timezone.now(),
        "by": cast.accounts["administrator"],
        "subject": "organ/LX-JY",
    }
    one = Event(**(values | kept))
    chains.append([one])
    answer = cast.client(who).get(reverse("organs:event", args=[one.pk]))
    return str(answer.content.decode())


def _keys(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Dict):
            yield from (
                k.value for k in part.keys if isinstance(k, ast.Constant) and type(k.value) is str
            )


def _item(target: ast.AST) -> Iterator[object]:
    """``told["key"] = ...``."""
    if not isinstance(target, ast.Subscript) or not isinstance(target.slice, ast.Constant):
        return
    if isinstance(target.value, ast.Name) and target.value.id in _HELD:
        yield target.slice.value


def written() -> set[str]:
    """The keys that the code of this app gives to events."""
    found: set[str] = set()
    files = [*ORGANS.glob("*_actions.py"), ORGANS / "actions.py", ORGANS / "import_write.py"]
    for file in [*files, ORGANS / "doing.py"]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in ("old", "new"):
                found |= set(_keys(node.value))
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if {t.id for t in targets if isinstance(t, ast.Name)} & _HELD:
                    found |= set(_keys(node.value))
                found |= {str(k) for t in targets for k in _item(t)}
    return found


def _unnamed(keys: set[str]) -> set[str]:
    plain = {key.removesuffix("_before") for key in keys} - event_words.INNER
    return {key for key in plain if key not in event_words.LABELS}


def test_every_value_that_the_code_keeps_has_a_name() -> None:
    keys = written()
    assert {"basis", "signed_by", "setting", "sha256", "for_id"} <= keys, "nothing was read"
    assert _unnamed(keys) == set()


def test_every_value_of_the_demonstration_has_a_name(tmp_path: Path) -> None:
    demo.build(tmp_path, today=timezone.localdate())
    keys = {key for e in Event.objects.all() for key in (*e.old, *e.new)}
    assert "comment" in keys and _unnamed(keys) == set()


def test_every_name_is_in_both_languages() -> None:
    for key in event_words.LABELS:
        assert re.search("[\u4e00-\u9fff]", event_words.label(key)), key
        with translation.override("en"):
            assert not re.search("[\u4e00-\u9fff]", event_words.label(key)), key


def test_a_paper_signature_is_told_in_words(cast: Cast) -> None:
    html = page(
        cast,
        kind="particulars.reviewed",
        subject="particulars/LX-JY/2",
        new={
            "number": 2,
            "paper": True,
            "signed_by": "戴示例",
            "signed_on": "2026-03-02",
            "signature": 7,
            "sha256": "ab12",
            "for_id": 3,
        },
    )
    assert "审核通过指南要素第 2 版（纸质，戴示例签批）" in html
    assert "临溪区教育局 · 指南要素第 2 版" in html
    assert re.search(r"<td>纸质签批</td>\s*<td>是</td>", html)
    for raw in ("signed_by", "signed_on", "signature", "for_id", ">sha256<", ">true<"):
        assert raw not in html
    assert "原来" not in html, "nothing was before"


def test_a_setting_is_told_by_its_name_and_values(cast: Cast) -> None:
    html = page(
        cast,
        kind="organ.setting",
        old={"value_before": "1"},
        new={"setting": "clock.clarifications", "value": "2"},
    )
    assert re.search(r"<td>设置值</td>\s*<td>一次</td>\s*<td>两次</td>", html)
    assert "可以要求补正几次" in html and "clock.clarifications" not in html


def test_an_export_is_of_a_list_by_name(cast: Cast) -> None:
    html = page(
        cast,
        kind="export.made",
        subject="list/events",
        new={"listing": "events", "rows": 3, "file": "csv"},
    )
    assert "列表：事件" in html and re.search(r"<td>列表</td>\s*<td>事件</td>", html)


def test_only_who_may_open_it_is_led_to_what_an_event_concerns(cast: Cast) -> None:
    handler = cast.accounts["handler"].pk
    ways = {
        "organ/LX-JY": reverse("organs:organ", args=["LX-JY"]),
        "particulars/LX-JY/2": reverse("organs:particulars_version", args=["LX-JY", 2]),
        "particulars/LX-JY": reverse("organs:particulars_of", args=["LX-JY"]),
        f"person/{handler}": reverse("organs:person", args=[handler]),
    }
    for subject, way in ways.items():
        assert f'href="{way}"' in page(cast, "administrator", subject=subject), subject
        assert f'href="{way}"' not in page(cast, "auditor", subject=subject), subject
    outside = page(cast, "administrator", subject="organ/WS-JY")
    assert "望山区教育局" in outside
    assert reverse("organs:organ", args=["WS-JY"]) not in outside
