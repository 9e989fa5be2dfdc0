"""职责分离: nobody decides on their own work, and who watches does not act.

Pure functions over ids, roles and paths; every app that reviews, approves, appoints or delegates
asks them, in the transaction of the act.

- Nobody reviews or approves what they drafted, under an appointment of their own or by delegation.
- Nobody does so in the drafter's place: a delegate of the drafter is the drafter here.
- Nobody signs two steps of one matter, nor has them signed in their name; who records a step that
  was signed on paper neither signs nor records another.
- An auditor holds no other role in the organs audited; an administrator neither reviews nor
  approves in the organs administered. Both hold for a whole subtree, as these roles do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.web.shell.access import Role
from gongkai.web.shell.refusals import Refusal


class Step(StrEnum):
    """环节: where somebody decides on another's work."""

    REVIEW = "review"  # 审核
    APPROVE = "approve"  # 批准


class OwnWork(Refusal):
    """自办自批: the person drafted it or signed it before, in person or in whose place they act."""


class Incompatible(Refusal):
    """职责不相容: two roles that one person may not hold together."""


_DRAFTED = {
    Step.REVIEW: _("本件由您起草，不能由您审核；请交由其他审核人办理。"),
    Step.APPROVE: _("本件由您起草，不能由您批准；请交由其他批准人办理。"),
}
_DRAFTED_FOR = {
    Step.REVIEW: _("本件由您所代理的人起草，不能代其审核；请交由其他审核人办理。"),
    Step.APPROVE: _("本件由您所代理的人起草，不能代其批准；请交由其他批准人办理。"),
}
_SIGNED = _("您已在前面的环节签署或登记本件，同一人不能经手两个环节；请交由他人办理。")
_SIGNED_FOR = _(
    "您所代理的人已在前面的环节签署或登记本件，同一人不能经手两个环节；请交由他人办理。"
)


def may_decide(
    step: str,
    *,
    decider: int,
    drafter: int | Collection[int],
    earlier: Collection[int],
    on_behalf_of: int | None = None,
) -> None:
    """Raises OwnWork where this account may not take this step of a matter.

    ``drafter`` is who wrote it, or all who did. ``earlier`` holds who signed an earlier step, on
    whose behalf, and who recorded it from paper; ``on_behalf_of`` is whose appointment a delegate
    acts in, None for an own one.
    On paper it is asked of who signed the paper and of who records it.
    """
    drafters = {drafter} if isinstance(drafter, int) else set(drafter)
    at = Step(step)
    if decider in drafters:
        raise OwnWork(_DRAFTED[at])
    if on_behalf_of in drafters:
        raise OwnWork(_DRAFTED_FOR[at])
    if decider in earlier:
        raise OwnWork(_SIGNED)
    if on_behalf_of is not None and on_behalf_of in earlier:
        raise OwnWork(_SIGNED_FOR)


@dataclass(frozen=True, slots=True)
class Post:
    """岗位: a role for the organ at a path of the tree."""

    role: Role
    path: str


# Who watches or appoints, which roles that excludes within the same subtree, and why.
INCOMPATIBLE: dict[Role, tuple[frozenset[Role], Promise]] = {
    Role.AUDITOR: (
        frozenset(Role) - {Role.AUDITOR},
        _("审计员在其审计的机关范围内不能担任其他角色，否则审计的是自己的办理。"),
    ),
    Role.ADMINISTRATOR: (
        frozenset({Role.REVIEWER, Role.APPROVER}),
        _("系统管理员在其管理的机关范围内不能审核、批准，否则可以自行任命、自行批准。"),
    ),
}
UNDELEGABLE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def may_hold(post: Post, held: Iterable[Post]) -> None:
    """Raises Incompatible where a post may not be held beside those held at the same time."""
    for other in held:
        reason = _excludes(post, other) or _excludes(other, post)
        if reason is not None:
            raise Incompatible(reason, field="role")


def _excludes(watching: Post, other: Post) -> Promise | None:
    """Why the first post leaves no room for the second; None where it does."""
    excluded, reason = INCOMPATIBLE.get(watching.role, (frozenset(), None))
    if other.role in excluded and other.path.startswith(watching.path):
        return reason
    return None
