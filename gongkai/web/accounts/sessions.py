"""会话: Django's database sessions, with the account and where it signed in beside them."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from gongkai.web.accounts.models import Session


class SessionStore(DatabaseStore):
    """Keeps sessions in `accounts.Session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:  # type: ignore[override]
        return Session

    def create_model_instance(self, data):  # type: ignore[no-untyped-def,override]
        made = super().create_model_instance(data)
        made.account_id = data.get("_auth_user_id") or None
        return made
