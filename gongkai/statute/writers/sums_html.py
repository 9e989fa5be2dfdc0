"""汇总与对比的网页: what both pages share: one file, no script, nothing fetched.

The style is in the file and allowed by its hash, so that a page also stands under a strict
Content-Security-Policy.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources

from gongkai.statute.texts import Lang
from gongkai.statute.writers.paper import title_words

__all__ = ["document", "escape", "facts", "listing", "table"]


def document(title: str, body: Iterable[str], lang: Lang, *, what: str) -> str:
    """A whole page around its body; ``what`` (rollup, compare) marks it, so that it is not taken
    for a report when it is met again."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    kept = title.replace(" 年度", "\xa0年度")  # a line does not end between a year and its word
    heading = "<wbr>".join(map(escape, title_words(kept)))
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" '
        f"content=\"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="format-detection" content="telephone=no">\n'
        f'<meta name="generator" content="gongkai {what}">\n'
        f"<style>{style}</style>\n<title>{escape(title)}</title>\n</head>\n<body>\n<main>\n"
        f"<h1>{heading}</h1>\n{''.join(body)}</main>\n</body>\n</html>\n"
    )


@functools.cache
def _style() -> str:
    return resources.files("gongkai.statute").joinpath("data/sums.css").read_text("utf-8")


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """A list of terms with what is said of each."""
    inside = "".join(f"<dt>{escape(term)}</dt><dd>{escape(said)}</dd>\n" for term, said in rows)
    return f"<dl>\n{inside}</dl>\n"


def listing(items: Sequence[str]) -> str:
    """A list of sentences; nothing for none."""
    inside = "".join(f"<li>{escape(item)}</li>\n" for item in items)
    return f"<ul>\n{inside}</ul>\n" if items else ""


def table(
    caption: str, head: Sequence[str], rows: Iterable[str], *, kind: str = "", words: int = 1
) -> str:
    """A table of finished rows (``<tr>…``) that scrolls by itself where it is too wide.

    The first ``words`` columns of the head are over words, the others over figures.
    """
    columns = "".join(
        f'<th scope="col"{"" if at < words else " class=figure"}>{escape(name)}</th>'
        if name
        else "<td></td>"
        for at, name in enumerate(head)
    )
    label = escape(caption, quote=True)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{label}">\n'
        f'<table class="{kind}">\n<caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{columns}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table>\n</div>\n"
    )
