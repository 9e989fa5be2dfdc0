"""设置: every setting of the service, read from the environment alone and checked before it starts.

docs/operations.md lists them; a test holds the page and this table together. A value that is wrong,
unsafe or at odds with another is a sentence of ``problems``, and nothing starts.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from gongkai.statute.texts import Text
from gongkai.web import environment_checks as checks


@dataclass(frozen=True, slots=True)
class Setting:
    """设置项: its name in the environment, the default as one would write it, and what it does.

    The value of a ``secret`` one is never shown.
    """

    name: str
    default: str
    help: Text
    check: Callable[[str], Text | None] = lambda value: None
    secret: bool = False


class Unfit(Exception):
    """设置有误: the settings cannot be used; ``problems`` says why, a sentence each."""

    def __init__(self, problems: tuple[Text, ...]) -> None:
        super().__init__("\n".join(f"{p.zh} {p.en}" for p in problems))
        self.problems = problems


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "GONGKAI_HOME",
        "~/.local/share/gongkai",
        Text(
            "存放全部数据的文件夹：数据库、队列、上传的文件、密钥。备份它就是备份一切。",
            "The folder of all data: database, queue, uploads, keys. To back it up is to back up "
            "all.",
        ),
    ),
    Setting(
        "DATABASE_URL",
        "",
        Text(
            "数据库地址，例如 postgres://用户:密码@主机:5432/库名；不写时用 GONGKAI_HOME 里的 "
            "SQLite。",
            "The database, as postgres://user:password@host:5432/name; without it SQLite in "
            "GONGKAI_HOME.",
        ),
        checks.address("postgres", "postgresql", "sqlite"),
        secret=True,
    ),
    Setting(
        "GONGKAI_QUEUE",
        "",
        Text(
            "后台任务队列，例如 redis://主机:6379/0（另需 pip install redis）；不写时用 "
            "GONGKAI_HOME 里的 SQLite。",
            "The queue of background jobs, as redis://host:6379/0 (needs pip install redis); "
            "without it SQLite in GONGKAI_HOME.",
        ),
        checks.address("redis", "rediss"),
        secret=True,
    ),
    Setting(
        "GONGKAI_SECRET_KEY",
        "",
        Text(
            "签名用的密钥，至少 50 个字符；不写时首次启动自动生成，存于 GONGKAI_HOME/secret_key。",
            "The key that signs, 50 characters or more; made at the first start and kept in "
            "GONGKAI_HOME/secret_key where not given.",
        ),
        checks.key,
        secret=True,
    ),
    Setting(
        "GONGKAI_HOSTS",
        "localhost,127.0.0.1,[::1]",
        Text(
            "浏览器访问时用的主机名，逗号分隔。",
            "The host names browsers use, parted by commas.",
        ),
        checks.hosts,
    ),
    Setting(
        "GONGKAI_HTTPS",
        "0",
        Text(
            "1：只经 HTTPS 使用，Cookie 只经加密连接发送。对外提供服务时必须为 1。",
            "1: used by HTTPS only, and cookies are sent over it alone. Needed wherever others "
            "connect.",
        ),
        checks.switch,
    ),
    Setting(
        "GONGKAI_PROXIES",
        "0",
        Text(
            "前面有几层反向代理；据此从 X-Forwarded-For 取访问者地址。",
            "How many reverse proxies stand before it; the visitor's address is taken from "
            "X-Forwarded-For accordingly.",
        ),
        checks.whole(0, 9),
    ),
    Setting(
        "GONGKAI_DEBUG",
        "0",
        Text(
            "1：开发用，显示出错细节和 /styleguide。",
            "1: for developers: errors in detail, and /styleguide.",
        ),
        checks.switch,
    ),
    Setting(
        "GONGKAI_DEMO",
        "0",
        Text(
            "1：演示。登录页列出演示账号；只能在本机使用。",
            "1: a demonstration. The sign-in page lists its accounts; on this machine only.",
        ),
        checks.switch,
    ),
    Setting(
        "GONGKAI_TIME_ZONE",
        "Asia/Shanghai",
        Text("时区。", "The time zone."),
        checks.zone,
    ),
    Setting(
        "GONGKAI_SECOND_FACTOR",
        "optional",
        Text(
            "动态口令：off 不用，optional 自愿，required 人人必须。",
            "The second factor: off, optional, or required of everyone.",
        ),
        checks.one_of("off", "optional", "required"),
    ),
    Setting(
        "GONGKAI_SESSION_HOURS",
        "12",
        Text("登录后最长多少小时须重新登录。", "Hours after which one must sign in again."),
        checks.whole(1, 720),
    ),
    Setting(
        "GONGKAI_IDLE_MINUTES",
        "60",
        Text(
            "多少分钟没有操作须重新登录。",
            "Minutes without a request after which one must sign in again.",
        ),
        checks.whole(1, 1440),
    ),
    Setting(
        "GONGKAI_PASSWORD_LENGTH",
        "10",
        Text("密码至少多少个字符。", "The least length of a password."),
        checks.whole(8, 128),
    ),
    Setting(
        "GONGKAI_PASSWORD_KINDS",
        "3",
        Text(
            "密码至少含几类字符（大写、小写、数字、其他）。",
            "How many kinds of characters a password needs (capital, small, digit, other).",
        ),
        checks.whole(1, 4),
    ),
    Setting(
        "GONGKAI_PASSWORD_DAYS",
        "0",
        Text(
            "密码多少天须更换；0 不限。", "Days after which a password must be changed; 0: never."
        ),
        checks.whole(0, 3650),
    ),
    Setting(
        "GONGKAI_LOCKOUT_FAILURES",
        "5",
        Text("连续输错多少次即锁定。", "Failures in a row that lock an account out."),
        checks.whole(1, 100),
    ),
    Setting(
        "GONGKAI_LOCKOUT_MINUTES",
        "15",
        Text("锁定多少分钟。", "Minutes a lock-out lasts."),
        checks.whole(1, 1440),
    ),
    Setting(
        "GONGKAI_UPLOAD_MB",
        "50",
        Text("一次上传最大多少 MB。", "The most one upload may hold, in MB."),
        checks.whole(1, 1024),
    ),
    Setting(
        "GONGKAI_STORE",
        "",
        Text(
            "上传的文件放在哪里：不写时放在 GONGKAI_HOME/files；放在对象存储（S3 接口）时写 "
            "s3://桶名?endpoint=https://主机&region=区域（另需 pip install 'gongkai[s3]'）。",
            "Where uploads are kept: GONGKAI_HOME/files where not given; in an object store that "
            "speaks S3 with s3://bucket?endpoint=https://host&region=name (needs pip install "
            "'gongkai[s3]').",
        ),
        checks.store,
    ),
    Setting(
        "GONGKAI_S3_KEY",
        "",
        Text("对象存储的访问密钥 ID。", "The access key of the object store."),
        secret=True,
    ),
    Setting(
        "GONGKAI_S3_SECRET",
        "",
        Text("对象存储的访问密钥。", "The secret key of the object store."),
        secret=True,
    ),
    Setting(
        "GONGKAI_CLAMD",
        "",
        Text(
            "ClamAV 的 clamd 在哪里：unix:/run/clamav/clamd.ctl 或 主机:端口；写了就检查每个上传的"
            "文件，它不答时不收文件。",
            "Where ClamAV's clamd listens: unix:/run/clamav/clamd.ctl or host:port. Where given, "
            "every upload is scanned, and none is taken while it does not answer.",
        ),
        checks.clamd,
    ),
    Setting(
        "GONGKAI_VAULT_KEYS",
        "",
        Text(
            "个人信息密钥文件的路径；不写时为 GONGKAI_HOME/vault.keys，首次启动自动生成。"
            "须与数据库分开备份。",
            "The file of the keys to personal data; GONGKAI_HOME/vault.keys where not given, made "
            "at the first start. Back it up apart from the database.",
        ),
        checks.whole_path,
    ),
    Setting(
        "GONGKAI_VAULT_ALGORITHM",
        "aes-256-gcm",
        Text(
            "个人信息的加密算法：aes-256-gcm，或国密 sm4-gcm。",
            "How personal data is encrypted: aes-256-gcm, or the Chinese standard sm4-gcm.",
        ),
        checks.one_of("aes-256-gcm", "sm4-gcm"),
    ),
    Setting(
        "GONGKAI_MAIL",
        "file",
        Text(
            "邮件怎样发出：file 写成 GONGKAI_HOME/outbox/mail 里的 .eml 文件；或 "
            "smtp://用户:密码@主机:端口?tls=starttls（tls 可为 starttls、ssl、none）。",
            "How mail goes out: file, as .eml files in GONGKAI_HOME/outbox/mail, or "
            "smtp://user:password@host:port?tls=starttls (tls: starttls, ssl, none).",
        ),
        checks.mail,
        secret=True,
    ),
    Setting(
        "GONGKAI_MAIL_FROM",
        "",
        Text(
            "发件人地址，例如 xxgk@example.gov.cn；经 SMTP 发邮件时必须有。",
            "The sender's address, as xxgk@example.gov.cn; needed where mail goes by SMTP.",
        ),
        checks.sender,
    ),
    Setting(
        "GONGKAI_SMS",
        "file",
        Text(
            "短信怎样发出：file 写成 GONGKAI_HOME/outbox/sms 里的文件；或短信网关的地址 "
            "https://用户:密码@主机/路径，以 JSON（id、to、text）POST。",
            "How text messages go out: file, as files in GONGKAI_HOME/outbox/sms, or the address "
            "of a gateway, https://user:password@host/path, which gets JSON (id, to, text) by "
            "POST.",
        ),
        checks.gateway,
        secret=True,
    ),
    Setting(
        "GONGKAI_WORKERS",
        "2",
        Text("网页进程数。", "Processes that answer the web."),
        checks.whole(1, 64),
    ),
    Setting(
        "GONGKAI_LOG",
        "text",
        Text(
            "日志写法：text 或 json，写到标准错误。",
            "How the log is written, to standard error: text or json.",
        ),
        checks.one_of("text", "json"),
    ),
)


@dataclass(frozen=True, slots=True)
class Environment:
    """设置的取值: what the environment says, defaults filled in."""

    given: Mapping[str, str]

    def text(self, name: str) -> str:
        """The setting as written; raises KeyError for one that is not in the table."""
        default = next(s.default for s in SETTINGS if s.name == name)
        return self.given.get(name, "").strip() or default

    def number(self, name: str) -> int:
        return int(self.text(name))

    def on(self, name: str) -> bool:
        return self.text(name) == "1"

    def hosts(self) -> list[str]:
        return [h.strip() for h in self.text("GONGKAI_HOSTS").split(",") if h.strip()]

    def local(self) -> bool:
        """Whether only browsers on this machine can use it."""
        return set(self.hosts()) <= LOCAL

    def home(self) -> Path:
        return Path(self.text("GONGKAI_HOME")).expanduser().absolute()

    def store(self, folder: Path) -> dict[str, Any]:
        """Django's storage of uploads: the folder, or the object store of GONGKAI_STORE."""
        parts = urlsplit(self.text("GONGKAI_STORE"))
        if not parts.scheme:
            return {
                "BACKEND": "gongkai.web.shell.storage.Disk",
                "OPTIONS": {"location": folder, "directory_permissions_mode": 0o700},
            }
        asked = dict(parse_qsl(parts.query))
        return {
            "BACKEND": "gongkai.web.shell.storage_s3.S3",
            "OPTIONS": {
                "bucket_name": parts.netloc,
                "endpoint_url": asked.get("endpoint"),
                "region_name": asked.get("region"),
                "access_key": self.text("GONGKAI_S3_KEY"),
                "secret_key": self.text("GONGKAI_S3_SECRET"),
            },
        }

    def problems(self) -> tuple[Text, ...]:
        """Every setting that is wrong, unsafe or at odds with another, a sentence each."""
        wrong = []
        for setting in SETTINGS:
            said = setting.check(self.text(setting.name))
            if said is not None:
                shown = "" if setting.secret else self.text(setting.name)
                wrong.append(
                    Text(
                        f"设置 {setting.name}{f'“{shown}”' if shown else ''}有误：{said.zh}",
                        f"The setting {setting.name}{f' “{shown}”' if shown else ''} {said.en}",
                    )
                )
        unsafe = [] if wrong else [rule.text for rule in CONTRADICTIONS if rule.breaks(self)]
        return (*wrong, *self._unknown(), *unsafe)

    def _unknown(self) -> list[Text]:
        known = {s.name for s in SETTINGS} | OTHERS
        given = (n for n in sorted(self.given) if n.startswith("GONGKAI_") and n not in known)
        return [_no_such(name, sorted(known)) for name in given]

    def secret_key(self) -> str:
        """The given key, else the one kept in the home folder, made there the first time."""
        file = self.home() / "secret_key"
        given = self.text("GONGKAI_SECRET_KEY") or _kept(file)
        if given:
            return given
        file.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):  # another process was first
            out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(out, "w", encoding="ascii") as made:
                made.write(secrets.token_urlsafe(64))
        return _kept(file)


