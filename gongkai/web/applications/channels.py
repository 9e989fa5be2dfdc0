"""渠道: the ways an application comes by, with an organ's own names of them.

A choice is ``online`` or ``online|政务服务网``; the kind before the bar gives the day of receipt.
"""

from __future__ import annotations

from gongkai.statute.clock_events import CHANNELS, Channel
from gongkai.web.organs import preference_kinds, preferences
from gongkai.web.organs.models import Organ
from gongkai.web.shell.languages import lang

_KEY = "intake.channels"


def said(channel: str, via: str = "") -> str:
    """What a channel is called: the organ's own name first."""
    words = CHANNELS[Channel(channel)].say(lang())
    return f"{via}（{words}）" if via else words


def choices(organ: Organ) -> list[tuple[str, str]]:
    """Those of the law, then those the organ named."""
    key = preferences.KEYS[_KEY]
    assert isinstance(key, preference_kinds.Channels)
    own = key.pairs(str(preferences.value_of(organ, _KEY)))
    return [
        *((kind.value, said(kind)) for kind in CHANNELS),
        *((f"{kind.value}|{name}", said(kind, name)) for kind, name in own),
    ]


def read(choice: str) -> tuple[Channel, str]:
    """The kind and the organ's own name; raises ValueError for no choice."""
    kind, _bar, via = choice.partition("|")
    return Channel(kind), via


def needs_confirmation(channel: Channel) -> bool:
    """Whether Art 31 asks for a confirmation with the applicant."""
    return channel not in (Channel.IN_PERSON, Channel.SIGNED_MAIL)
