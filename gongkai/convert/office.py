"""LibreOffice: files only an office program opens (.doc, .wps, .rtf …) as .docx or .xlsx.

Found when present, named when not. Several files go through one start of the program, which costs
a second. It runs with a profile of its own that is thrown away, in a folder of its own, without
macros, without following links, without a way to the network, within time and memory, and is
ended with all its children when its time is over.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from glob import glob
from pathlib import Path

from gongkai.statute import notes
from gongkai.statute.readers import sniff
from gongkai.statute.report import CannotRead
from gongkai.statute.texts import Text

SETTING = "GONGKAI_SOFFICE"
"""Where the program is, for those who keep it in an unusual place."""

TARGETS: Mapping[str, str] = {
    "doc": "docx",
    "wps": "docx",
    "rtf": "docx",
    "odt": "docx",
    "uof": "docx",
    "fods": "xlsx",
    "excelml": "xlsx",
    "xlsb": "xlsx",
}
"""What a carrier is converted to."""

BATCH = 40  # files for one start: more save nothing, and the answer to the first takes longer
SECONDS = 30.0  # for one file; one of a report takes a third of a second, a first start some more
_MORE = 5.0  # seconds for each further file of a batch
_LARGEST = 100 << 20  # bytes of one converted file
_MEMORY = 4 << 20  # KiB of addresses; the program takes some 2 GB of them, most of it never used
_FAILURES = 3  # of starts, after which the rest of a batch is given up

_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
    "/usr/local/bin/soffice",
    "/opt/libreoffice*/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files*/LibreOffice*/program/soffice.com",
)

# Where the program is in a folder it was installed into.
_INSIDE = (("soffice",), ("program", "soffice"), ("Contents", "MacOS", "soffice"))

# What the program is told in its profile, by the node of its registry.
_RULES = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),  # never
    ("Office.Calc/Content/Update", "Link", "1"),  # never
    # A proxy nobody answers at: whatever still asks for the network gets none.
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetFTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetFTPProxyPort", "9"),
)


def available() -> bool:
    """Whether LibreOffice is on this machine."""
    return program() is not None


def program() -> str | None:
    """LibreOffice's own program: where `SETTING` says, on the path, or in a usual place."""
    named = os.environ.get(SETTING)
    if named:
        inside = (os.path.join(named, *parts) for parts in _INSIDE) if os.path.isdir(named) else ()
        return next(filter(None, map(shutil.which, (named, *inside))), None)
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    return next((path for place in _PLACES for path in sorted(glob(place))), None)


def needed(carrier: str) -> bool:
    """Whether files of a carrier are read by way of LibreOffice."""
    return carrier in TARGETS