def _kept(file: Path) -> str:
    key = ""
    for _ in range(20):  # a moment for a process that has just made the file to write it
        try:
            key = file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return ""
        if key:
            break
        time.sleep(0.05)
    if checks.key(key) or not key:
        raise Unfit(
            (
                Text(
                    f"{file} 里的密钥已损坏：从备份恢复；删除它则会重新生成，所有人须重新登录。",
                    f"The key in {file} is damaged: restore it from a backup, or delete it and "
                    "a new one is made, and everyone signs in again.",
                ),
            )
        )
    return key


def _no_such(name: str, known: list[str]) -> Text:
    ends = {n.removeprefix("GONGKAI_"): n for n in known}  # by what follows, which differs
    near = difflib.get_close_matches(name.removeprefix("GONGKAI_"), ends, 1, cutoff=0.7)
    meant = ends[near[0]] if near else ""
    hint = Text(f"是不是 {meant}？", f"did you mean {meant}?") if near else _CHECK
    return Text(f"没有 {name} 这个设置：{hint.zh}", f"There is no setting {name}: {hint.en}")


_CHECK = Text("请核对拼写（docs/operations.md）。", "check its spelling (docs/operations.md).")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """设置矛盾: settings that are unsafe or meaningless together, and what to do."""

    breaks: Callable[[Environment], bool]
    text: Text


