"""安装包: the wheel alone, in an empty environment and an empty folder, is the whole service."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gongkai.web.shell import health
from tests.command import ROOT
from tests.served import Browser, environment, free_port, serving, until


@dataclass(frozen=True, slots=True)
class Installed:
    """装好的环境: its programs, the wheel it came from, an empty folder to run in."""

    programs: Path
    wheel: Path
    empty: Path

    def run(self, home: Path, *command: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(self.programs / command[0]), *command[1:]],
            cwd=self.empty,
            env=environment(home),
            capture_output=True,
            timeout=120,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel built from this tree, installed where nothing of this tree can be seen."""
    folder = tmp_path_factory.mktemp("wheel")
    _quiet(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    (wheel,) = folder.glob("*.whl")
    _quiet(sys.executable, "-m", "venv", "--without-pip", str(folder / "venv"))
    programs = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(programs / "python")
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    _quiet(*pip, "install", "-q", "--no-deps", "--no-index", str(wheel))
    # What it depends on is lent from here; what points from here to our sources is not followed.
    lent = sysconfig.get_path("purelib")
    (found,) = (folder / "venv").rglob("site-packages")
    (found / "lent.pth").write_text(f"{lent}\n")
    (folder / "empty").mkdir()
    return Installed(programs, wheel, folder / "empty")


def _quiet(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_everything_a_page_needs_is_inside_and_no_test_is(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        inside = set(wheel.namelist())
    needed = {
        file.relative_to(ROOT).as_posix()
        for pattern in ("templates/**/*", "static/**/*", "locale/**/*.mo", "migrations/*.py")
        for file in (ROOT / "gongkai" / "web").rglob(pattern)
        if file.is_file() and "/tests/" not in file.as_posix() and "__pycache__" not in file.parts
    }
    assert len(needed) > 30
    assert sorted(needed - inside) == []
    assert not [name for name in inside if "/tests/" in name]
    assert any(name.startswith("gongkai/examples/") for name in inside)


def test_it_is_the_wheel_that_runs(installed: Installed, tmp_path: Path) -> None:
    done = installed.run(tmp_path, "python", "-c", "import gongkai.web; print(gongkai.__path__)")
    assert str(installed.programs.parent) in done.stdout.decode()
    assert str(ROOT / "gongkai") not in done.stdout.decode()


@contextlib.contextmanager
def gunicorn(installed: Installed, home: Path) -> Iterator[Browser]:
    port = free_port()
    command = [str(installed.programs / "python"), "-m", "gunicorn", "gongkai.web.wsgi"]
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "--no-control-socket"],
        cwd=installed.empty,
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        browser = Browser(f"http://127.0.0.1:{port}")
        assert until(lambda: browser.get("/healthz").status, 30)
        yield browser
    finally:
        process.terminate()
        process.wait(20)


def test_gunicorn_alone_serves_it_after_migrating(installed: Installed, tmp_path: Path) -> None:
    done = installed.run(tmp_path, "gongkai", "manage", "migrate", "-v0")
    assert (done.returncode, done.stderr) == (0, b"")
    with gunicorn(installed, tmp_path) as browser:
        answer = browser.get("/healthz")
        assert answer.status == 200
        assert '"migrations": "ok"' in answer.text
        page = browser.get("/account/sign-in/")
        assert page.status == 200
        addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
        assert len(addresses) >= 3
        assert [browser.get(a).status for a in addresses] == [200] * len(addresses)
        css = next(a for a in addresses if ".css" in a)
        assert "max-age=31536000" in browser.get(css).headers["Cache-Control"]
    assert list(installed.empty.iterdir()) == []


def test_the_command_serves_it_with_its_worker(installed: Installed, tmp_path: Path) -> None:
    program = (str(installed.programs / "gongkai"),)
    with serving(tmp_path / "home", python=program, cwd=installed.empty) as service:
        assert until(lambda: service.health()["status"] == "ok")
        assert service.health()["worker"] <= health.LATE
    assert list(installed.empty.iterdir()) == []


def test_the_wheel_holds_the_examples(installed: Installed, tmp_path: Path) -> None:
    done = installed.run(tmp_path, "gongkai", "demo")
    assert done.returncode in (0, 1), done.stderr.decode()
    assert "这里没有自带的例子" not in done.stderr.decode()
