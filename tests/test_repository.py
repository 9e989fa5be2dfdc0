"""仓库自身: docs agree with the code, pages are up to date, nothing of one machine is tracked."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.db import models

import gongkai.convert
import gongkai.statute
import gongkai.web
from gongkai import cli_commands, cli_language
from gongkai.statute import forms
from gongkai.statute.readers import sniff
from gongkai.web.organs.models import ROLES
from tools import cases_page, checks_page, notes_page, readme_page

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked() -> list[Path]:
    """Every file of the repository: git's list, or without git all but what it ignores."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run(
            [git, "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    ignored = {".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", "build", "dist"}
    return [
        f for f in ROOT.rglob("*") if f.is_file() and not ignored & set(f.relative_to(ROOT).parts)
    ]


def texts() -> Iterator[tuple[str, str]]:
    for file in tracked():
        try:
            yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a PDF, a workbook


# -- generated pages


def test_the_page_of_checks_is_up_to_date() -> None:
    assert text_of("docs/checks.md") == checks_page.page(), "make docs"


def test_the_page_of_notes_is_up_to_date() -> None:
    assert text_of("docs/notes.md") == notes_page.page(), "make docs"


def test_the_page_of_cases_is_up_to_date() -> None:
    assert text_of("docs/cases.md") == cases_page.page(), "make docs"


@pytest.mark.parametrize("name", READMES)
def test_a_readme_shows_what_the_command_prints(name: str) -> None:
    assert text_of(name).count("$ gongkai") >= 2
    assert text_of(name) == readme_page.page(name), "make docs"


# -- READMEs, guide, operations


def test_both_readmes_say_the_same_things() -> None:
    english, chinese = (text_of(name) for name in READMES)
    for pattern in (
        r"^(#+) ",  # headings by level
        r"^\| `([^`]*)` \|",  # commands of the table
        r"^(make \w+)",
        r"^\$ (gongkai.*)$",
        r"\((docs/[^)]*|(?!README)[A-Z]+\.md|LICENSE)\)",  # where to read next
        r"`(--[a-z]+)[ `]",
    ):
        found = [sorted(re.findall(pattern, text, re.M)) for text in (english, chinese)]
        assert found[0], pattern
        assert found[0] == found[1], pattern
    assert re.findall(r"```python\n(.*?)```", english, re.S)[0].replace(".en)", "") == (
        re.findall(r"```python\n(.*?)```", chinese, re.S)[0].replace(".zh)", "")
    )


def test_what_can_be_read_is_the_same_list_everywhere() -> None:
    assert cli_commands.READS == sniff.KNOWN
    for name in (*READMES, "docs/guide.md", "CHANGELOG.md"):
        assert sniff.KNOWN in " ".join(text_of(name).split()), name


@pytest.mark.parametrize("name", READMES)
def test_the_library_example_of_a_readme_runs(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = re.findall(r"```python\n(.*?)```", text_of(name), re.S)
    exec(compile(example, name, "exec"), {})
    assert "t4.row_total error" in capsys.readouterr().out


@pytest.mark.parametrize("name", READMES)
def test_every_link_of_a_readme_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text_of(name))
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert [c for c in cli_commands.names() if f"`gongkai {c}" not in text_of(name)] == []


def test_the_readme_names_the_two_commands_a_person_needs() -> None:
    makefile = text_of("Makefile")
    for command in ("run", "test"):
        assert all(f"make {command}" in text_of(name) for name in READMES)
        assert re.search(rf"^{command}:", makefile, re.M)
    assert "make check\nmake test\n" in text_of(".ci/run")


def test_every_make_target_is_documented() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.M))
    assert targets == set(re.findall(r"`make ([a-z]+)`", text_of("docs/operations.md")))


def test_every_setting_is_documented() -> None:
    operations = text_of("docs/operations.md")
    read = set(re.findall(r"environ\.get\(\"(\w+)\"", "".join(t for n, t in texts() if "cli" in n)))
    ours = set(
        re.findall(r'"(GONGKAI_[A-Z]+)"', "".join(t for n, t in texts() if "tests" not in n))
    )
    settings = (read | ours | set(cli_language.VARIABLES) | {"COLUMNS"}) - {"TERM"}
    assert {"NO_COLOR", "GONGKAI_LANG", "GONGKAI_FONTS", "GONGKAI_SOFFICE"} <= settings
    assert [s for s in sorted(settings) if f"`{s}`" not in operations] == []