CONTRADICTIONS = (
    Contradiction(
        lambda e: (
            bool(e.text("GONGKAI_STORE"))
            and not (e.text("GONGKAI_S3_KEY") and e.text("GONGKAI_S3_SECRET"))
        ),
        Text(
            "GONGKAI_STORE 用对象存储时，须写明 GONGKAI_S3_KEY 和 GONGKAI_S3_SECRET。",
            "With an object store in GONGKAI_STORE, GONGKAI_S3_KEY and GONGKAI_S3_SECRET must be "
            "given.",
        ),
    ),
    Contradiction(
        lambda e: not e.local() and e.on("GONGKAI_DEBUG"),
        Text(
            "GONGKAI_DEBUG=1 会向访问者显示程序内部，只能在本机使用：请改为 0，或只保留本机的 "
            "GONGKAI_HOSTS。",
            "GONGKAI_DEBUG=1 shows the program's inside to visitors and is for this machine only: "
            "set it to 0, or keep GONGKAI_HOSTS local.",
        ),
    ),
    Contradiction(
        lambda e: not e.local() and e.on("GONGKAI_DEMO"),
        Text(
            "GONGKAI_DEMO=1 把演示账号和密码写在登录页，只能在本机使用：请改为 0。",
            "GONGKAI_DEMO=1 prints accounts and passwords on the sign-in page and is for this "
            "machine only: set it to 0.",
        ),
    ),
    Contradiction(
        lambda e: not e.local() and not e.on("GONGKAI_HTTPS"),
        Text(
            "GONGKAI_HOSTS 里有本机以外的主机名，密码却会不加密地传送：请设 GONGKAI_HTTPS=1，"
            "由前面的代理提供 HTTPS。",
            "GONGKAI_HOSTS names more than this machine, and passwords would travel in the clear: "
            "set GONGKAI_HTTPS=1 behind a proxy that offers HTTPS.",
        ),
    ),
    Contradiction(
        lambda e: e.on("GONGKAI_HTTPS") and e.number("GONGKAI_PROXIES") == 0,
        Text(
            "GONGKAI_HTTPS=1 需要前面有提供 HTTPS 的反向代理，GONGKAI_PROXIES 却是 0，"
            "所有人会被当作同一个地址：请写明有几层代理，一般为 1。",
            "GONGKAI_HTTPS=1 needs a reverse proxy that offers HTTPS, but GONGKAI_PROXIES is 0 and "
            "everyone would seem to come from one address: say how many there are, mostly 1.",
        ),
    ),
    Contradiction(
        lambda e: e.on("GONGKAI_HTTPS") and not e.given.get("GONGKAI_HOSTS", "").strip(),
        Text(
            "GONGKAI_HTTPS=1 时须在 GONGKAI_HOSTS 写明浏览器使用的主机名，否则一律拒绝。",
            "With GONGKAI_HTTPS=1, GONGKAI_HOSTS must name the hosts browsers use, or all are "
            "refused.",
        ),
    ),
    Contradiction(
        lambda e: e.text("GONGKAI_MAIL") != "file" and not e.text("GONGKAI_MAIL_FROM"),
        Text(
            "GONGKAI_MAIL 要经 SMTP 发邮件，却没有写明发件人：请设 GONGKAI_MAIL_FROM。",
            "GONGKAI_MAIL sends by SMTP, but nobody is named as the sender: set GONGKAI_MAIL_FROM.",
        ),
    ),
    Contradiction(
        lambda e: e.number("GONGKAI_IDLE_MINUTES") > 60 * e.number("GONGKAI_SESSION_HOURS"),
        Text(
            "GONGKAI_IDLE_MINUTES 长于 GONGKAI_SESSION_HOURS，永远不会起作用：请改小。",
            "GONGKAI_IDLE_MINUTES is longer than GONGKAI_SESSION_HOURS and would never matter: "
            "make it smaller.",
        ),
    ),
)
LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", "testserver"})
RUNNING = "running.lock"  # in GONGKAI_HOME, locked while a service runs on it
# Read by the command and by the readers of files, not here.
OTHERS = frozenset({"GONGKAI_LANG", "GONGKAI_SOFFICE", "GONGKAI_OCR", "GONGKAI_FONTS"})


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """The settings; raises Unfit where they cannot be used."""
    found = Environment(dict(environ))
    problems = found.problems()
    if problems:
        raise Unfit(problems)
    return found
