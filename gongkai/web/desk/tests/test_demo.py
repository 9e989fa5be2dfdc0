"""演示: the desk of the demonstration is not empty, and built once."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from gongkai.web.desk import demo, queries
from gongkai.web.desk.models import Batch, Paper, Report
from gongkai.web.desk.tests import deskwork
from gongkai.web.organs import demo as district


def test_the_district_has_reports_on_its_desks(db: None, tmp_path: Path) -> None:
    assert demo.build(at=timezone.now()) == 0  # nobody is there to hand anything in
    district.build(tmp_path)
    count = demo.build(at=timezone.now())
    assert count >= 15 and demo.build(at=timezone.now()) == 0
    assert Batch.objects.count() == 2
    deskwork.work()
    assert not Paper.objects.exclude(state=Paper.State.READ).exists()
    assert Report.objects.filter(organ__isnull=False).count() >= 8
    assert queries.unmatched(Report.objects.all()).count() >= 5
    assert Report.objects.filter(doubtful__gt=0).exists() and Report.objects.filter(errors__gt=0)
