"""模板标签: of the design system, available in every template without {% load %}.

``{% icon "search" %}``             a drawing of static/icons/icons.svg, hidden from screen readers
``{% badge "已公开" "ok" %}``        words with a shape and a colour: ok, warn, bad, quiet
``{% chart title labels series %}`` a drawing with its table: see components/chart.html
``{{ form|sections }}``             the form's fields in the groups its ``sections`` names
``{{ message|undo_address }}``      where a toast's 撤销 posts to. Convention: a message that can be
                                    undone has ``extra_tags="undo:<address>"`` (`look.undoable`).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from django import forms, template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gongkai.web.shell import charts
from gongkai.web.shell import context as places
from gongkai.web.shell.look import Section, Words

register = template.Library()
TONES = frozenset({"ok", "warn", "bad", "quiet"})


@register.simple_tag
def icon(name: str) -> SafeString:
    """One drawing, beside words; it says nothing of its own."""
    return _icon(name) if not settings.DEBUG else _icon.__wrapped__(name)


@functools.cache
def _icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons/icons.svg"),
        name,
    )


# -- the shell: what is the same on many pages is rendered once and kept


@register.simple_tag
def same(name: str) -> SafeString:
    """A component that differs by nothing but the language."""
    return _rendered(name, ())


@register.simple_tag(takes_context=True)
def navigation(context: Context, name: str) -> SafeString:
    """The navigation (``nav``) or the help on keys (``keys``) of the role in hand."""
    capacity = context.get("capacity")
    request = context.get("request")
    entries = places.navigation(capacity.role if capacity else None, getattr(request, "path", ""))
    return _rendered(name, entries)


@register.simple_tag
def way(route: str) -> str:
    """The address of a route; nothing where there is none such."""
    return places.way(route)


def _rendered(name: str, entries: tuple[places.Entry, ...]) -> SafeString:
    render = _kept.__wrapped__ if settings.DEBUG else _kept
    return render(name, translation.get_language(), entries)


@functools.lru_cache(maxsize=256)
def _kept(name: str, language: str, entries: tuple[places.Entry, ...]) -> SafeString:
    return render_to_string(f"components/{name}.html", {"navigation": entries})


@register.simple_tag
def badge(text: Words, tone: str = "quiet") -> SafeString:
    """Words with a shape and a colour; a tone that is not known is quiet."""
    return format_html('<span class="badge {}">{}</span>', tone if tone in TONES else "quiet", text)


# -- forms


@register.filter
def sections(form: forms.BaseForm) -> list[Section]:
    """The visible fields in groups; those that no group names come last, without a heading."""
    stated: list[Any] = list(getattr(form, "sections", ()))
    found: list[Section] = []
    named: set[str] = set()
    for one in stated:
        legend, help_text, names = one if len(one) == 3 else (one[0], "", one[1])
        fields = [form[n] for n in names if n in form.fields and not form[n].is_hidden]
        named |= set(names)
        if fields:
            found.append(Section(legend, help_text, fields))
    rest = [f for f in form.visible_fields() if f.name not in named]
    if rest:
        found.append(Section("", "", rest))
    return found


@register.filter
def error_count(form: forms.BaseForm) -> int:
    """How many things are to be put right."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def upload_hint(bound: BoundField) -> str:
    """Which files a field takes and how large they may be; nothing for other fields.

    A field that takes less than the service does says so by its widget's ``data-most``, in bytes.
    """
    if not isinstance(bound.field, forms.FileField):
        return ""
    kinds = str(bound.field.widget.attrs.get("accept", "")).replace(",", _("、"))
    most = int(bound.field.widget.attrs.get("data-most", settings.UPLOAD_LIMIT))
    size = min(most, settings.UPLOAD_LIMIT) // (1024 * 1024)
    if kinds:
        return _("可上传 %(kinds)s 文件，最大 %(size)d MB。") % {"kinds": kinds, "size": size}
    return _("最大 %(size)d MB。") % {"size": size}


@register.simple_tag
def upload_limit() -> int:
    """The most one upload may hold, in bytes."""
    return settings.UPLOAD_LIMIT


# -- charts


@register.inclusion_tag("components/chart.html")
def chart(
    title: Words,
    labels: Sequence[Words],
    series: charts.Series,
    kind: str = "bar",
    unit: Words = "",
) -> dict[str, Any]:
    """A chart beside its table: see components/chart.html."""
    return {
        "title": title,
        "unit": unit,
        "kind": kind,
        "series": series,
        "plot": charts.plot(labels, series, kind=kind),
        "table": [(label, [v[i] for _n, v in series]) for i, label in enumerate(labels)],
    }


# -- toasts


@register.filter
def level_word(message: Message) -> str:
    """The level in words, so that colour is not needed."""
    return {
        "success": _("完成"),
        "error": _("出错"),
        "warning": _("注意"),
    }.get(message.level_tag, _("说明"))


@register.filter
def undo_address(message: Message) -> str:
    """Where the toast's 撤销 posts to; nothing where it cannot be undone."""
    address = str(message.extra_tags or "").partition("undo:")[2]
    return address if address.startswith("/") and not address.startswith("//") else ""
