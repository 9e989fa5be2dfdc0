"""重写两份 README 中的命令输出: what stands under ``$ gongkai …`` is what the command prints.

Run by ``make docs``; a test fails when a README shows anything else.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
READMES = {"README.md": "en", "README.zh-CN.md": "zh"}
WIDTH = "84"

_SHOWN = re.compile(r"^```\n\$ gongkai (?P<arguments>[^\n]*)\n(?P<output>.*?)^```$", re.M | re.S)


def page(name: str) -> str:
    """A README as it should be: the file with every shown output made anew."""
    text = (ROOT / name).read_text(encoding="utf-8")

    def shown(found: re.Match[str]) -> str:
        output = _output(shlex.split(found["arguments"]), READMES[name])
        return f"```\n$ gongkai {found['arguments']}\n{output}\n```"

    return _SHOWN.sub(shown, text)


def _output(arguments: list[str], lang: str) -> str:
    environment = os.environ | {"COLUMNS": WIDTH, "GONGKAI_LANG": lang, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "gongkai.cli", *arguments],
        capture_output=True,
        cwd=ROOT,
        env=environment,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode() or done.stdout.decode())
    lines = done.stdout.decode().rstrip().split("\n")
    if arguments[0] == "demo":  # the report's card; what comes before and after is the demo's own
        first = next(at for at, line in enumerate(lines) if line.startswith("1 "))
        last = next(at for at, line in enumerate(lines) if at > first and line[:1].strip())
        lines = lines[first:last]
    return "\n".join(lines).rstrip()


if __name__ == "__main__":
    for readme in READMES:
        (ROOT / readme).write_text(page(readme), encoding="utf-8")
