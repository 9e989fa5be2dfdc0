"""大批账号: many made or changed at once, for imports; and their passwords of the first sign-in.

An account made here has no password until one is issued. An issued one is ninety random bits
long, so one pass of SHA-256 guards it as well as argon2 would; it must be changed at the first
sign-in, and what the person chooses then is hashed by argon2.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher, make_password
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_noop as _

from gongkai.web.accounts import passwords
from gongkai.web.accounts.models import Account, OldPassword, Session

log = logging.getLogger("gongkai.accounts")
BATCH = 2000


class OneTime(BasePasswordHasher):
    """一次性密码的散列: for passwords of `passwords.one_time` alone, never for chosen ones."""

    algorithm = "one_time"

    def encode(self, password: str, salt: str) -> str:
        digest = hashlib.sha256(f"{salt}{password}".encode()).hexdigest()
        return f"{self.algorithm}${salt}${digest}"

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, salt, digest = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": digest}

    def verify(self, password: str, encoded: str) -> bool:
        salt = self.decode(encoded)["salt"]
        right = constant_time_compare(encoded, self.encode(password, salt))
        if not right:  # as slow as with any other account, so that time does not tell who has one
            make_password(password)
        return right

    def safe_summary(self, encoded: str) -> Any:
        return {_("algorithm"): self.algorithm}

    def harden_runtime(self, password: str, encoded: str) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Made:
    """要建立的账号: as an import knows it."""

    username: str
    name: str
    phone: str = ""
    email: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Issued:
    """一次性密码: told once, kept nowhere."""

    account: Account
    password: str = field(repr=False)


@transaction.atomic
def make(people: Iterable[Made], *, at: datetime) -> list[Account]:
    """建立: without a password as yet. Raises IntegrityError for a name that is taken."""
    unusable = make_password(None)
    made = [
        Account(
            username=one.username,
            name=one.name,
            phone=one.phone,
            email=one.email,
            is_active=one.is_active,
            password=unusable,
            must_change_password=True,
            password_changed_at=at,
            created_at=at,
        )
        for one in people
    ]
    return Account.objects.bulk_create(made, batch_size=BATCH)


@transaction.atomic
def change(changed: Sequence[tuple[int, Made]]) -> None:
    """修改: names, contacts and whether the account is in use; sessions of those suspended end."""
    found = Account.objects.in_bulk([pk for pk, _ in changed]) if len(changed) < BATCH else {}
    for pk, said in changed:
        one = found.get(pk) or Account.objects.get(pk=pk)
        one.name, one.phone, one.email = said.name, said.phone, said.email
        if one.is_active and not said.is_active:
            Session.objects.filter(account=one).delete()
        one.is_active = said.is_active
        one.save(update_fields=["name", "phone", "email", "is_active"])


@transaction.atomic
def issue(accounts: Sequence[Account], *, by: Account, at: datetime) -> list[Issued]:
    """发放初始密码: one for each account; what was issued before is no longer valid."""
    hasher = OneTime()
    issued = []
    for account in accounts:
        password = passwords.one_time()
        account.password = hasher.encode(password, secrets.token_hex(8))
        account.must_change_password = True
        account.password_changed_at = at
        issued.append(Issued(account, password))
    Account.objects.bulk_update(
        accounts, ["password", "must_change_password", "password_changed_at"], batch_size=200
    )
    OldPassword.objects.bulk_create(
        [OldPassword(account=a, encoded=a.password, set_at=at) for a in accounts], batch_size=BATCH
    )
    log.info("%d passwords issued by %s", len(issued), by.pk)
    return issued
