"""译文: the catalogues hold every text of the pages, whole; what is compiled is what is written."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tools import messages

APPS = [pytest.param(app, id=app.name) for app in messages.apps()]


@pytest.mark.parametrize("app", APPS)
def test_every_text_is_translated_and_compiled(app: Path) -> None:
    assert messages.problems(app) == []


def test_a_text_reads_alike_wherever_it_stands() -> None:
    said: dict[tuple[str | None, str], set[str]] = {}
    for app in messages.apps():
        for message in messages.catalogue(app):
            if message.id and message.string:
                key = (message.context, str(message.id))
                said.setdefault(key, set()).add(str(message.string))
    assert {key: found for key, found in said.items() if len(found) > 1} == {}


PYTHON = """
from django.utils.translation import gettext as _, ngettext_lazy as many, pgettext
_("一") ; many("%(n)d 件", "%(n)d 件们", 3) ; pgettext("月", "二")
other("三")
"""
TEMPLATE = """
{% load i18n %}{% translate "甲" %} {{ x|default:_("乙") }} <p title="{% translate '丙' as t %}">
{% blocktranslate trimmed count n=n with a=b %}
  {{ n }} 件 {{ a }}
{% plural %}
  共 {{ n }} 件 {{ a }}
{% endblocktranslate %}"""


def test_texts_are_found_in_code_and_in_templates() -> None:
    found = {(f.context, f.text, f.plural) for f in messages.in_python(PYTHON, "a.py")}
    assert found == {(None, "一", None), (None, "%(n)d 件", "%(n)d 件们"), ("月", "二", None)}
    found = {(f.context, f.text, f.plural) for f in messages.in_template(TEMPLATE, "a.html")}
    assert found == {
        (None, "甲", None),
        (None, "乙", None),
        (None, "丙", None),
        (None, "%(n)s 件 %(a)s", "共 %(n)s 件 %(a)s"),
    }


@pytest.mark.parametrize("source", ['_(f"{x} 件")', '_("有" + x)', '_("有 %s" % x)'])
def test_a_text_put_together_before_translation_is_refused(source: str) -> None:
    source = f"from django.utils.translation import gettext as _\n{source}\n"
    with pytest.raises(messages.Unreadable, match=r"a\.py:2"):
        list(messages.in_python(source, "a.py"))


PO = """
msgid "%(n)d 件"
msgid_plural "%(n)d 件"
msgstr[0] "one thing"
msgstr[1] "%(n)d things"

msgid "改名为 %(name)s"
msgstr "renamed to %(nme)s"

msgid "空"
msgstr ""

#, fuzzy
msgid "约"
msgstr "about"

msgid "好"
msgstr "good，"
"""


def test_a_faulty_translation_is_told() -> None:
    texts = read_po(io.BytesIO(f"{messages.HEADER}{PO}".encode()), "en")
    told = {messages._key(m)[1]: list(messages.faults(m)) for m in texts if m.id}
    assert told == {
        "%(n)d 件": [],
        "改名为 %(name)s": ["placeholders ['%(nme)s'], not ['%(name)s']"],
        "空": ["not translated"],
        "约": ["marked fuzzy"],
        "好": ["Chinese in the English"],
    }


def test_what_is_compiled_is_what_is_written() -> None:
    texts = read_po(io.BytesIO(f"{messages.HEADER}{PO}".encode()), "en")
    made = gettext.GNUTranslations(io.BytesIO(messages.compiled(texts)))
    assert made.ngettext("%(n)d 件", "%(n)d 件", 1) == "one thing"
    assert made.ngettext("%(n)d 件", "%(n)d 件", 2) == "%(n)d things"
    assert made.gettext("好") == "good，"
    assert made.gettext("约") == "约", "fuzzy is not used"
    assert messages.compiled(texts) == messages.compiled(texts)


def test_translations_of_texts_that_are_gone_are_kept_until_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "WEB", tmp_path)
    code = tmp_path / "views.py"
    gettext_of = "from django.utils.translation import gettext\n"
    code.write_text(f'{gettext_of}gettext("留")\ngettext("去")\n', encoding="utf-8")
    assert messages.main([]) == 0
    po = messages.po_of(tmp_path)
    po.write_text(po.read_text().replace('msgid "去"\nmsgstr ""', 'msgid "去"\nmsgstr "go"'))
    code.write_text(f'{gettext_of}gettext("留")\n', encoding="utf-8")
    assert messages.main([]) == 0
    assert '#~ msgid "去"\n#~ msgstr "go"' in po.read_text()
    before = po.read_bytes(), po.with_suffix(".mo").read_bytes()
    assert messages.main([]) == 0
    assert (po.read_bytes(), po.with_suffix(".mo").read_bytes()) == before
    code.write_text(f'{gettext_of}gettext("去")\n', encoding="utf-8")
    assert messages.main([]) == 0
    assert '\nmsgid "去"\nmsgstr "go"' in po.read_text()
    code.write_text(gettext_of, encoding="utf-8")
    assert messages.main(["--drop"]) == 0
    assert "去" not in po.read_text()
