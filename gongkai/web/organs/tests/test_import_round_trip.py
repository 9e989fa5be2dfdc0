"""往返: the export is the same file: it changes nothing, and fills an empty installation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.web.accounts.models import Account
from gongkai.web.ledger.models import Chain, Event
from gongkai.web.organs import queries
from gongkai.web.organs.models import Appointment, Delegation, Organ, OrganName
from gongkai.web.organs.tests.imports import applied, checked, doer, exported, rows, told
from gongkai.web.organs.tests.test_import_apply import NEWS
from gongkai.web.organs.tests.test_import_check import former, reconsideration
from gongkai.web.organs.tests.workbooks import filled, organ, person, post
from gongkai.web.shell import append_only
from gongkai.web.tests.cast import Cast


def test_what_is_exported_changes_nothing_when_imported(cast: Cast) -> None:
    applied(doer(cast), NEWS)
    run = checked(doer(cast), exported(cast.organs["LX"]))
    assert run.state == "checked", told(run)
    assert run.summary["changes"] == 0 and run.summary["errors"] == 0
    assert all(n["new"] == 0 for n in run.summary["sheets"].values())
    assert run.summary["sheets"]["organs"]["same"] == queries.subtree(cast.organs["LX"]).count()


CODES = st.integers(0, 12)
TEXT = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="\u0149"),
    min_size=1,
    max_size=12,
).filter(lambda t: t.isprintable() and t == t.strip())
DAYS = st.dates(date(2010, 1, 1), date(2019, 12, 31))


@st.composite
def districts(draw: Any) -> bytes:
    """A workbook of some organs, names, bodies, people and posts that is right."""
    count = draw(st.integers(1, 8))
    organs, names, bodies, people, posts = [], [], [], [], []
    for at in range(count):
        parent = f"LX-P{draw(st.integers(0, at - 1))}" if at and draw(st.booleans()) else "LX"
        founded = "2020-01-01"
        ended = draw(st.sampled_from(["", "", "2025-06-01"])) if at == count - 1 else ""
        organs.append(
            organ(
                f"LX-P{at}",
                name=draw(TEXT),
                short_name=draw(st.one_of(st.just(""), TEXT)),
                parent=parent,
                kind=draw(st.sampled_from(["工作部门", "派出机构", "街道办事处"])),
                level=draw(st.sampled_from(["县级", "乡级"])),
                division_code=draw(st.sampled_from(["", "330106", "330106001000"])),
                placed_from=draw(st.sampled_from(["", "2022-03-04"])),
                valid_from=founded,
                valid_to=ended,
            )
        )
        if draw(st.booleans()):
            names.append(former(f"LX-P{at}", draw(TEXT), founded, "2021-05-06"))
        if draw(st.booleans()):
            until = ended or draw(st.sampled_from(["", "2024-01-01"]))
            bodies.append(
                reconsideration(
                    f"LX-P{at}", body_name=draw(TEXT), valid_from="2021-01-01", valid_to=until
                )
            )
    if organs[0]["placed_from"]:
        # A subordinate cannot be placed before its superior: all of them start on their day.
        for one in organs:
            one["placed_from"] = organs[0]["placed_from"]
    for at in range(draw(st.integers(0, 4))):
        phone = draw(st.sampled_from(["", "0000-12345678", "00001234"]))
        state = draw(st.sampled_from(["启用", "停用"]))
        people.append(person(f"p{at}", name=draw(TEXT), phone=phone, state=state))
        where = draw(st.integers(0, count - 1))
        until = organs[where]["valid_to"] or draw(st.sampled_from(["", "2025-01-01"]))
        posts.append(post(f"p{at}", f"LX-P{where}", valid_to=until))
    return filled(
        formulas=False,
        organs=organs,
        names=names,
        reconsiderations=bodies,
        people=people,
        appointments=posts,
    )


def _emptied() -> Iterator[None]:
    """An installation that has a topmost organ and its administrator, and nothing else."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=districts())
def test_an_export_fills_an_empty_installation_to_the_same_export(cast: Cast, data: bytes) -> None:
    top = cast.organs["LX"]
    for _ in _emptied():
        applied(doer(cast), data)
        out = exported(top)
        assert checked(doer(cast), out).summary["changes"] == 0
        first = rows(out)
    for _ in _emptied():
        _only_the_top(cast)
        applied(doer(cast), out)
        assert rows(exported(top)) == first


def _only_the_top(cast: Cast) -> None:
    keep = cast.accounts["administrator"]
    Delegation.objects.all().delete()
    Appointment.objects.exclude(account=keep).delete()
    Account.objects.exclude(pk__in=[keep.pk, cast.accounts["operator"].pk]).delete()
    with append_only.lifted():
        Event.objects.all().delete()
        Chain.objects.all().delete()
    for one in Organ.objects.exclude(code="LX").order_by("-path"):
        one.placements.all().delete()
        one.delete()


def test_what_looks_like_a_formula_stays_text(cast: Cast) -> None:
    """From the file into the database, out again, and in once more."""
    from gongkai.web.organs.tests.workbooks import book

    name = "=cmd|'/c calc'!A1"
    Organ.objects.filter(code="LX-JY").update(name=name)
    OrganName.objects.filter(organ__code="LX-JY").update(name=name)
    out = exported(cast.organs["LX"])
    assert name in [r[1] for r in rows(out)["机关"]]
    assert b"<f>" not in _member(out, "xl/worksheets/sheet2.xml")
    assert checked(doer(cast), out).summary["changes"] == 0
    assert checked(doer(cast), book({"机关": [["单位编号", "名称"], ["LX-JY", "=1+1"]]})).state == (
        "refused"
    )


def _member(data: bytes, name: str) -> bytes:
    import io
    import zipfile

    return zipfile.ZipFile(io.BytesIO(data)).read(name)
