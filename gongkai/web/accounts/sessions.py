"""会话: Django's database sessions, with the account and where it signed in beside them.

A session ends at the latest SESSION_COOKIE_AGE after signing in, however busy it is, and
SESSION_IDLE after the last request. A request reads the row once; it is written when the session
changed, and once in a while to keep ``seen_at`` (see `gate`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from gongkai.web.accounts.models import Session

ACCOUNT = "_auth_user_id"  # Django's key
CODE_GIVEN = "second_factor"  # set where the sign-in took a code too


class SessionStore(DatabaseStore):
    """会话存取: keeps sessions in `accounts.Session`; ``row`` is the one read or written last."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        now = timezone.now()
        self.row = Session.objects.filter(live(now), session_key=self.session_key).first()
        if self.row is None:
            self._session_key = None
            return {}
        return self.decode(self.row.session_data)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """A row like the one before: since when and from where stay, the rest is of now."""
        now = timezone.now()
        began = self.row.created_at if self.row else now
        self.row = Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=began + timedelta(seconds=settings.SESSION_COOKIE_AGE),
            account_id=data.get(ACCOUNT) or None,
            created_at=began,
            seen_at=now,
            address=self.row.address if self.row else None,
            agent=self.row.agent if self.row else "",
        )
        return self.row

    def cycle_key(self) -> None:
        """A new key; a session that is signed in stays as old as it is."""
        self._get_session()  # type: ignore[attr-defined]  # reads the row, where not yet read
        before, self.row = self.row, None
        super().cycle_key()
        if self.row is not None and before is not None and before.account_id is not None:
            self.row.created_at = before.created_at
            self.row.address, self.row.agent = before.address, before.agent

    def flush(self) -> None:
        super().flush()
        self.row = None

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds left, counted from signing in and not from the last change."""
        if self.row is None:
            return int(settings.SESSION_COOKIE_AGE)
        ends = self.row.created_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return max(0, int((ends - timezone.now()).total_seconds()))

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        return timezone.now() + timedelta(seconds=self.get_expiry_age())

    def came_from(self, address: str | None, agent: str) -> None:
        """Where and with what one signed in; written with the session."""
        if self.row is not None:
            self.row.address, self.row.agent = address, agent[:300]
            self.modified = True

    def touch(self, at: datetime) -> None:
        """Keeps that the account was here, at most once in `_step`; reads nothing."""
        row = self.row
        if row is None or row.account_id is None or at - row.seen_at < _step():
            return
        Session.objects.filter(pk=row.pk, seen_at__lt=at).update(seen_at=at)
        row.seen_at = at

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.exclude(live(timezone.now())).delete()


def live(at: datetime) -> Q:
    """The sessions that still count at a moment."""
    idle = timedelta(seconds=settings.SESSION_IDLE) + _step()
    return Q(expire_date__gt=at) & (Q(account__isnull=True) | Q(seen_at__gt=at - idle))


def _step() -> timedelta:
    """How stale ``seen_at`` may be: a minute, less where sessions end after a few idle minutes."""
    return timedelta(seconds=min(60, settings.SESSION_IDLE // 4))


def reference(session: Session) -> str:
    """What names a session in a page: its key would be the way in."""
    return salted_hmac("gongkai.session", session.session_key).hexdigest()[:20]
