"""路由: every route of the service with its rule, for the tests and for docs/permissions.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import URLPattern, URLResolver, get_resolver

from gongkai.web.shell.access import Role, Rule, rule_of


class Outcome(StrEnum):
    """结果: what somebody gets who asks for a route."""

    OK = "ok"
    SIGN_IN = "sign in"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Route:
    """路由: one address of the service."""

    name: str  # "organs:organ"
    address: str  # "/organs/<code>/"
    view: Callable[..., Any]
    arguments: frozenset[str]

    @property
    def rule(self) -> Rule | None:
        return rule_of(self.view)

    @property
    def title(self) -> str:
        """What the page is, in Chinese: the first words of its view's docstring."""
        said = re.split(r"[:：。\n]", (self.view.__doc__ or "").strip(), maxsplit=1)[0]
        return said if re.search(r"[\u4e00-\u9fff]", said) else ""

    def expected(self, role: Role | None, *, signed_in: bool) -> Outcome:
        """What the rule promises somebody."""
        assert self.rule is not None, f"{self.name} states no rule"
        if self.rule.admits(role, signed_in=signed_in):
            return Outcome.OK
        return Outcome.FORBIDDEN if signed_in else Outcome.SIGN_IN


def routes() -> list[Route]:
    """Every route, in the order of the map."""
    return list(_walk(get_resolver().url_patterns, "", "/"))


def _walk(
    patterns: Sequence[URLPattern | URLResolver], namespace: str, above: str
) -> Iterator[Route]:
    for pattern in patterns:
        here = above + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, here)
        else:
            name = f"{namespace}{pattern.name or here}"
            yield Route(name, here, pattern.callback, frozenset(re.findall(r"<(\w+)>", here)))


def outcome(response: HttpResponseBase) -> Outcome:
    """What an answer amounts to; a form sent empty and refused is as good as one that is shown."""
    if response.status_code in (301, 302, 303):
        sent_away = response["Location"].startswith(f"{resolve_url(settings.LOGIN_URL)}?next=")
        return Outcome.SIGN_IN if sent_away else Outcome.OK
    refused = {403: Outcome.FORBIDDEN, 404: Outcome.NOT_FOUND}
    if response.status_code >= 500:
        return Outcome.ERROR
    return refused.get(response.status_code, Outcome.OK)