def test_every_dependency_has_its_reason_and_its_licence() -> None:
    project = PYPROJECT["project"]
    wanted = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        wanted += extra
    names = {re.split(r"[<>=\[]", name)[0] for name in wanted}
    listed = set()
    for row in re.findall(
        r"^\| ([^|]*) \| [^|]+ \| [^|]*\w[^|]* \|$", text_of("ARCHITECTURE.md"), re.M
    ):
        listed |= set(row.split(", "))
    assert names == listed - {"package"}


def test_the_lock_files_hold_every_dependency_with_hashes_and_no_address() -> None:
    for name, extras in (
        ("requirements.lock", ["build", "web"]),
        ("requirements-dev.lock", ["build", "web", "dev"]),
        ("requirements-ocr.lock", ["build", "ocr"]),
    ):
        lock = text_of(name)
        wanted = [*PYPROJECT["project"]["dependencies"]]
        for extra in extras:
            wanted += PYPROJECT["project"]["optional-dependencies"][extra]
        names = {re.split(r"[<>=\[]", w)[0].lower() for w in wanted}
        pinned = re.findall(r"^([\w.-]+)==\S+.*\\\n    --hash=sha256:", lock, re.M)
        assert names <= set(pinned)
        assert len(pinned) == len(re.findall(r"^[\w.-]+==", lock, re.M))
        assert not re.search(r"https?:|file:|--(extra-)?index|--find-links", lock)


# -- the glossary and the code, both ways


def glossary() -> dict[str, dict[str, str]]:
    """Heading -> name -> term, of every table of the glossary."""
    parts: dict[str, dict[str, str]] = {}
    heading = ""
    for line in text_of("docs/glossary.md").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif row := re.match(r"\| (.+?) \| `([^`]+)` \|", line):
            part = parts.setdefault(heading, {})
            assert row[2] not in part, f"{row[2]} twice under {heading}"
            part[row[2]] = row[1]
    return parts


def modules(package: ModuleType = gongkai.statute) -> list[ModuleType]:
    return [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not re.search(r"\.(?:tests|migrations|wsgi|ocr_\w+)\b", found.name)
    ]


def enums_of(module: ModuleType) -> Iterator[tuple[str, type[Enum]]]:
    """The enums of a module, those inside its models too, by the name of the glossary."""
    here = module.__name__.removeprefix("gongkai.").removeprefix("statute.")
    own = [k for k in vars(module).values() if isinstance(k, type)]
    own = [k for k in own if k.__module__ == module.__name__]
    inner = [k for kind in own for k in vars(kind).values() if isinstance(k, type)]
    for kind in dict.fromkeys([*own, *(k for k in inner if k.__module__ == module.__name__)]):
        if issubclass(kind, Enum):
            yield f"{here}.{kind.__qualname__}", kind


def every_enum() -> dict[str, type[Enum]]:
    return {
        name: kind
        for package in (gongkai.statute, gongkai.web)
        for module in modules(package)
        for name, kind in enums_of(module)
    }


def test_every_enum_is_in_the_glossary_and_no_other() -> None:
    enums = {name: {str(m.value) for m in kind} for name, kind in every_enum().items()}
    listed = {
        match[1]: set(part)
        for heading, part in glossary().items()
        if (match := re.search(r"`(\w+(?:\.\w+)+)`$", heading))
    }
    assert listed == enums


def test_what_can_be_chosen_reads_as_in_the_glossary() -> None:
    wanted = {
        name: {str(value): str(label) for value, label in kind.choices}
        for name, kind in every_enum().items()
        if issubclass(kind, models.Choices)
    }
    wanted["web.shell.access.Role"] = {value: str(label) for value, label in ROLES}
    assert len(wanted) > 5
    terms = {
        match[1]: part
        for heading, part in glossary().items()
        if (match := re.search(r"`(\w+(?:\.\w+)+)`$", heading))
    }
    assert {name: terms[name] for name in wanted} == wanted


