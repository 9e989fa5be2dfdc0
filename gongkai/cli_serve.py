"""gongkai serve, gongkai manage: the service started, and Django's own commands.

Django is imported by the processes started from here, never by the command's help.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import importlib.util
import ipaddress
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongkai.statute.texts import Lang, Text
from gongkai.web import environment, supervisor
from gongkai.web.environment import Environment

WRONG_USAGE, UNEXPECTED = 2, 3
SETTINGS = "gongkai.web.settings"
_WEB = (
    "argon2",
    "axes",
    "cryptography",
    "csp",
    "dj_database_url",
    "django",
    "django_otp",
    "gunicorn",
    "huey",
)
_GONE, _AHEAD, _NO_DEMO = 4, 5, 6  # what gongkai.web.prepare ends with


@dataclass(frozen=True, slots=True)
class Wish:
    """启动要求: what the command line asks for."""

    host: str
    port: int
    workers: int | None
    demo: bool


class Cannot(Exception):
    """无法启动: why not and what to do, a sentence each."""

    def __init__(self, *reasons: Text, code: int = WRONG_USAGE) -> None:
        super().__init__(" ".join(r.en for r in reasons))
        self.reasons = reasons
        self.code = code


def serve(wish: Wish, lang: Lang) -> int:
    """Runs the service until it is told to stop; returns the exit code."""
    try:
        _refuse_unsupported()
        environ = _environ(wish)
        settings = Environment(environ)
        _refuse_settings(settings, wish)
        os.umask(0o077)  # what the service writes is its own
        home = _home(settings)
        with _listening(wish) as listening, _running_mark(home):
            _refuse_demonstration(settings, home)
            _prepare(environ, demo=settings.on("GONGKAI_DEMO"))
            return _run(listening, environ, wish, home, lang)
    except Cannot as cannot:
        say(cannot, lang)
        return cannot.code


def manage(arguments: Sequence[str], lang: Lang) -> int:
    """One of Django's commands with the settings of the service."""
    try:
        _refuse_missing()
        settings = Environment(os.environ)
        _refuse_problems(settings)
        _home(settings)
    except Cannot as cannot:
        say(cannot, lang)
        return cannot.code
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["gongkai manage", *arguments])
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 1 if left.code else 0
    return 0


def set_up(lang: Lang) -> None:
    """Django in this process, for a command of our own that looks at the database.

    Makes none where there is none. Raises Cannot.
    """
    _refuse_missing()
    settings = Environment(os.environ)
    _refuse_problems(settings)
    home = settings.home()
    if not settings.text("DATABASE_URL") and not (home / "gongkai.sqlite3").exists():
        raise Cannot(
            Text(
                f"{home} 里没有数据库：请用 GONGKAI_HOME 或 DATABASE_URL 指定服务所用的。",
                f"There is no database in {home}: name the one of the service by GONGKAI_HOME or "
                "DATABASE_URL.",
            ),
            code=UNEXPECTED,
        )
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django

    django.setup()
    from django.utils import translation

    translation.activate("en" if lang == "en" else "zh-hans")
    _refuse_database()


def _refuse_database() -> None:
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
    except DatabaseError as cause:
        said = " ".join(str(cause).split())
        raise Cannot(
            Text(
                f"数据库不能使用：{said}。请核对 DATABASE_URL，并确认数据库已启动。",
                f"The database cannot be used: {said}. Check DATABASE_URL, and that it runs.",
            ),
            code=UNEXPECTED,
        ) from None
    if "ledger_event" not in tables:
        raise Cannot(
            Text(
                "数据库还没有升级到这一版本：请先启动一次服务，或运行 gongkai manage migrate。",
                "The database is not of this version yet: start the service once, or run gongkai "
                "manage migrate.",
            ),
            code=UNEXPECTED,
        )


def say(cannot: Cannot, lang: Lang) -> None:
    """Why not, on stderr."""
    for reason in cannot.reasons:
        print(reason.say(lang), file=sys.stderr)


# -- what stands in the way


def _refuse_unsupported() -> None:
    if os.name != "posix":
        raise Cannot(
            Text(
                "服务不能直接在 Windows 上运行（所用的 gunicorn 只支持 Linux、macOS）：请在 Linux "
                "上，或在 Windows 的 WSL 里运行。其他命令在 Windows 上照常可用。",
                "The service does not run on Windows itself (gunicorn, which it uses, is for Linux "
                "and macOS): run it on Linux, or under WSL. The other commands work on Windows.",
            )
        )
    _refuse_missing()


def _refuse_missing() -> None:
    missing = [name for name in _WEB if importlib.util.find_spec(name) is None]
    if missing:
        raise Cannot(
            Text(
                f"运行服务还需要附加组件 [web]（缺 {'、'.join(missing)}）："
                "pip install 'gongkai[web]'，或在源码目录中 make install。",
                f"The service needs the extra [web] ({', '.join(missing)} not found): "
                "pip install 'gongkai[web]', or make install where the source is.",
            )
        )


