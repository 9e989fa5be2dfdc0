"""gongkai manage first_administrator: the root organ and who administers it, once."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from gongkai.web.organs import first
from gongkai.web.organs.models import Level, OrganKind
from gongkai.web.shell.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Founds the root organ of an empty installation and its first administrator; prints a"
        " one-time password. Example: gongkai manage first_administrator --organ-code SF"
        " --organ-name 松风区人民政府 --username wangli --name 王立"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organ-code", required=True, help="capitals, digits, hyphens: SF")
        parser.add_argument("--organ-name", required=True, help="the full name")
        parser.add_argument("--kind", default="government", choices=OrganKind.values)
        parser.add_argument("--level", default="county", choices=Level.values)
        parser.add_argument(
            "--since", type=date.fromisoformat, help="the day the organ's records begin: 2019-01-01"
        )
        parser.add_argument("--username", required=True, help="to sign in with")
        parser.add_argument("--name", default="", help="the person's name; the username otherwise")
        parser.add_argument("--english", action="store_true", help="say it in English")

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en" if options["english"] else "zh-hans"):
            self._do(options)

    def _do(self, options: dict[str, Any]) -> None:
        code = options["organ_code"].strip().upper()
        if not re.fullmatch(r"[A-Z0-9-]{2,32}", code):
            raise CommandError(_("单位编号用大写字母、数字和短横，2 到 32 个字符。"))
        try:
            issued = first.first_administrator(
                organ_code=code,
                organ_name=options["organ_name"].strip(),
                kind=options["kind"],
                level=options["level"],
                username=options["username"].strip(),
                name=options["name"].strip() or options["username"].strip(),
                since=options["since"],
                at=timezone.now(),
            )
        except Refusal as refused:
            raise CommandError(str(refused.message)) from None
        said = _("已设立 %(organ)s，系统管理员 %(username)s。") % {
            "organ": options["organ_name"],
            "username": issued.account.username,
        }
        once = _("一次性密码（只显示这一次）：%(password)s") % {"password": issued.password}
        self.stdout.write(f"{said}\n{once}")
