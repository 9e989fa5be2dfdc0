"""准入: who may open a route. Every view states its rule; a route without one fails the build.

``@public`` anyone; ``@signed_in`` every account; ``@acting(Role.X, ...)`` who acts in one of these
roles now. What a person may see inside a page is the matter of each app's queries.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from gongkai.web.shell import failures, kept

View = Callable[..., HttpResponseBase]


class Role(StrEnum):
    """角色: what a person does for an organ. One person may hold several, in several organs."""

    HANDLER = "handler"  # 经办人
    REVIEWER = "reviewer"  # 审核人
    APPROVER = "approver"  # 批准人
    SUPERVISOR = "supervisor"  # 监督员: own subtree, reads, reminds, returns
    AUDITOR = "auditor"  # 审计员: all events, nothing else
    ADMINISTRATOR = "administrator"  # 系统管理员: organs, people, settings of the subtree


@dataclass(frozen=True, slots=True)
class Rule:
    """准入规则: ``public``, or signed in, and where ``roles`` is given acting in one of them."""

    public: bool = False
    roles: frozenset[Role] = frozenset()

    def admits(self, role: Role | None, *, signed_in: bool) -> bool:
        """Whether somebody acting in ``role`` may open the route."""
        if self.public:
            return True
        return signed_in and (not self.roles or role in self.roles)


def public(view: View) -> View:
    """Anyone, signed in or not."""
    return _guarded(view, Rule(public=True))


def signed_in(view: View) -> View:
    """Every account, whatever its roles."""
    return _guarded(view, Rule())


def acting(*roles: Role) -> Callable[[View], View]:
    """Whoever acts in one of these roles at present."""
    return lambda view: _guarded(view, Rule(roles=frozenset(roles)))


def rule_of(view: Any) -> Rule | None:
    """The rule a view states, None where it states none."""
    return getattr(view, "rule", None)


def _guarded(view: View, rule: Rule) -> View:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if rule.public:
            return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return kept.to_sign_in(request)
        capacity = getattr(request, "capacity", None)
        if not rule.admits(capacity.role if capacity else None, signed_in=True):
            return failures.forbidden(request, needed=rule.roles)
        return view(request, *args, **kwargs)

    guarded.rule = rule  # type: ignore[attr-defined]
    return guarded