def test_every_table_row_and_column_is_in_the_glossary_with_its_labels() -> None:
    wanted: dict[str, dict[str, dict[str, None]]] = {"表 `tables`": {}}
    for edition in forms.editions():
        for table in forms.form(edition).tables.values():
            wanted["表 `tables`"].setdefault(table.id, {})[table.title] = None
            rows = wanted.setdefault(f"行 `{table.id}` rows", {})
            columns = wanted.setdefault(f"列 `{table.id}` columns", {})
            for block in table.blocks:
                for row in block.rows:
                    rows.setdefault(row.id, {})[row.label] = None
                for column in block.columns:
                    columns.setdefault(column.id, {})[column.label] = None
    found = glossary()
    for heading, names in wanted.items():
        assert found[heading] == {name: " / ".join(labels) for name, labels in names.items()}


def identifiers(package: ModuleType = gongkai.statute) -> set[str]:
    """Every name a package defines: modules, classes, functions, fields, arguments."""
    found: set[str] = set()
    for module in modules(package):
        found.add(module.__name__.rpartition(".")[2])
        assert module.__file__ is not None
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(node.name)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.add(node.target.id)
    return found


@pytest.mark.parametrize(
    ("heading", "package"),
    [
        ("通用词 · General words", gongkai.statute),
        ("服务用词 · Words of the service", gongkai.web),
        ("转换用词 · Words of conversion", gongkai.convert),
    ],
)
def test_every_word_of_the_glossary_is_a_name_in_the_code(
    heading: str, package: ModuleType
) -> None:
    words = glossary()[heading]
    assert len(set(words.values())) == len(words), "one term, one word"
    assert sorted(set(words) - identifiers(package)) == []


def test_every_model_is_in_the_glossary_or_named_after_one_that_is() -> None:
    """A table of names or of sessions is no term of its own."""
    own = {m.__name__ for m in apps.get_models() if m.__module__.startswith("gongkai.")}
    terms = {name for section in glossary().values() for name in section}
    plain = {"Organ", "OrganName", "Session", "OldPassword", "Submission"}
    assert own - plain - terms == set()


# -- shape


def test_no_module_outgrows_a_sitting() -> None:
    limits = {True: 800, False: 600}  # a table of cases may be longer than what it tests
    long = {
        name: text.count("\n")
        for name, text in texts()
        if name.endswith(".py")
        and "/migrations/" not in name  # Django writes them
        and text.count("\n") > limits["/test_" in name]
    }
    assert long == {}


def test_nothing_of_one_machine_is_tracked() -> None:
    home = re.compile(r"(?<![\w.])/(?:home/\w|Users/\w|root/|work/|tmp/\w)")
    host = re.compile(r"--(?:extra-)?index-url[ =]\S*//|https?://[\w.]*(?:pypi|mirror)[\w.]*/")
    found = [
        (name, match[0])
        for name, text in texts()
        for pattern in (home, host)
        if (match := pattern.search(text)) and name != "tests/test_repository.py"
    ]
    assert found == []


def test_the_arrow_is_a_contract() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    layers = [c["layers"] for c in contracts if c["type"] == "layers"]
    assert layers[0][0] == "gongkai.cli" and layers[0][-1] == "gongkai.statute"
    placed = {name for layer in layers[0] for name in re.split(r" [|:] ", layer)}
    modules = {f"gongkai.{file.stem}" for file in (ROOT / "gongkai").glob("cli*.py")}
    assert modules == placed - {"gongkai.statute", "gongkai.convert"}, "a new module must be placed"
    (pure,) = [c for c in contracts if c["type"] == "forbidden"]
    assert {"django", "socket", "subprocess", "rich", "typer"} <= set(pure["forbidden_modules"])


def test_the_statute_reads_no_clock_and_prints_nothing() -> None:
    clock = re.compile(
        r"\b(?:date\.today|datetime\.now|datetime\.utcnow|time\.time)\(|^\s*print\(", re.M
    )
    found = [
        name
        for name, text in texts()
        if name.startswith("gongkai/statute/") and "/tests/" not in name and clock.search(text)
    ]
    assert found == []


def test_the_statutes_own_copy_of_the_form_is_the_official_one() -> None:
    """22+161+15 cells in the form of 2019, 10+175+15 in that of 2021."""
    for edition, counts in {"2019": [22, 161, 15], "2021": [10, 175, 15]}.items():
        form = forms.form(edition)
        assert [sum(s.table == t for s in form.specs.values()) for t in form.tables] == counts
