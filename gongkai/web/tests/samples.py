"""样例: for every route with arguments, an object its readers see and one that they do not.

A new route fails the build until it stands here. ``own`` lies in the tree of 临溪区 and is open to
every role the rule admits; ``foreign`` is its like in 望山区, answered with "not found" to all of
临溪区. A route whose objects belong to nobody gives no ``foreign`` but the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gongkai.web.tests.cast import VISITORS, Cast
from gongkai.web.tests.routes import Outcome

Arguments = Callable[[Cast], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sample:
    """样例: the arguments of a route."""

    own: Arguments
    foreign: Arguments | None = None
    why: str = ""  # no foreign one


def organ(code: str, foreign: str) -> Sample:
    return Sample(lambda cast: {"code": code}, lambda cast: {"code": foreign})


ORGAN = organ("LX-JY", "WS-JY")
CLOSED = organ("LX-FB", "WS-FB")
PERSON = Sample(
    lambda cast: {"pk": cast.accounts["handler"].pk},
    lambda cast: {"pk": cast.accounts["outside_handler"].pk},
)

SAMPLES: dict[str, Sample] = {
    "accounts:end_session": Sample(
        lambda cast: {"named": "no-such-session"}, why="names one's own sessions only"
    ),
    "organs:appointment_end": Sample(
        lambda cast: {"pk": cast.appointments["handler", "LX-JY"].pk},
        lambda cast: {"pk": cast.appointments["outside_handler", "WS-JY"].pk},
    ),
    "organs:delegation_revoke": Sample(
        lambda cast: {"pk": cast.delegation.pk},
        lambda cast: {"pk": cast.foreign_delegation().pk},
    ),
    "organs:event": Sample(
        lambda cast: {"pk": cast.event("LX-JY").pk}, lambda cast: {"pk": cast.event("WS-JY").pk}
    ),
    "organs:people_undo": Sample(
        lambda cast: {"request_id": "ABCD2345"}, why="names one's own acts only"
    ),
    "organs:person": PERSON,
    "organs:person_edit": PERSON,
    "organs:person_password": PERSON,
    "organs:person_restore": PERSON,
    "organs:person_reveal": PERSON,
    "organs:person_second_factor": PERSON,
    "organs:person_suspend": PERSON,
    "organs:person_unlock": PERSON,
    "organs:organ": ORGAN,
    "organs:change": ORGAN,
    "organs:rename": ORGAN,
    "organs:move": ORGAN,
    "organs:split": ORGAN,
    "organs:close": ORGAN,
    "organs:reopen": CLOSED,
    "organs:reconsideration": ORGAN,
}

# Where a route gives a visitor something else than its rule promises: the outcome and the reason,
# printed in docs/permissions.md.
OTHERWISE: dict[tuple[str, str | None], tuple[Outcome, str]] = {
    ("shell:styleguide", who): (Outcome.NOT_FOUND, "exists only with GONGKAI_DEBUG=1")
    for who in VISITORS
} | {
    ("organs:delegation_revoke", who): (
        Outcome.NOT_FOUND,
        "only of one's own appointments, or of those one administers",
    )
    for who in VISITORS
    if who not in (None, "approver", "administrator")
}
