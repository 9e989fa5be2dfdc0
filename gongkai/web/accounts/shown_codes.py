"""显示中的恢复码: new recovery codes while they are shown, in the session, and not for long.

Of recovery codes only marks are stored (see `second_factor`); but until they are written down they
must be shown, printed and downloaded. They go when the person says they are put away, with the
next request after `STAY`, and by the clock where none comes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from gongkai.web.accounts.models import Session

STAY = timedelta(minutes=10)
_KEY = "recovery_codes"


def keep(session: SessionBase, codes: list[str], at: datetime) -> None:
    session[_KEY] = {"codes": codes, "at": at.isoformat()}


def kept(session: SessionBase, at: datetime) -> list[str]:
    """The codes that may still be shown; none once they were put away or their time is over."""
    forget_old(session, at)
    found = session.get(_KEY) or {}
    return list(found.get("codes", ()))


def put_away(session: SessionBase) -> None:
    session.pop(_KEY, None)


def forget_old(session: SessionBase, at: datetime) -> None:
    """Drops the codes of a session once they have stood there long enough."""
    found = session.get(_KEY)
    if found and at - datetime.fromisoformat(found["at"]) >= STAY:
        del session[_KEY]


def forgotten(at: datetime) -> int:
    """Drops them from every session, also where nobody comes back; says from how many."""
    dropped = 0
    store = Session.get_session_store_class()()
    recent = Session.objects.filter(account__isnull=False, expire_date__gt=at)
    for row in recent.iterator(chunk_size=500):
        data = store.decode(row.session_data)
        found = data.get(_KEY)
        if found and at - datetime.fromisoformat(found["at"]) >= STAY:
            del data[_KEY]
            same = Session.objects.filter(pk=row.pk, session_data=row.session_data)
            dropped += same.update(session_data=store.encode(data))
    return dropped
