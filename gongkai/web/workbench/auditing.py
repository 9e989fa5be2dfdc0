"""核验事件链: every chain proved, each broken one named by its organ and event; heads kept and held
against. For `gongkai audit`; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from gongkai.web.ledger import chains, events
from gongkai.web.ledger import queries as ledger
from gongkai.web.ledger.chains import Broken, Head
from gongkai.web.organs import queries
from gongkai.web.shell import append_only, masking
from gongkai.web.shell.look import when


@dataclass(frozen=True, slots=True)
class Fault:
    """断链及其说明: the broken link; whose chain it is; and the event there, in words."""

    broken: Broken
    code: str  # of the organ, empty for the chain of none
    organ: str
    event: str = ""  # when it happened and what it says


def chosen(code: str | None, kept: Mapping[int, Head]) -> list[int] | None:
    """The chains to prove: all that there are or were, or one organ's; None for no such organ."""
    if code is None:
        return sorted({*chains.every(), *kept})
    key = queries.key_of(code)
    return None if key is None else [key]


def total(keys: Iterable[int]) -> int:
    """About how many events there are to look at."""
    wanted = set(keys)
    return sum(head.length for head in chains.heads() if head.chain in wanted)


def faults(
    keys: Iterable[int], kept: Mapping[int, Head], step: Callable[[int], None]
) -> Iterator[Fault]:
    """Every chain is proved, also behind a broken one."""
    for key in keys:
        broken = chains.verify(key, kept.get(key), step)
        if broken is not None:
            code, name = queries.named(key)
            yield Fault(broken, code, name, _event(broken))


def unprotected() -> list[str]:
    """The tables whose rows the database would let somebody alter or delete."""
    return append_only.unprotected()


def _event(broken: Broken) -> str:
    found = ledger.events().filter(pk=broken.event or 0)
    try:
        one = found.first()
        if one is None:
            return ""
        said = masking.text(events.sentence(one))
        return f"{when(one.at)} {said} ({one.subject})"
    except (ValueError, TypeError, AttributeError):  # altered beyond reading
        return ""
