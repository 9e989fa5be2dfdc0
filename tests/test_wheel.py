"""安装包: the wheel and what it asks for, in an empty environment, are the whole service."""

from __future__ import annotations

import ast
import contextlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gongkai.web.shell import health
from tests.command import ROOT
from tests.served import Browser, environment, free_port, serving, until


@dataclass(frozen=True, slots=True)
class Installed:
    """装好的环境: its programs, the wheel it came from, an empty folder to run in."""

    programs: Path
    wheel: Path
    empty: Path
    packages: Path

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
    (packages,) = (folder / "venv").rglob("site-packages")
    # What it asks for is lent from here, and nothing else that happens to be installed.
    (ours,) = metadata.distributions(name="gongkai", path=[str(packages)])
    for name in asked_for(ours, "web") - {"gongkai"}:
        lend(metadata.distribution(name), packages)
    (folder / "empty").mkdir()
    return Installed(programs, wheel, folder / "empty", packages)


def asked_for(start: metadata.Distribution, extra: str) -> set[str]:
    """The names of a distribution and of all that it needs with an extra, near and far."""
    found: set[tuple[str, str]] = set()
    wanted = [(start, ""), (start, extra)]
    while wanted:
        one, with_ = wanted.pop()
        found.add((canonicalize_name(one.name), with_))
        for said in map(Requirement, one.requires or ()):
            if said.marker is not None and not said.marker.evaluate({"extra": with_}):
                continue
            for inner in ("", *said.extras):
                if (canonicalize_name(said.name), inner) not in found:
                    wanted.append((metadata.distribution(said.name), inner))
    return {name for name, _ in found}


def lend(one: metadata.Distribution, to: Path) -> None:
    """Links what a distribution has put beside others: packages, modules, its own description."""
    for entry in {file.parts[0] for file in one.files or ()} - {"..", "__pycache__"}:
        (to / entry).symlink_to(str(one.locate_file(entry)))


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


# What is used only where the extra [s3] or [ocr] is installed.
OPTIONAL = {
    "web/shell/storage_s3.py": frozenset({"boto3", "botocore", "storages"}),
    "web/desk/original.py": frozenset({"PIL"}),
}


def test_whatever_is_imported_is_asked_for(installed: Installed) -> None:
    (ours,) = metadata.distributions(name="gongkai", path=[str(installed.packages)])
    given, found = asked_for(ours, "web"), metadata.packages_distributions()
    sources = [ROOT / "gongkai" / "cli_serve.py"]
    sources += [f for f in (ROOT / "gongkai" / "web").rglob("*.py") if "tests" not in f.parts]
    missing, foreign = set(), set()
    for file in sources:
        optional = OPTIONAL.get(file.relative_to(ROOT / "gongkai").as_posix(), frozenset())
        needed = set(imported(file)) - sys.stdlib_module_names - {"gongkai"} - optional
        foreign |= needed
        missing |= {n for n in needed if not given & set(map(canonicalize_name, found.get(n, ())))}
    assert {"csp", "django", "segno"} <= foreign
    assert missing == set(), "add its distribution to the extra [web]"


def imported(file: Path) -> Iterator[str]:
    """The topmost names of what a module imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


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