def _refuse_problems(settings: Environment) -> None:
    problems = settings.problems()
    if problems:
        raise Cannot(*problems)
    if settings.text("GONGKAI_QUEUE") and importlib.util.find_spec("redis") is None:
        raise Cannot(
            Text(
                "GONGKAI_QUEUE 指向 Redis，但没有安装 redis：pip install redis，或去掉这个设置。",
                "GONGKAI_QUEUE names a Redis, but redis is not installed: pip install redis, or "
                "drop the setting.",
            )
        )


def _environ(wish: Wish) -> dict[str, str]:
    changed = {"DJANGO_SETTINGS_MODULE": SETTINGS}
    if wish.demo:
        changed["GONGKAI_DEMO"] = "1"
    if wish.workers is not None:
        changed["GONGKAI_WORKERS"] = str(wish.workers)
    return {**os.environ, **changed}


def _refuse_settings(settings: Environment, wish: Wish) -> None:
    _refuse_problems(settings)
    if not 0 < wish.port < 65536:
        raise Cannot(Text("--port 应在 1 到 65535 之间。", "--port is between 1 and 65535."))
    if _is_local(wish.host):
        return
    if settings.on("GONGKAI_DEMO"):
        raise Cannot(
            Text(
                f"演示只能在本机使用，不能对 {wish.host} 开放：请用 --host 127.0.0.1。",
                f"A demonstration is for this machine only and not for {wish.host}: use --host "
                "127.0.0.1.",
            )
        )
    if not settings.on("GONGKAI_HTTPS"):
        raise Cannot(
            Text(
                f"对 {wish.host} 开放，密码就会不加密地传送：请由反向代理提供 HTTPS，并设 "
                "GONGKAI_HTTPS=1 和 GONGKAI_HOSTS（见 docs/operations.md）；只在本机用的，"
                "请用 --host 127.0.0.1。",
                f"Open to {wish.host}, passwords would travel in the clear: let a proxy offer "
                "HTTPS and set GONGKAI_HTTPS=1 and GONGKAI_HOSTS (docs/operations.md), or use "
                "--host 127.0.0.1.",
            )
        )


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _home(settings: Environment) -> Path:
    """The folder of all data, made where it is not there yet and tried."""
    home = settings.home()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return home
    except OSError as cause:
        raise Cannot(
            Text(
                f"数据文件夹 {home} 不能写入（{cause.strerror}）：请改正权限，或用 GONGKAI_HOME "
                "指定别的文件夹。",
                f"The data folder {home} cannot be written to ({cause.strerror}): set its "
                "permissions right, or name another by GONGKAI_HOME.",
            )
        ) from None


def _refuse_demonstration(settings: Environment, home: Path) -> None:
    """What began as a demonstration, its passwords shown to all, does not become the real thing."""
    if settings.on("GONGKAI_DEMO") or not (home / "demo_accounts.json").exists():
        return
    raise Cannot(
        Text(
            f"{home} 里是演示数据，账号和密码曾公开显示，不能正式使用：请用 GONGKAI_HOME 指定别的"
            "文件夹；要看演示，请加 --demo。",
            f"{home} holds a demonstration whose passwords were shown to all, and is not for real "
            "use: name another folder by GONGKAI_HOME, or add --demo to see the demonstration.",
        )
    )


@contextlib.contextmanager
def _running_mark(home: Path) -> Iterator[None]:
    """Held as long as the service runs on these data; who would remove them asks for it."""
    import fcntl

    with (home / environment.RUNNING).open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_SH)
        yield


# -- the port


@contextlib.contextmanager
def _listening(wish: Wish) -> Iterator[socket.socket]:
    """The socket the web answers on; ours, so that it stays while the web is started again."""
    host = wish.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, wish.port))
        except OSError as cause:
            raise Cannot(_why_not(cause, wish, family)) from None
        listening.listen(1024)
        yield listening


def _why_not(cause: OSError, wish: Wish, family: int) -> Text:
    if cause.errno == errno.EADDRINUSE:
        free = _free_port(wish, family)
        other = f"make run PORT={free}" if "MAKELEVEL" in os.environ else f"--port {free}"
        return Text(
            f"端口 {wish.port} 已被别的程序占用：请关闭它，或换一个端口，例如 {other}。",
            f"Port {wish.port} is taken by another program: end that, or choose another, as "
            f"{other}.",
        )
    if cause.errno in (errno.EACCES, errno.EPERM):
        return Text(
            f"没有权限使用端口 {wish.port}：请用 1024 以上的端口，例如 --port 8000。",
            f"Port {wish.port} may not be used: choose one above 1024, as --port 8000.",
        )
    return Text(
        f"不能使用地址 {wish.host}（{cause.strerror}）：请核对 --host。",
        f"The address {wish.host} cannot be used ({cause.strerror}): check --host.",
    )


def _free_port(wish: Wish, family: int) -> int:
    for port in range(wish.port + 1, min(wish.port + 100, 65536)):
        with socket.socket(family, socket.SOCK_STREAM) as tried, contextlib.suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((wish.host.strip("[]"), port))
            return port
    return 18000


# -- the start


