"""演示账号: the accounts of a demonstration, listed on its sign-in page and nowhere else."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings

FILE = "demo_accounts.json"  # in GONGKAI_HOME; written with the demonstration's data


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """演示账号: the name and password to type, and who it is in both languages."""

    username: str
    password: str
    zh: str
    en: str

    def who(self, language: str) -> str:
        return self.en if language == "en" else self.zh


def accounts() -> list[DemoAccount]:
    """Those of the file, none outside demo mode or where the file is absent or no such list."""
    if not settings.DEMO:
        return []
    try:
        listed = json.loads((settings.HOME / FILE).read_text(encoding="utf-8"))
        return [
            DemoAccount(one["username"], one["password"], one["zh"], one["en"]) for one in listed
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []
