"""设置一览: the table of settings in docs/operations.md, from the settings themselves.

Run by ``make docs``; a test compares the page with the settings.
"""

from __future__ import annotations

import pathlib
import re

from gongkai.web.environment import SETTINGS

PAGE = pathlib.Path(__file__).parents[1] / "docs" / "operations.md"
BEGIN = "<!-- 以下由 tools/settings_page.py 生成 generated -->"
END = "<!-- 生成到此 end -->"


def page(text: str) -> str:
    """The page with its table made anew."""
    table = "\n".join(_rows())
    return re.sub(
        f"{re.escape(BEGIN)}\n.*?{re.escape(END)}",
        lambda _: f"{BEGIN}\n{table}\n{END}",
        text,
        flags=re.DOTALL,
    )


def _rows() -> list[str]:
    rows = ["| 变量 setting | 默认 default | 作用 what it does |", "|---|---|---|"]
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else "—"
        rows.append(f"| `{setting.name}` | {default} | {setting.help.zh} {setting.help.en} |")
    return rows


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PAGE.name}: {len(SETTINGS)} settings")
