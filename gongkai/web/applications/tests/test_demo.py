"""演示: the demonstration has five years of applications and some in hand, built once."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from gongkai.web.applications import demo
from gongkai.web.applications.models import Matter, OldLedger
from gongkai.web.ledger.models import Deadline
from gongkai.web.organs import demo as district
from gongkai.web.organs.import_actions import State


def test_the_bureau_has_five_years_and_some_in_hand(db: None, tmp_path: Path) -> None:
    assert demo.build(at=timezone.now()) == 0  # nobody is there
    district.build(tmp_path)
    count = demo.build(at=timezone.now())
    assert count > 100 and demo.build(at=timezone.now()) == 0
    assert OldLedger.objects.get().state == State.APPLIED
    states = set(Matter.objects.values_list("state", flat=True))
    assert states == {"archived", "received", "handling", "awaiting_clarification"}
    assert Matter.objects.filter(is_open=True).count() == 5
    today = timezone.localdate()
    assert Deadline.objects.filter(closed_at=None, due_on__lt=today).exists(), "one is late"
    assert len(set(Matter.objects.values_list("counted_on__year", flat=True)) - {None}) >= 5
