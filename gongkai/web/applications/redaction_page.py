"""遮盖页的内容: a page with its marks, the files made, the part on the case page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gongkai.convert.redaction_marks import Mark, PageSize
from gongkai.statute.case_state import Case
from gongkai.statute.grounds import REASONS
from gongkai.web.applications import case_page, redaction_actions, redaction_queries
from gongkai.web.applications.event_kinds import said
from gongkai.web.applications.models import Matter, Redaction
from gongkai.web.applications.redaction_forms import FOUND_BY, Marks, written
from gongkai.web.ledger.models import Attachment
from gongkai.web.organs.views import capacity_of
from gongkai.web.shell.access import Role
from gongkai.web.shell.languages import lang
from gongkai.web.shell.refusals import Refusal
from gongkai.web.shell.seen import Stale


def whole(typed: str) -> int:
    """A number as typed; -1 for what is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def number_of(typed: str, count: int) -> int:
    """A page there is."""
    return min(max(whole(typed), 1), max(count, 1))


def version_of(one: Redaction | None) -> int:
    """Of the row in hand; 0 where the next mark begins one."""
    return 0 if one is None or one.state == Redaction.State.MADE else one.version


def words_of(refused: Refusal) -> str:
    """What is said of a refusal."""
    if isinstance(refused, Stale):
        return _("别人刚才改动了这个文件的标记。您的标记没有保存，页面上的框还在，请核对后再保存。")
    return str(refused.message)


def href(matter: Matter, original: Attachment, number: int) -> str:
    """The address of a page."""
    return reverse("applications:redact", args=[matter.pk, original.pk]) + f"?page={number}"


def frame(matter: Matter, original: Attachment, one: Redaction | None) -> dict[str, Any]:
    """What every page of a file shows."""
    here = reverse("applications:redact", args=[matter.pk, original.pk])
    return {
        "matter": matter,
        "original": original,
        "crumbs": [*case_page.crumbs(matter), (_("遮盖"), here)],
        "here": here,
        "find_href": reverse("applications:redact_find", args=[matter.pk, original.pk]),
        "make_href": reverse("applications:redact_make", args=[matter.pk, original.pk]),
    }


def context(
    request: HttpRequest,
    matter: Matter,
    original: Attachment,
    sizes: list[PageSize],
    number: int,
    one: Redaction | None,
    version: int,
    typed: Any,
) -> dict[str, Any]:
    """One page with its marks."""
    size = sizes[number - 1]
    held = redaction_actions.boxes(one, number)
    forms = typed or Marks(initial=[_initial(box) for box in held], form_kwargs={"size": size})
    counted = Counter(box.mark.page for box in redaction_actions.boxes(one))
    return {
        **frame(matter, original, one),
        "crumbs": case_page.crumbs(matter),
        "title": _("遮盖：%(file)s") % {"file": original.name},
        "box_width": f"{size.width:.2f}",
        "box_height": f"{size.height:.2f}",
        "number": number,
        "count": len(sizes),
        "before": number - 1 if number > 1 else 0,
        "after": number + 1 if number < len(sizes) else 0,
        "picture": reverse("applications:redact_page", args=[matter.pk, original.pk, number]),
        "marks": [_rect(box.mark) for box in held],
        "forms": forms,
        "stamp": request.POST.get("version", version) if typed else version,
        "solid": "solid" in request.GET,
        "total": sum(counted.values()),
        "pages": [
            (n, counted.get(n, 0), href(matter, original, n)) for n in range(1, len(sizes) + 1)
        ],
        "state": one.state if one is not None else "",
        "failed": _failed(one),
        "made": [
            (done.name, reverse("applications:file", args=[matter.pk, done.pk]), done.at)
            for prepared in redaction_queries.prepared(matter)
            if prepared.original.pk == original.pk
            for done in reversed(prepared.made)
        ],
    }


def _initial(box: redaction_actions.Box) -> dict[str, Any]:
    left, top, right, bottom = (round(edge, 2) for edge in box.mark.box)
    return {
        "left": left,
        "top": top,
        "right": right,
        "bottom": bottom,
        "ground": box.ground.value,
    }


def _rect(mark: Mark) -> dict[str, str]:
    """A box as SVG says it: numbers as they are written everywhere."""
    return {
        "x": f"{mark.left:.2f}",
        "y": f"{mark.top:.2f}",
        "width": f"{mark.right - mark.left:.2f}",
        "height": f"{mark.bottom - mark.top:.2f}",
    }


def _failed(one: Redaction | None) -> list[str]:
    if one is None or one.state != Redaction.State.FAILED:
        return []
    return [english if lang() == "en" else chinese for chinese, english in one.said]


def hits(marks: Iterable[Mark], held: set[tuple[int, str]]) -> list[dict[str, Any]]:
    """What was found, to be ticked: sure ones are; what is marked already says so."""
    return [
        {
            "value": written(mark),
            "page": mark.page,
            "text": mark.text,
            "why": FOUND_BY[mark.reason],
            "sure": mark.sure,
            "held": (mark.page, written(mark)) in held,
        }
        for mark in marks
    ]


def summary(
    matter: Matter, original: Attachment, one: Redaction | None, sizes: list[PageSize]
) -> dict[str, Any]:
    """What will be made: marks by ground and by page."""
    every = redaction_actions.boxes(one)
    grounds = Counter(box.ground for box in every)
    pages = Counter(box.mark.page for box in every)
    return {
        "total": len(every),
        "count": len(sizes),
        "grounds": [
            (said(REASONS[ground].cite), said(REASONS[ground].name), n)
            for ground, n in sorted(grounds.items())
        ],
        "pages": [(n, pages[n], href(matter, original, n) + "&solid") for n in sorted(pages)],
        "bare": [n for n in range(1, len(sizes) + 1) if n not in pages][:50],
    }


def part(request: HttpRequest, matter: Matter, case: Case) -> SafeString:
    """遮盖后公开: on the case page, for who handles it; nothing where no file can be prepared."""
    capacity = capacity_of(request)
    if capacity is None or capacity.role is not Role.HANDLER:
        return SafeString("")
    files = [
        {
            "name": one.original.name,
            "href": reverse("applications:redact", args=[matter.pk, one.original.pk]),
            "state": one.in_hand.get_state_display() if one.in_hand else "",
            "made": [
                (done.name, reverse("applications:file", args=[matter.pk, done.pk]), done.at)
                for done in one.made
            ],
        }
        for one in redaction_queries.prepared(matter)
    ]
    if not files:
        return SafeString("")
    return render_to_string("applications/redaction_part.html", {"files": files})


def register() -> None:
    """Puts the part on the case page, when the app is ready."""
    case_page.MORE.append(part)
