"""角色 × 状态 × 环节: every act by every role in every state, through the service."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from gongkai.statute import cases
from gongkai.statute.case_events import Act, Event
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import TABLE, State
from gongkai.statute.tests import case_histories
from gongkai.statute.transitions import Illegal
from gongkai.web.applications import life, recording
from gongkai.web.applications.models import Matter
from gongkai.web.applications.tests.test_acts import DUTIES, WHO, stands
from gongkai.web.applications.tests.test_life import doer
from gongkai.web.ledger.models import Event as Told
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.separation import OwnWork
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db
OUTSIDE = (("outside_handler", "WS-JY"), ("drafter", "LX-CG"))  # handlers of other organs


class _Undone(Exception):
    """Takes back what was tried."""


def tried(by: Doer, matter: Matter, event: Event) -> str:
    """What comes of it: kept, refused to the person, or refused by the statute; then undone."""
    told = Told.objects.count()
    came = ""
    try:
        with transaction.atomic():
            try:
                recording.act(by=by, matter=matter, event=event, version=matter.version)
                came = "kept"
                assert Told.objects.count() > told
            except (NotAllowed, OwnWork):
                came = "person"
            except recording.NotPossible as refused:
                assert str(refused.message)
                came = "statute"
            if came != "kept":
                assert Told.objects.count() == told, "a refusal leaves nothing"
            raise _Undone
    except _Undone:
        pass
    return came


def legal(case: Case, event: Event) -> bool:
    try:
        cases.follow(case, event)
    except Illegal:
        return False
    return True


def of_each(act: Act, case: Case, on: date) -> list[Event]:
    """One event of the act that the statute takes here, and one that it refuses."""
    made = case_histories.forced(act, on, case)
    return [
        found[0]
        for found in (
            [event for event in made if legal(case, event)],
            [event for event in made if not legal(case, event)],
        )
        if found
    ]


@pytest.mark.parametrize("state", State)
def test_every_act_by_every_role_is_kept_or_refused_as_the_table_says(
    state: State, cast: Cast
) -> None:
    matter = stands(cast, state)
    case = life.case_of(matter)
    on = case.latest + timedelta(days=1)
    kept: set[Act] = set()
    for act in Act:
        row = TABLE.find(state, act)
        for event in of_each(act, case, on):
            for role, (who, code) in WHO.items():
                came = tried(doer(cast, who, on, code, role), matter, event)
                if row is None:
                    assert came in ("person", "statute"), (role, event)
                elif role not in DUTIES[row.duty]:
                    assert came == "person", (role, event)
                else:
                    assert came == ("kept" if legal(case, event) else "statute"), (role, event)
                if came == "kept":
                    kept.add(act)
        for who, code in OUTSIDE:
            by = doer(cast, who, on, code, Role.HANDLER)
            assert tried(by, matter, event) == "person", (who, event)
    offered = {one.act for one in cases.acts(case, on) if one.may}
    assert offered - kept == set(), "what is offered can be done"
    assert kept - offered == set(), "what is not offered cannot"
