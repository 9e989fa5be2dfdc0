"""经过和版本: the events of a report in words, its versions, two versions cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongkai.web.desk import cells_page, queries, values
from gongkai.web.desk.models import Report, Version
from gongkai.web.ledger import events
from gongkai.web.shell.look import Entry

PAGE = 50  # events shown at once
TONES = {
    "desk.read": "ok",
    "desk.confirmed": "ok",
    "desk.all_confirmed": "ok",
    "desk.corrected": "warn",
    "desk.set_aside": "bad",
}


def history(report: Report, before: int | None) -> dict[str, Any]:
    """The newest events, or those before one."""
    rows = queries.history(report)
    if before is not None:
        last = rows.filter(pk=before).first()
        rows = rows.filter(pk__lt=last.pk) if last else rows.none()
    found = list(rows[: PAGE + 1])
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    here = reverse("desk:report", args=[report.pk])
    entries = []
    for one in found[:PAGE]:
        cell = one.new.get("cell")
        entries.append(
            Entry(
                at=one.at,
                text=events.sentence(one),
                who=_("%(who)s（%(role)s）") % {"who": events.who(one), "role": events.role(one)}
                if one.acting_as
                else events.who(one),
                note=one.new.get("reason", "") or _kept(one.new),
                tone=TONES.get(one.kind, ""),
                href=f"{here}?cell={cell}#c-{cell}" if cell else "",
            )
        )
    return {"events": entries, "more": more}


def _kept(told: dict[str, Any]) -> str:
    """What became of the marks of the version before."""
    carried, dropped = told.get("carried", 0), told.get("dropped", 0)
    said = []
    if carried:
        words = ngettext("沿用核对 %(count)d 格。", "沿用核对 %(count)d 格。", carried)
        said.append(words % {"count": carried})
    if dropped:
        words = ngettext(
            "%(count)d 格读数变了，原来的核对留在前一版。",
            "%(count)d 格读数变了，原来的核对留在前一版。",
            dropped,
        )
        said.append(words % {"count": dropped})
    return "".join(said)


def versions(report: Report) -> dict[str, Any]:
    """Every version, the newest first."""
    found = list(queries.versions_of(report))
    rows = []
    for at, one in enumerate(found):
        address = (
            reverse("desk:report", args=[report.pk])
            if not at
            else reverse("desk:version", args=[report.pk, one.number])
        )
        rows.append(
            {
                "one": one,
                "href": address,
                "file": one.member or one.paper.name,
                "original": reverse("desk:original", args=[report.pk, one.number]),
                "in_hand": not at,
                "marks": one.marks.filter(undone_at__isnull=True).count(),
            }
        )
    return {"versions": rows, "several": len(rows) > 1}


def apart(a: Version, b: Version) -> dict[str, Any]:
    """What differs between two versions as they were read: cells, and whether the text does."""
    old, new = sorted((a, b), key=lambda one: one.number)
    before, after = values.reading(old), values.reading(new)
    return {
        "a": old,
        "b": new,
        "cells": list(_cells(before, after)),
        "text_differs": _plain(before.text()) != _plain(after.text()),
        "compared": True,
    }


def _cells(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    for address in dict.fromkeys([*after.cells, *before.cells]):
        one, two = before.cell(address), after.cell(address)
        if (one.state, one.value) != (two.state, two.value):
            yield cells_page.name(address), values.shown(one), values.shown(two)


def _plain(text: str) -> str:
    return "".join(text.split())