def longest(files: int, seconds: float = SECONDS) -> float:
    """How many seconds `convert` may take for so many files, if some of them misbehave."""
    starts = -(-files // BATCH)
    return (starts + _FAILURES) * (seconds + _MORE * min(files, BATCH))


def convert(
    items: Sequence[tuple[str, bytes]], *, seconds: float = SECONDS
) -> list[bytes | CannotRead]:
    """转换: each file, named and as bytes, as a .docx or .xlsx; or why it could not be converted.

    ``seconds`` is for one file; a batch has some more for each further one. A file that makes the
    program hang or die is given up, and the others are converted in another start.
    Errors given back: ``error.needs_converter`` (no LibreOffice here, or a file it is not for),
    ``error.converter_setting`` (`SETTING` names no program), ``error.not_converted``, and what
    `sniff.carrier` raises.
    """
    made: list[bytes | CannotRead | None] = [None] * len(items)
    batches: dict[str, list[int]] = {}
    carriers: list[str] = []
    for index, (name, data) in enumerate(items):
        try:
            carriers.append(sniff.carrier(data, name))
            if not needed(carriers[-1]) or not available():
                raise _missing(carriers[-1])
            batches.setdefault(TARGETS[carriers[-1]], []).append(index)
        except CannotRead as cause:
            carriers.extend([""] * (index + 1 - len(carriers)))
            made[index] = cause
    for target, indexes in batches.items():
        for start in range(0, len(indexes), BATCH):
            chunk = indexes[start : start + BATCH]
            files = [(carriers[k], items[k][1]) for k in chunk]
            for k, result in zip(chunk, _batch(files, target, seconds), strict=True):
                made[k] = result
    return [one for one in made if one is not None]


def _missing(carrier: str) -> CannotRead:
    path = os.environ.get(SETTING)
    if path and needed(carrier):
        return notes.error("error.converter_setting", carrier=carrier, setting=SETTING, path=path)
    return notes.error("error.needs_converter", carrier=carrier)


# -- one target, one batch ------------------------------------------------------------------


def _batch(
    files: Sequence[tuple[str, bytes]], target: str, seconds: float
) -> list[bytes | CannotRead]:
    """Files of one target, in as few starts of the program as they allow."""
    made: dict[int, bytes | CannotRead] = {}
    failures = 0
    while len(made) < len(files):
        rest = [k for k in range(len(files)) if k not in made]
        done, ended = _start([files[k] for k in rest], target, seconds)
        made.update({rest[k]: data for k, data in done.items()})
        left = [k for k in rest if k not in made]
        if ended is None or failures >= _FAILURES:
            reason = ended or Text("它打不开这个文件", "it cannot open this file")
            made.update({k: _refused(files[k][0], reason) for k in left})
        elif left:
            # It dies over the first file without an answer: that one is to blame.
            failures += 1
            made[left[0]] = _refused(files[left[0]][0], ended)
    return [made[k] for k in range(len(files))]


def _refused(carrier: str, reason: Text) -> CannotRead:
    return notes.error("error.not_converted", carrier=carrier, reason=reason)


def _start(
    files: Sequence[tuple[str, bytes]], target: str, seconds: float
) -> tuple[dict[int, bytes], Text | None]:
    """One start: what it made by position, and what ended it where it did not end by itself."""
    limit = seconds + _MORE * (len(files) - 1)
    # On Windows a process that was just ended may hold its files a moment longer.
    with tempfile.TemporaryDirectory(prefix="gongkai-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        out = root / "out"
        profile = _profile(root)
        names = []
        for number, (carrier, data) in enumerate(files):
            path = root / f"{number}.{_suffix(carrier, data)}"
            path.write_bytes(data)
            names.append(str(path))
        command = [
            str(program()),
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--nologo",
            "--convert-to",
            target,
            "--outdir",
            str(out),
            *names,
        ]
        ended = _run(command, root, limit)
        found = {k: _made(out / f"{k}.{target}") for k in range(len(files))}
        return {k: data for k, data in found.items() if data}, ended


def _suffix(carrier: str, data: bytes) -> str:
    """The suffix by which the program takes a file for what it is."""
    if carrier == "wps" and "WordDocument".encode("utf-16-le") in data:
        return "doc"  # Kingsoft's .wps is a Word file; the older .wps is that of MS Works
    return "xml" if carrier == "excelml" else carrier


def _made(path: Path) -> bytes | None:
    """A converted file, if it is whole: the directory of a zip is written last."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    return data if zipfile.is_zipfile(io.BytesIO(data)) else None


def _profile(root: Path) -> Path:
    """A profile of its own with the rules in it."""
    profile = root / "profile"
    items = "".join(
        f'<item oor:path="/org.openoffice.{node}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for node, name, value in _RULES
    )
    user = profile / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>\n',
        encoding="utf-8",
    )
    return profile


# -- the process ----------------------------------------------------------------------------


def _run(command: Sequence[str], folder: Path, seconds: float) -> Text | None:
    """Run the program to its end; what ended it otherwise."""
    process = subprocess.Popen(
        [*_limits(seconds), *command],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return Text(f"超过 {seconds:.0f} 秒没有完成", f"not done within {seconds:.0f} seconds")
    finally:
        _end(process)
    # 0 and 1 are its own; everything else came over it.
    return None if code in (0, 1) else Text("它中途退出", "it ended half-way")


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program and all it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        except PermissionError:
            process.kill()
    process.wait()


def _limits(seconds: float) -> list[str]:
    """Limits set by a shell, as they then hold for the program alone; and an end to it even
    where the process that started it is killed before."""
    shell = shutil.which("sh") if os.name == "posix" else None
    if shell is None:
        return []
    # A limit on this process would not leave it enough: raised as far as is allowed.
    limits = "".join(
        f"ulimit -S {limit} 2>/dev/null; "
        for limit in ("-d unlimited", f"-v {_MEMORY}", f"-t {2 * seconds + 5:.0f}", "-c 0")
    )
    bounded = [shell, "-c", limits + 'exec "$@"', shell]
    timer = shutil.which("timeout")
    return [*bounded, timer, "-s", "KILL", f"{seconds + 5:.0f}"] if timer else bounded


def _environment(folder: Path) -> dict[str, str]:
    """What it is told of this machine: no home, no proxy, no display."""
    kept = {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR"}
    passed = {name: value for name, value in os.environ.items() if name.upper() in kept}
    home = str(folder)
    return {
        **passed,
        "HOME": home,
        "TMPDIR": home,
        "TEMP": home,
        "TMP": home,
        "SAL_USE_VCLPLUGIN": "svp",
    }
