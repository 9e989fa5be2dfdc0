"""案卷评查: drawn, scored, ended by a supervisor; what was not looked at has no points."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from gongkai.statute import case_events as e
from gongkai.web.applications import filecheck_actions, recording, samples
from gongkai.web.applications.filecheck_actions import Draw
from gongkai.web.applications.models import Checked, FileCheck, Matter
from gongkai.web.applications.recording import WrongDay
from gongkai.web.applications.tests.samples import paper, registered
from gongkai.web.ledger import alerts
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.models import Alert
from gongkai.web.organs import tree
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.models import Organ
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


def score(
    cast: Cast,
    file: Checked,
    points: Mapping[str, int | None],
    version: int = 1,
    skip: Collection[str] = (),
) -> Checked:
    return filecheck_actions.score(
        by=supervisor(cast),
        file=file,
        points=points,
        not_applicable=skip,
        said="依据齐全",
        version=version,
    )


def ended(cast: Cast, count: int = 1, **notice: Any) -> FileCheck:
    """Cases of 区教育局, drawn and scored; the check ended."""
    closed(cast, count)
    check = drawn(cast)
    for file in check.files.all():
        score(cast, file, {**FULL, "delivery": 7}, skip=["consultation"])
    return filecheck_actions.end(by=supervisor(cast), check=check, version=1, **notice)


def sheet_of(check: FileCheck, file: Checked) -> str:
    return reverse("applications:check_score", args=[check.pk, file.pk])


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
    assert samples.score(file.points) is None
    with pytest.raises(filecheck_actions.NotComplete):
        filecheck_actions.end(by=supervisor(cast), check=check, version=1)
    file = score(cast, file, {**FULL, "letter": 0}, version=2)
    assert samples.score(file.points) == samples.Score(samples.WHOLE - 20, samples.WHOLE)


def test_what_does_not_apply_leaves_the_denominator(cast: Cast) -> None:
    closed(cast, 1)
    check = drawn(cast)
    points = {**FULL, "clarification": None, "consultation": 3, "time": 15}
    file = score(cast, check.files.get(), points, skip=["clarification", "consultation"])
    assert file.not_applicable == ["clarification", "consultation"]
    assert "consultation" not in file.points
    found = samples.score(file.points, file.not_applicable)
    assert found == samples.Score(75, 80)
    assert found is not None and found.rate == Fraction(375, 4)
    told = ledger.events().filter(kind="filecheck.scored").get()
    assert told.new["not_applicable"] == 2 and told.new["complete"]
    with pytest.raises(filecheck_actions.NothingApplies):
        score(cast, file, {}, version=2, skip=list(FULL))
    again = score(cast, file, {**FULL, "time": None}, version=2, skip=["clarification"])
    assert samples.score(again.points, again.not_applicable) is None  # 期限 is open, not 0
    filecheck_actions.score(by=supervisor(cast), file=again, points=FULL, said="", version=3)
    filecheck_actions.end(by=supervisor(cast), check=check, version=1)


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
    typed["item_clarification"] = "na"
    client.post(reverse("applications:check_score", args=[check.pk, second.pk]), typed)
    shown = client.get(reverse("applications:check", args=[check.pk])).content.decode()
    assert "<b>90</b>/90" in shown and "100.0%" in shown
    again = client.get(sheet_of(check, second)).content.decode()
    assert '<option value="na" selected>' in again
    sheet = client.get(reverse("applications:check_export", args=[check.pk]))
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet.getvalue())).get_sheet_by_index(0)
    cells = [cell for row in rows.to_python() for cell in row]
    assert cells.count("不适用") == 1


# -- once it is ended


def test_an_ended_check_is_read_and_what_was_sent_in_vain_is_not_lost(cast: Cast) -> None:
    check = ended(cast)
    file = check.files.get()
    client = cast.client("supervisor")
    shown = client.get(sheet_of(check, file)).content.decode()
    assert "<select" not in shown and "<textarea" not in shown
    assert "不能再改分" in shown and "不适用" in shown and "依据齐全" in shown
    typed = {"item_time": "3", "words": "这句话不能丢", "version": file.version}
    answer = client.post(sheet_of(check, file), typed)
    assert answer.status_code == 409
    refused = answer.content.decode()
    assert "没有保存" in refused and "这句话不能丢" in refused and "<textarea" not in refused
    file.refresh_from_db()
    assert file.points["time"] == 20
    end = client.get(reverse("applications:check_end", args=[check.pk]))
    assert end.headers["Location"] == reverse("applications:check", args=[check.pk])


def test_the_unit_sees_its_own_of_an_ended_check_alone(cast: Cast) -> None:
    closed(cast, 1)
    other = registered(cast, paper(arrived=timezone.localdate() - timedelta(days=3)))
    Matter.objects.filter(pk=other.pk).update(
        organ=cast.organs["LX-CG"], is_open=False, closed_on=timezone.localdate(), title="别家案卷"
    )
    check = drawn(cast)
    own, others = check.files.exclude(title="别家案卷").get(), check.files.get(title="别家案卷")
    page = reverse("applications:check", args=[check.pk])
    for who in ("handler", "reviewer", "approver"):  # not while it runs
        assert cast.client(who).get(page).status_code == 404
        assert cast.client(who).get(sheet_of(check, own)).status_code == 404
    for file in (own, others):
        score(cast, file, FULL)
    filecheck_actions.end(by=supervisor(cast), check=check, version=1)
    client = cast.client("handler")
    shown = client.get(page).content.decode()
    assert own.title in shown and "别家案卷" not in shown and "区城市管理局" not in shown
    assert "导出评分表" not in shown and "共 1 件" in shown
    assert "<select" not in client.get(sheet_of(check, own)).content.decode()
    assert client.get(sheet_of(check, others)).status_code == 404
    unit = "applications:check_unit"
    assert client.get(reverse(unit, args=[check.pk, "LX-JY"])).status_code == 200
    assert client.get(reverse(unit, args=[check.pk, "LX-CG"])).status_code == 404
    assert check.title in client.get(reverse("applications:checks")).content.decode()
    stranger = cast.client("outside_handler")
    assert stranger.get(page).status_code == 404
    assert check.title not in stranger.get(reverse("applications:checks")).content.decode()
    assert client.get(reverse("applications:check_export", args=[check.pk])).status_code == 403


def test_the_unit_is_told_when_the_check_ends(cast: Cast) -> None:
    day = timezone.localdate() + timedelta(days=10)
    check = ended(cast, 2, notice="请补正送达凭证。", answer_by=day)
    told = Alert.objects.get(kind="filecheck.answer")
    assert told.organ == cast.organs["LX-JY"] and told.values["count"] == 2
    assert day.isoformat() in alerts.sentence(told) and "补正" not in str(told.values)
    inbox = cast.client("handler").get(reverse("inbox:list")).content.decode()
    page = reverse("applications:check", args=[check.pk])
    assert f'href="{page}"' in inbox and "抽查了本机关 2 件" in inbox
    assert "请补正送达凭证。" in cast.client("approver").get(page).content.decode()
    assert "抽查了" not in cast.client("office_handler").get(reverse("inbox:list")).content.decode()


def test_without_a_notice_the_unit_is_asked_for_nothing(cast: Cast) -> None:
    closed(cast, 1)
    check = drawn(cast)
    score(cast, check.files.get(), FULL)
    today = timezone.localdate()
    with pytest.raises(filecheck_actions.NoNotice):
        filecheck_actions.end(by=supervisor(cast), check=check, version=1, answer_by=today)
    past = today - timedelta(days=1)
    with pytest.raises(WrongDay):
        filecheck_actions.end(
            by=supervisor(cast), check=check, version=1, notice="请回复", answer_by=past
        )
    assert not Alert.objects.filter(kind__startswith="filecheck.").exists()
    filecheck_actions.end(by=supervisor(cast), check=check, version=1)
    assert Alert.objects.get(subject=filecheck_actions.address(check)).kind == "filecheck.ended"


def test_the_sheet_of_a_unit_is_printed_whole(cast: Cast) -> None:
    check = ended(cast, 2)
    page = reverse("applications:check_unit", args=[check.pk, "LX-JY"])
    shown = cast.client("supervisor").get(page).content.decode()
    assert shown.count('class="one-file"') == 2 and "data-print" in shown
    assert shown.count("不适用的项目不计入满分") == 2 and "平均得分率 96.7%" in shown


# -- an organ moves


def moved_away(cast: Cast) -> None:
    """区教育局 goes to the other government."""
    path = f"{cast.organs['WS'].path}{99:0{tree.STEP}d}"
    Organ.objects.filter(code="LX-JY").update(path=path)


def test_as_drawn_stays_readable_where_an_organ_has_moved(cast: Cast) -> None:
    closed(cast, 2)
    check = drawn(cast)
    first, second = check.files.all()
    score(cast, first, FULL)
    moved_away(cast)
    Matter.objects.filter(pk=first.matter_id).update(title="移走以后改的名字", ground="granted")
    client = cast.client("supervisor")
    shown = client.get(reverse("applications:check", args=[check.pk])).content.decode()
    assert first.title in shown and "<b>100</b>" in shown  # as it was drawn
    assert "移走以后" not in shown  # nothing of the case as it went on
    sheet = client.get(sheet_of(check, second)).content.decode()
    assert "不在监督范围" in sheet and "<select" not in sheet
    assert reverse("applications:case", args=[second.matter_id]) not in sheet
    assert client.get(reverse("applications:case", args=[second.matter_id])).status_code == 404
    with pytest.raises(filecheck_actions.OutOfSight):
        score(cast, second, FULL)
    filecheck_actions.end(by=supervisor(cast), check=check, version=1)  # it holds nothing up


def test_another_supervisor_scores_and_ends_nothing(cast: Cast) -> None:
    closed(cast, 1)
    check = drawn(cast)
    by = acting(cast, "outside_administrator", "WS")
    assert by.capacity is not None
    outside = Doer(by.by, by.at, replace(by.capacity, role=Role.SUPERVISOR))
    with pytest.raises(NotAllowed):
        filecheck_actions.score(by=outside, file=check.files.get(), points=FULL, said="", version=1)
    with pytest.raises(NotAllowed):
        filecheck_actions.end(by=outside, check=check, version=1)
