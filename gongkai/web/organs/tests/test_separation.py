"""职责分离: who may decide on what, and which roles one person may not hold together."""

from __future__ import annotations

from itertools import product

import pytest

from gongkai.web.organs.separation import (
    UNDELEGABLE,
    Incompatible,
    OwnWork,
    Post,
    Step,
    may_decide,
    may_hold,
)
from gongkai.web.shell.access import Role

DRAFTER, REVIEWER, APPROVER, DELEGATE, OTHER = 1, 2, 3, 4, 5


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize(
    ("decider", "on_behalf_of", "earlier"),
    [
        (REVIEWER, None, []),
        (APPROVER, None, [REVIEWER]),
        (DELEGATE, REVIEWER, []),
        (DELEGATE, APPROVER, [REVIEWER]),
        # The reviewer was acted for by another: the delegate and the reviewer are both noted.
        (APPROVER, None, [REVIEWER, OTHER]),
    ],
)
def test_who_has_no_part_in_a_matter_decides_on_it(
    step: str, decider: int, on_behalf_of: int | None, earlier: list[int]
) -> None:
    may_decide(step, decider=decider, drafter=DRAFTER, earlier=earlier, on_behalf_of=on_behalf_of)


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize(
    ("decider", "on_behalf_of", "earlier", "why"),
    [
        (DRAFTER, None, [], "the drafter"),
        (DRAFTER, APPROVER, [], "the drafter as another's delegate"),
        (DELEGATE, DRAFTER, [], "a delegate in the drafter's place"),
        (REVIEWER, None, [REVIEWER], "who signed before"),
        (REVIEWER, APPROVER, [REVIEWER], "who signed before, now as a delegate"),
        (DELEGATE, REVIEWER, [REVIEWER], "a delegate of who signed before"),
        (REVIEWER, None, [DELEGATE, REVIEWER], "in whose name a delegate signed before"),
        (DELEGATE, APPROVER, [DELEGATE, REVIEWER], "who signed before as another's delegate"),
    ],
)
def test_nobody_decides_on_their_own_work(
    step: str, decider: int, on_behalf_of: int | None, earlier: list[int], why: str
) -> None:
    with pytest.raises(OwnWork):
        may_decide(
            step, decider=decider, drafter=DRAFTER, earlier=earlier, on_behalf_of=on_behalf_of
        )


def test_of_several_drafters_none_decides() -> None:
    for one in (DRAFTER, OTHER):
        with pytest.raises(OwnWork):
            may_decide("review", decider=one, drafter={DRAFTER, OTHER}, earlier=[])
    may_decide("review", decider=REVIEWER, drafter={DRAFTER, OTHER}, earlier=[])


# The table of the house: for each pair of roles in one organ, whether one person may hold both.
TOGETHER = {
    frozenset({Role.HANDLER, Role.REVIEWER}),
    frozenset({Role.HANDLER, Role.APPROVER}),
    frozenset({Role.HANDLER, Role.SUPERVISOR}),
    frozenset({Role.HANDLER, Role.ADMINISTRATOR}),
    frozenset({Role.REVIEWER, Role.APPROVER}),
    frozenset({Role.REVIEWER, Role.SUPERVISOR}),
    frozenset({Role.APPROVER, Role.SUPERVISOR}),
    frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
}


def test_which_roles_one_person_holds_together_in_an_organ() -> None:
    for one, other in product(Role, Role):
        if one is other:
            continue
        allowed = frozenset({one, other}) in TOGETHER
        try:
            may_hold(Post(one, "0001"), [Post(other, "0001")])
        except Incompatible as refused:
            assert not allowed, (one, other)
            assert str(refused.message)
        else:
            assert allowed, (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Post(Role.AUDITOR, "0001"), Post(Role.HANDLER, "00010002")),
        (Post(Role.ADMINISTRATOR, "0001"), Post(Role.APPROVER, "000100020003")),
    ],
)
def test_a_subtree_counts_as_the_organ_for_who_watches_all_of_it(one: Post, other: Post) -> None:
    for post, held in ((one, other), (other, one)):
        with pytest.raises(Incompatible):
            may_hold(post, [held])


def test_outside_the_subtree_and_above_it_the_roles_go_together() -> None:
    may_hold(Post(Role.AUDITOR, "0001"), [Post(Role.HANDLER, "0002")])
    may_hold(Post(Role.ADMINISTRATOR, "00010002"), [Post(Role.APPROVER, "0001")])
    may_hold(Post(Role.REVIEWER, "0001"), [])


def test_who_watches_and_who_appoints_is_never_acted_for() -> None:
    assert frozenset({Role.ADMINISTRATOR, Role.AUDITOR}) == UNDELEGABLE