def _prepare(environ: Mapping[str, str], *, demo: bool) -> None:
    command = [sys.executable, "-m", "gongkai.web.prepare", *(["--demo"] if demo else [])]
    done = subprocess.run(command, env=dict(environ), stderr=subprocess.PIPE, check=False)
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode == 0:
        if said:  # what must be mended, though the service starts
            print(said, file=sys.stderr, flush=True)
        return
    if done.returncode == _GONE:
        raise Cannot(
            Text(
                f"数据库不能使用：{said}。请核对 DATABASE_URL，并确认数据库已启动。",
                f"The database cannot be used: {said}. Check DATABASE_URL, and that it runs.",
            ),
            code=UNEXPECTED,
        )
    if done.returncode == _NO_DEMO:
        raise Cannot(
            Text(
                "数据库里已有正式数据，不能用作演示：请去掉 --demo，或用 GONGKAI_HOME 指定一个"
                "空文件夹。",
                "The database holds real data and no demonstration: leave --demo out, or name an "
                "empty folder by GONGKAI_HOME.",
            )
        )
    if done.returncode == _AHEAD:
        raise Cannot(
            Text(
                "数据库已被更新版本的 Gongkai 升级，旧版本不能使用：请安装新版本，"
                "或恢复升级前的备份。",
                "A later Gongkai has upgraded the database, and this one cannot use it: install "
                "the later one, or restore the backup from before.",
            )
        )
    sys.stderr.write(said + "\n")
    raise Cannot(
        Text(
            "数据库未能准备好，原因见上。",
            "The database could not be prepared, for the reason above.",
        ),
        code=UNEXPECTED,
    )


def _run(
    listening: socket.socket, environ: Mapping[str, str], wish: Wish, home: Path, lang: Lang
) -> int:
    fd = listening.fileno()
    web = [sys.executable, "-m", "gunicorn", "-c", "python:gongkai.web.gunicorn_settings"]
    keeper = supervisor.Supervisor(
        children=(
            supervisor.Child("web", [*web, "--bind", f"fd://{fd}"], fds=(fd,)),
            supervisor.Child("worker", [sys.executable, "-m", "gongkai.web.worker", "--follow"]),
        ),
        environ=environ,
        say=lambda values: _tell(values, lang, environ),
        ready=lambda: _answers(wish, environ, home, lang),
    )
    code = keeper.run()
    if code:
        raise Cannot(
            Text(
                "服务启动不了，原因见上面的日志。",
                "The service does not start; the log above tells why.",
            ),
            code=UNEXPECTED,
        )
    print(Text("已停止。", "Stopped.").say(lang), file=sys.stderr)
    return 0


_NAMES = {"web": Text("网页进程", "The web process"), "worker": Text("后台进程", "The worker")}


def _tell(values: Mapping[str, object], lang: Lang, environ: Mapping[str, str]) -> None:
    """A line of the log, in the form of the others."""
    said = (
        Text(
            "{name}退出（代码 {code}），{wait} 秒后重新启动。",
            "{name} ended (code {code}) and starts again in {wait} s.",
        )
        .within(**{**values, "name": _NAMES[str(values["name"])]})
        .say(lang)
    )
    if Environment(environ).text("GONGKAI_LOG") == "json":
        at = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        line = {"at": at, "level": "WARNING", "logger": "gongkai.serve", "message": said}
        print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)
        return
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {said}", file=sys.stderr, flush=True)


def _answers(wish: Wish, environ: Mapping[str, str], home: Path, lang: Lang) -> bool:
    """Whether the web answers; the first time it does, the page says where."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(wish.host.strip("[]"), wish.host.strip("[]"))
    settings = Environment(environ)
    asked = http.client.HTTPConnection(host, wish.port, timeout=30)
    try:
        asked.request("GET", "/healthz", headers={"Host": settings.hosts()[0]})
        asked.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
    print("\n".join(line.say(lang) for line in _page(wish, settings, home)), flush=True)
    return True


def _page(wish: Wish, settings: Environment, home: Path) -> list[Text]:
    shown = f"[{wish.host}]" if ":" in wish.host else wish.host
    address = f"http://{shown}:{wish.port}/"
    lines = [Text(f"公开已启动：{address}", f"Gongkai is running: {address}")]
    if settings.on("GONGKAI_HTTPS"):
        name = next((h for h in settings.hosts() if h not in environment.LOCAL), shown)
        lines.append(Text(f"浏览器地址：https://{name}/", f"For browsers: https://{name}/"))
    lines.append(Text(f"数据：{home}", f"Data: {home}"))
    if settings.on("GONGKAI_DEMO"):
        lines += _accounts(home)
    return [*lines, Text("按 Ctrl-C 停止。", "Ctrl-C stops it.")]


def _accounts(home: Path) -> list[Text]:
    try:
        listed = json.loads((home / "demo_accounts.json").read_text(encoding="utf-8"))
        wide = max(len(one["username"]) for one in listed)
        told = [
            Text("  {who}  {password}  {zh}", "  {who}  {password}  {en}").within(
                **{**one, "who": one["username"].ljust(wide)}
            )
            for one in listed
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [
        Text("", ""),
        Text("演示账号（登录名、密码）：", "Accounts (name, password):"),
        *told,
        Text("", ""),
    ]
