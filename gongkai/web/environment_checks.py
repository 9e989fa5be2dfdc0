"""设置值的检查: what one setting may say; each gives a sentence where it may not, else None."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gongkai.statute.texts import Text


def whole(least: int, most: int) -> Callable[[str], Text | None]:
    def check(value: str) -> Text | None:
        if value.isascii() and value.isdigit() and least <= int(value) <= most:
            return None
        return Text(
            f"应为 {least} 到 {most} 之间的整数。",
            f"must be a whole number from {least} to {most}.",
        )

    return check


def one_of(*choices: str) -> Callable[[str], Text | None]:
    def check(value: str) -> Text | None:
        if value in choices:
            return None
        return Text(f"应为 {'、'.join(choices)} 之一。", f"must be one of {', '.join(choices)}.")

    return check


def zone(value: str) -> Text | None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        return Text("不是已知的时区。", "is no known time zone.")
    return None


def address(*schemes: str) -> Callable[[str], Text | None]:
    """An address of one of these kinds; a database one names its database or file."""

    def check(value: str) -> Text | None:
        if not value:
            return None
        if not value.startswith(tuple(f"{s}://" for s in schemes)):
            return Text(
                f"应以 {'、'.join(f'{s}://' for s in schemes)} 开头。",
                f"must begin with {', '.join(f'{s}://' for s in schemes)}.",
            )
        try:
            parts = urlsplit(value)
            named = bool(parts.path.strip("/")) and (parts.port is None or parts.port > 0)
        except ValueError:
            return Text("端口应为数字。", "needs a number for its port.")
        if named or parts.scheme.startswith("redis"):
            return None
        return Text("没有写明库名或文件。", "names no database or file.")

    return check


def hosts(value: str) -> Text | None:
    names = [name.strip() for name in value.split(",") if name.strip()]
    if any("*" in name for name in names):
        return Text("不能写 *，请写明主机名。", "must name hosts; * is not accepted.")
    if names and all(_HOST.fullmatch(name) for name in names):
        return None
    return Text(
        "应为主机名，逗号分隔，不带 http:// 和端口，例如 xxgk.example.gov.cn。",
        "must be host names parted by commas, without http:// or a port, as xxgk.example.gov.cn.",
    )


def key(value: str) -> Text | None:
    if not value or (len(value) >= 50 and len(set(value)) >= 8):
        return None
    return Text(
        "太短或太简单：至少 50 个字符；不写则自动生成。",
        "is too short or too plain: 50 characters at least, or leave it out and one is made.",
    )


def store(value: str) -> Text | None:
    if not value:
        return None
    if not _is_bucket(value):
        return Text(
            "应为 s3://桶名?endpoint=https://主机&region=区域。",
            "must be s3://bucket?endpoint=https://host&region=name.",
        )
    missing = [name for name in ("storages", "boto3") if find_spec(name) is None]
    if missing:
        return Text(
            "还没有安装对象存储所需的组件：请先 pip install 'gongkai[s3]'。",
            "needs what is not installed: pip install 'gongkai[s3]'.",
        )
    return None


def _is_bucket(value: str) -> bool:
    try:
        parts = urlsplit(value)
        asked = parse_qs(parts.query, keep_blank_values=True)
        endpoint = urlsplit(asked.get("endpoint", ["https://s3"])[0])
        reached = bool(endpoint.hostname) and (endpoint.port is None or endpoint.port > 0)
    except ValueError:
        return False
    return (
        parts.scheme == "s3"
        and re.fullmatch(r"[A-Za-z0-9][\w.-]+", parts.netloc) is not None
        and not parts.path.strip("/")
        and set(asked) <= {"endpoint", "region"}
        and endpoint.scheme in ("http", "https")
        and reached
    )


def clamd(value: str) -> Text | None:
    host, _colon, port = value.rpartition(":")
    named = value.startswith("unix:/") or (host and port.isdigit() and 0 < int(port) < 65536)
    if not value or named:
        return None
    return Text(
        "应为 unix:/路径 或 主机:端口，例如 unix:/run/clamav/clamd.ctl。",
        "must be unix:/path or host:port, as unix:/run/clamav/clamd.ctl.",
    )


def whole_path(value: str) -> Text | None:
    if not value or Path(value).expanduser().is_absolute():
        return None
    return Text("应为完整路径，以 / 开头。", "must be a whole path, beginning with /.")


def mail(value: str) -> Text | None:
    if value == "file":
        return None
    try:
        parts = urlsplit(value)
        named = parts.scheme == "smtp" and bool(parts.hostname)
        named = named and (parts.port is None or parts.port > 0) and not parts.path.strip("/")
    except ValueError:
        named = False
    if not named or parts.query not in ("", "tls=starttls", "tls=ssl", "tls=none"):
        return Text(
            "应为 file，或 smtp://用户:密码@主机:端口?tls=starttls（或 ssl、none）。",
            "must be file, or smtp://user:password@host:port?tls=starttls (or ssl, none).",
        )
    return None


def gateway(value: str) -> Text | None:
    try:
        parts = urlsplit(value)
        named = parts.scheme in ("http", "https") and bool(parts.hostname)
        named = named and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if value == "file" or named:
        return None
    return Text(
        "应为 file，或以 https:// 开头的地址。", "must be file, or an address with https://."
    )


def sender(value: str) -> Text | None:
    if not value or _MAILBOX.fullmatch(value):
        return None
    return Text("应为邮箱地址。", "must be a mail address.")


_MAILBOX = re.compile(r"[^@\s<>]+@[A-Za-z0-9.-]+")
_HOST = re.compile(r"\.?[\w-]+(?:\.[\w-]+)*\.?|\[[0-9A-Fa-f:.]+\]")
switch = one_of("0", "1")
