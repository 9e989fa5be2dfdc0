"""gongkai serve: the service as real processes: it starts, survives, and ends without a trace."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gongkai.web.environment import SETTINGS
from tests.command import ROOT
from tests.served import Service, alive, below, environment, free_port, serving, until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the service runs on POSIX systems")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("service") / "home") as running:
        yield running


def command(home: Path, *arguments: str, **changed: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "gongkai", *arguments],
        cwd=ROOT,
        env=environment(home, **changed),
        capture_output=True,
        timeout=120,
    )
    return done.returncode, (done.stdout + done.stderr).decode()


# -- while it runs


def test_it_says_where_it_answers_and_is_well(service: Service) -> None:
    assert f"公开已启动：http://127.0.0.1:{service.port}/" in service.said()
    health = service.health()
    assert health["status"] == "ok"
    assert health["database"] == health["migrations"] == "ok"
    assert health["worker"] < 70
    assert health["disk_free_mb"] > 0
    page = service.browser.get("/")
    assert page.status == 302 and "/account/" in page.headers["Location"]


def test_what_it_writes_is_its_own(service: Service) -> None:
    for file in ("gongkai.sqlite3", "queue.sqlite3", "secret_key"):
        assert (service.home / file).stat().st_mode & 0o077 == 0, file


def test_a_page_that_is_not_there_has_the_id_that_the_log_has(service: Service) -> None:
    page = service.browser.get("/no/such/page")
    assert page.status == 404
    id = page.headers["X-Request-ID"]
    assert id in page.text
    assert f"[{id}] 404 GET /no/such/page" in service.said()


@pytest.mark.parametrize("which", ["one that answers", "the web", "the worker"])
def test_whatever_is_killed_comes_back(service: Service, which: str) -> None:
    web, worker = service.one("gunicorn"), service.one("gongkai.web.worker")
    killed = {
        "one that answers": lambda: service.one("gunicorn", parent=web),
        "the web": lambda: web,
        "the worker": lambda: worker,
    }[which]()
    before = set(service.children())
    (service.home / "worker.heartbeat").unlink(missing_ok=True)
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: len(service.children()) >= len(before) and not alive(killed))
    assert until(lambda: service.health()["status"] in ("ok", "degraded"))
    if which == "the worker":
        assert until(lambda: service.health()["worker"] is not None)
    if which != "one that answers":
        assert "重新启动" in service.said()


def test_a_second_start_on_the_same_port_names_another(service: Service, tmp_path: Path) -> None:
    code, said = command(tmp_path / "home", "serve", "--port", str(service.port))
    assert code == 2
    found = re.fullmatch(
        rf"端口 {service.port} 已被别的程序占用：请关闭它，或换一个端口，例如 --port (\d+)。\n",
        said,
    )
    assert found and int(found[1]) > service.port
    assert service.health()["database"] == "ok"


def test_a_form_sent_while_another_writes_is_kept_and_works_afterwards(service: Service) -> None:
    """Signing in writes; the password alone must be typed again."""
    browser = service.browser
    browser.get("/account/sign-in/")
    other = sqlite3.connect(service.home / "gongkai.sqlite3", isolation_level=None)
    with contextlib.closing(other):
        other.execute("BEGIN IMMEDIATE")
        busy = browser.post("/account/sign-in/", {"username": "陈示例", "password": "geheim-1"})
    assert busy.status == 503
    assert "数据库正忙" in busy.text
    assert busy.headers["Retry-After"] == "5"
    assert 'name="username" value="陈示例"' in busy.text
    assert "geheim-1" not in busy.text
    assert browser.post("/account/sign-in/", {"username": "陈示例", "password": "x"}).status < 500


# -- how it ends


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_within_seconds_and_leaves_nothing(
    tmp_path: Path, number: signal.Signals
) -> None:
    with serving(tmp_path / "home") as service:
        assert until(lambda: len(service.children()) >= 4)  # the last may start behind the first
        below = service.children()
        assert service.ended(number) == 0
        assert not [line for pid, line in below.items() if alive(pid)]
        assert service.said().rstrip().endswith("已停止。")
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", service.port))


def test_killed_outright_it_leaves_no_orphans(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as service:
        below = service.children()
        service.process.kill()
        service.process.wait()
        assert until(lambda: not any(alive(pid) for pid in below), 15), below


def test_a_database_that_is_gone_is_said_on_every_page_and_by_healthz(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as service:
        browser = service.browser
        browser.get("/account/sign-in/")
        for name in ("gongkai.sqlite3", "gongkai.sqlite3-wal", "gongkai.sqlite3-shm"):
            (service.home / name).unlink(missing_ok=True)
        (service.home / "gongkai.sqlite3").write_bytes(b"no database at all" * 1000)
        old = below(service.one("gunicorn"))
        for pid in old:  # they have the removed file open, and would go on with it
            os.kill(pid, signal.SIGKILL)
        assert until(lambda: not any(alive(pid) for pid in old))
        assert until(lambda: browser.get("/healthz").status == 503)
        assert service.health()["database"] == "gone"
        page = browser.post("/account/sign-in/", {"username": "陈示例", "password": "x"})
        assert page.status == 503
        assert "数据库暂时不能使用" in page.text
        assert 'value="陈示例"' in page.text


# -- what it refuses to start with


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"GONGKAI_SESSION_HOURS": "many"}, "GONGKAI_SESSION_HOURS“many”有误"),
        ({"GONGKAI_SESION_HOURS": "8"}, "没有 GONGKAI_SESION_HOURS 这个设置"),
        ({"GONGKAI_HOSTS": "gov.example"}, "请设 GONGKAI_HTTPS=1"),
        ({"DATABASE_URL": "mysql://x"}, "设置 DATABASE_URL有误"),
        ({"GONGKAI_QUEUE": "redis://localhost/0"}, "没有安装 redis"),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    for arguments in (["serve", "--port", str(free_port())], ["manage", "check"]):
        code, out = command(tmp_path / "home", *arguments, **changed)
        assert code == 2
        assert said in out
        assert "Traceback" not in out
    assert not (tmp_path / "home").exists()


def test_every_wrong_setting_is_told_not_only_the_first(tmp_path: Path) -> None:
    wrong = {s.name: "nonsense" for s in SETTINGS if s.check("nonsense") is not None}
    code, said = command(tmp_path / "home", "serve", "--lang", "en", **wrong)
    assert code == 2
    assert len(wrong) > 10
    assert all(f"The setting {name} " in said for name in wrong)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "对 0.0.0.0 开放，密码就会不加密地传送"),
        (["--host", "0.0.0.0", "--demo"], "演示只能在本机使用"),
        (["--host", "192.0.2.77"], "对 192.0.2.77 开放"),
        (["--port", "0"], "--port 应在 1 到 65535 之间。"),
        (["--workers", "0"], "GONGKAI_WORKERS“0”有误"),
        (["--port", "many"], "--port 要写一个整数。"),
    ],
)
def test_a_start_that_is_unsafe_or_impossible_is_refused(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    code, out = command(tmp_path / "home", "serve", *arguments)
    assert code == 2
    assert said in out


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    changed = {"GONGKAI_HTTPS": "1", "GONGKAI_PROXIES": "1", "GONGKAI_HOSTS": "gov.example"}
    code, out = command(tmp_path / "home", "serve", "--host", "192.0.2.77", **changed)
    assert code == 2
    assert "不能使用地址 192.0.2.77" in out


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, out = command(tmp_path / "file" / "home", "serve", "--port", str(free_port()))
    assert code == 2
    assert "不能写入" in out


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    url = f"postgres://nobody:geheim-1@127.0.0.1:{free_port()}/none"
    code, out = command(tmp_path / "home", "serve", "--port", str(free_port()), DATABASE_URL=url)
    assert code == 3
    assert "数据库不能使用" in out
    assert "geheim-1" not in out and "Traceback" not in out


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert command(home, "manage", "migrate", "-v0")[0] == 0
    with contextlib.closing(sqlite3.connect(home / "gongkai.sqlite3")) as database, database:
        database.execute(
            "insert into django_migrations (app, name, applied)"
            " values ('organs', '9999_later', '2030-01-01')"
        )
    code, out = command(home, "serve", "--port", str(free_port()))
    assert code == 2
    assert "请安装新版本，或恢复升级前的备份" in out


def test_two_starts_at_the_same_moment_make_one_database(tmp_path: Path) -> None:
    assert _prepared_together([tmp_path / "home"] * 2) == [("", 0), ("", 0)]


# -- the demonstration


def test_a_demonstration_lists_accounts_that_can_sign_in_and_is_removed_when_asked(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with serving(home, "--demo") as service:
        rows = re.findall(r"^  (\w+) +(\S+)  (\S.*)$", service.said(), re.M)
        assert len(rows) >= 6
        browser = service.browser
        assert all(f">{name}<" in browser.get("/account/sign-in/").text for name, _, _ in rows)
        name, password, _who = rows[0]
        told = browser.post("/account/sign-in/", {"username": name, "password": password})
        assert told.status == 302
        assert browser.get("/").status == 200
        code, said = _reset(home, "--force")
        assert code == 2 and "服务正在运行，请先停止。" in said
        before = (home / "secret_key").read_text()
    code, said = command(home, "serve", "--port", str(free_port()))
    assert code == 2 and "不能正式使用" in said
    code, said = _reset(home, answer="n\n")
    assert code == 2 and "没有动任何数据。" in said
    assert (home / "secret_key").read_text() == before
    assert _reset(home, answer="y\n")[0] == 0
    assert (home / "gongkai.sqlite3").exists() and (home / "demo_accounts.json").exists()
    assert (home / "secret_key").read_text() != before


def test_what_is_no_demonstration_is_never_removed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert command(home, "manage", "migrate", "-v0")[0] == 0
    code, said = _reset(home, "--force")
    assert code == 2 and "不是演示数据" in said
    add = "from gongkai.web.accounts.models import Account as A; A.objects.create_user('chen')"
    assert command(home, "manage", "shell", "-v0", "-c", add)[0] == 0
    code, said = command(home, "serve", "--demo", "--port", str(free_port()))
    assert code == 2 and "已有正式数据" in said
    assert (home / "gongkai.sqlite3").exists()
    code, said = _reset(home, "--force", DATABASE_URL="postgres://u@127.0.0.1/x")
    assert code == 2 and "DATABASE_URL" in said


def _reset(home: Path, *options: str, answer: str = "", **changed: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "gongkai.web.prepare", "--demo", "--reset", *options],
        env=environment(home, GONGKAI_DEMO="1", **changed),
        cwd=ROOT,
        input=answer,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stderr


# -- the same on PostgreSQL (make test runs this file there too)


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of an empty database of the server the tests run on."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        pytest.skip("no PostgreSQL server is given")
    name = f"served_{os.getpid()}"  # tests may run side by side
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_on_postgresql_it_runs_survives_lost_connections_and_says_when_it_is_gone(
    postgres: str, tmp_path: Path
) -> None:
    server = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    name = postgres.rpartition("/")[2]
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    with server, serving(tmp_path / "home", DATABASE_URL=postgres) as service:
        assert service.health()["status"] == "ok"
        assert not (service.home / "gongkai.sqlite3").exists()
        browser = service.browser
        browser.get("/account/sign-in/")
        server.execute(cut)
        assert [service.health()["database"] for _ in range(10)] == ["ok"] * 10
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute(cut)
        assert service.browser.get("/healthz").status == 503
        page = browser.post("/account/sign-in/", {"username": "陈示例", "password": "x"})
        assert page.status == 503
        assert "数据库暂时不能使用" in page.text and 'value="陈示例"' in page.text
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert service.health()["status"] == "ok"
        page = browser.post("/account/sign-in/", {"username": "陈示例", "password": "x"})
        assert page.status < 500


def test_on_postgresql_two_starts_at_the_same_moment_migrate_once(
    postgres: str, tmp_path: Path
) -> None:
    """From two machines, as it were: each has a home of its own."""
    homes = [tmp_path / "a", tmp_path / "b"]
    assert _prepared_together(homes, DATABASE_URL=postgres) == [("", 0), ("", 0)]


def _prepared_together(homes: list[Path], **changed: str) -> list[tuple[str, int]]:
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "gongkai.web.prepare"],
            env=environment(home, **changed),
            cwd=ROOT,
            stderr=subprocess.PIPE,
        )
        for home in homes
    ]
    return [(p.communicate(timeout=120)[1].decode(), p.returncode) for p in started]


# -- manage


def test_a_new_installation_begins_as_the_documentation_says(tmp_path: Path) -> None:
    home = tmp_path / "home"
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").replace("\\\n", "")
    (begun,) = re.findall(r"^    gongkai (manage first_administrator .+)$", told, re.M)
    with serving(home) as service:
        code, out = command(home, *shlex.split(begun))
        assert code == 0, out
        name = shlex.split(begun)[shlex.split(begun).index("--username") + 1]
        (password,) = re.findall(r"一次性密码.*：(\S+)", out)
        browser = service.browser
        browser.get("/account/sign-in/")
        sent = {"username": name, "password": password}
        assert browser.post("/account/sign-in/", sent).status == 302
        browser.get("/account/password/")
        new = "Xin-Kai-Shi-2026"
        changed = {"old_password": password, "new_password": new, "new_password_again": new}
        assert browser.post("/account/password/", changed).status == 302
        assert "松风区人民政府" in browser.get("/organs/").text
        assert browser.get("/organs/people/new/").status == 200
    assert "createsuperuser" not in command(home, "manage", "--help")[1]


def test_manage_passes_on_every_option(tmp_path: Path) -> None:
    code, out = command(tmp_path / "home", "manage", "migrate", "--plan", "--lang")
    assert code == 2 and "--lang" in out  # Django's own word on an option it does not know
    code, out = command(tmp_path / "home", "manage", "migrate", "--plan")
    assert code == 0 and "shell.0001_initial" in out
    code, out = command(tmp_path / "home", "manage")
    assert code == 0 and "createsuperuser" in out


def test_the_command_loads_no_django_before_it_is_needed() -> None:
    script = (
        "import sys; from gongkai import cli; cli.run(['serve', '--help']);"
        "print([m for m in ('django', 'gunicorn', 'huey', 'gongkai.web') if m in sys.modules],"
        " file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=ROOT)
    assert done.stderr.decode().strip() == "[]"


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    """A finder that hides it stands for an environment that has it not."""
    script = (
        "import sys, importlib.util as u; real = u.find_spec;"
        "u.find_spec = lambda name, *a: None if name in ('django', 'huey') else real(name, *a);"
        "from gongkai import cli; sys.exit(cli.run(sys.argv[1:]))"
    )
    for arguments in (["serve"], ["manage", "check"]):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            capture_output=True,
            env=environment(tmp_path / "home"),
            cwd=ROOT,
        )
        assert done.returncode == 2
        assert "缺 django、huey" in done.stderr.decode()
        assert "pip install 'gongkai[web]'" in done.stderr.decode()


def test_on_windows_it_says_where_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai import cli_serve

    monkeypatch.setattr("gongkai.cli_serve.os.name", "nt")
    with pytest.raises(cli_serve.Cannot) as told:
        cli_serve._refuse_unsupported()
    assert "WSL" in told.value.reasons[0].en
