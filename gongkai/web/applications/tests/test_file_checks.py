"""案卷评查: drawn, scored, ended by a supervisor; what was not looked at has no points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import case_events as e
from gongkai.web.applications import filecheck_actions, recording, samples
from gongkai.web.applications.filecheck_actions import Draw
from gongkai.web.applications.models import Checked, FileCheck, Matter
from gongkai.web.applications.tests.samples import paper, registered
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.shell.access import Role
from gongkai.web.shell.seen import Stale
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

pytestmark = pytest.mark.django_db
FULL = {item.id: item.points for item in samples.ITEMS}


def closed(cast: Cast, count: int = 3) -> list[Matter]:
    today = timezone.localdate()
    found = []
    for _ in range(count):
        matter = registered(cast, paper(arrived=today - timedelta(days=3)))
        by = acting(cast, "handler", role=Role.HANDLER)
        recording.act(by=by, matter=matter, event=e.Withdrawn(today), version=matter.version)
        found.append(matter)
    return found


def supervisor(cast: Cast) -> Doer:
    return acting(cast, "supervisor", "LX", role=Role.SUPERVISOR)


def drawn(cast: Cast, count: int = 10, seed: int = 7) -> FileCheck:
    today = timezone.localdate()
    given = Draw("示例评查", today - timedelta(days=9), today, count, seed)
    return filecheck_actions.draw(by=supervisor(cast), given=given)


def score(cast: Cast, file: Checked, points: Mapping[str, int | None], version: int = 1) -> Checked:
    return filecheck_actions.score(
        by=supervisor(cast), file=file, points=points, said="依据齐全", version=version
    )


def test_the_same_number_draws_the_same_files(cast: Cast) -> None:
    closed(cast, 6)
    first = [one.matter_id for one in drawn(cast, 3).files.all()]
    assert first == [one.matter_id for one in drawn(cast, 3).files.all()]
    assert len(first) == 3


def test_nothing_is_drawn_where_nothing_was_closed(cast: Cast) -> None:
    with pytest.raises(filecheck_actions.NothingDrawn):
        drawn(cast)
    assert not FileCheck.objects.exists()


def test_an_item_left_open_is_no_zero(cast: Cast) -> None:
    closed(cast, 1)
    check = drawn(cast)
    file = score(cast, check.files.get(), {**FULL, "letter": None})
    assert "letter" not in file.points
    assert samples.total(file.points) is None
    with pytest.raises(filecheck_actions.NotComplete):
        filecheck_actions.end(by=supervisor(cast), check=check, version=1)
    file = score(cast, file, {**FULL, "letter": 0}, version=2)
    assert samples.total(file.points) == samples.WHOLE - 20


def test_no_more_points_than_an_item_is_worth(cast: Cast) -> None:
    closed(cast, 1)
    file = drawn(cast).files.get()
    with pytest.raises(filecheck_actions.WrongPoints) as refused:
        score(cast, file, {**FULL, "time": 21})
    assert refused.value.field == "item_time"


def test_once_ended_no_score_changes(cast: Cast) -> None:
    closed(cast, 1)
    check = drawn(cast)
    file = score(cast, check.files.get(), FULL)
    filecheck_actions.end(by=supervisor(cast), check=check, version=1)
    with pytest.raises(filecheck_actions.Ended):
        score(cast, file, {**FULL, "time": 1}, version=2)
    kinds = ledger.events().filter(subject=filecheck_actions.address(check))
    told = list(kinds.order_by("position").values_list("kind", flat=True))
    assert told == ["filecheck.drawn", "filecheck.scored", "filecheck.ended"]


def test_the_second_writer_is_told(cast: Cast) -> None:
    closed(cast, 1)
    file = drawn(cast).files.get()
    score(cast, file, FULL)
    with pytest.raises(Stale):
        score(cast, file, FULL)


def test_officers_draw_nothing(cast: Cast) -> None:
    by = acting(cast, "handler", role=Role.HANDLER)
    given = Draw("x", date(2026, 1, 1), date(2026, 2, 1), 1, 1)
    with pytest.raises(NotAllowed):
        filecheck_actions.draw(by=by, given=given)


def test_a_supervisor_scores_file_after_file_on_the_pages(cast: Cast) -> None:
    closed(cast, 2)
    client = cast.client("supervisor")
    today = timezone.localdate()
    asked = {
        "title": "一季度评查",
        "first": today - timedelta(days=9),
        "last": today,
        "count": 10,
        "seed": 3,
    }
    client.post(reverse("applications:check_new"), asked)
    check = FileCheck.objects.get()
    first, second = check.files.all()
    page = reverse("applications:check_score", args=[check.pk, first.pk])
    typed = {f"item_{id}": points for id, points in FULL.items()} | {"words": "好", "version": 1}
    answer = client.post(page, typed)
    assert answer.headers["Location"] == reverse(
        "applications:check_score", args=[check.pk, second.pk]
    )
    shown = client.get(reverse("applications:check", args=[check.pk])).content.decode()
    assert "已评 1 件，共 2 件" in shown and "<b>100</b>" in shown
    sheet = client.get(reverse("applications:check_export", args=[check.pk]))
    assert sheet.getvalue()[:2] == b"PK"
