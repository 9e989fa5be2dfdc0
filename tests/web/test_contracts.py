"""结构约定: what the service's apps owe each other, beside the contracts of import-linter."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).parents[2]
WEB = ROOT / "gongkai" / "web"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
APPS = sorted(file.parent.name for file in WEB.glob("*/apps.py"))
# What another app may take from an app's models, each with its reason.
SHARED = {
    ("organs", "Organ"): "whose matter it is, a type; rows come from its queries",
    ("ledger", "Event"): "a type; rows come from its queries",
    ("ledger", "Secret"): "a type: what the vault gives, to refer to by a foreign key",
    ("ledger", "Alert"): "a type; rows come from `alerts`",
    ("ledger", "Deadline"): "a type; rows come from `deadlines`",
    ("ledger", "Attachment"): "a type, and what files are attached by; rows come from its queries",
    ("ledger", "Message"): "a type, and the states to filter by; rows come from its queries",
    ("applications", "Matter"): "a type: what a remedy is against; rows come from its queries",
    ("organs", "ImportRun"): "the states that every import goes through",
    ("remedies", "Remedy"): "a type: what table 4 counts; rows come from its queries",
    ("accounts", "AccountEvent"): "a type, and the kinds to filter by; rows come from its queries",
    ("accounts", "Account"): "who signed in is a type in every signature, as Django's own user is",
}


def modules() -> Iterator[tuple[str, Path]]:
    """The code of every app, without its tests."""
    for app in APPS:
        for file in sorted((WEB / app).rglob("*.py")):
            if not {"tests", "migrations"} & set(file.relative_to(WEB).parts):
                yield app, file


def test_every_app_has_its_place_in_the_arrow() -> None:
    (arrow,) = [c for c in CONTRACTS if c["name"].startswith("The arrow of the service")]
    places = {place for layer in arrow["layers"] for place in layer.split(" | ")}
    assert set(APPS) <= {place.removeprefix("gongkai.web.") for place in places}


def test_the_models_of_every_app_are_protected() -> None:
    protected = {
        module: set(c["allowed_importers"])
        for c in CONTRACTS
        if c["type"] == "protected"
        for module in c["protected_modules"]
    }
    wanted = {
        f"gongkai.web.{app}.models": {f"gongkai.web.{app}"}
        for app in APPS
        if (WEB / app / "models.py").exists()
    }
    assert protected == wanted, "one contract for each app with models: see pyproject.toml"


def test_only_shared_names_are_taken_from_the_models_of_another_app() -> None:
    taken = set()
    for app, file in modules():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or node.module is None:
                continue
            parts = node.module.split(".")
            if parts[:2] == ["gongkai", "web"] and parts[-1] == "models" and parts[2] != app:
                taken |= {(parts[2], alias.name) for alias in node.names}
    assert taken - set(SHARED) == set()


def test_the_migrations_make_what_the_models_say(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_below_the_views_time_is_an_argument() -> None:
    clock = {"now", "localdate", "localtime", "today"}
    # Where a person's request or the clock itself begins.
    may = {"views", "middleware", "jobs", "tasks", "admin", "migrations", "management"}
    excused = {
        "organs/capacity.py": "middleware: which offices a person holds today",
        "organs/doing.py": "called by views: makes the moment every action is given",
        "accounts/gate.py": "middleware",
        "accounts/forms.py": "asks for the password again, within the request",
        "accounts/lockout.py": "the page django-axes answers with: a view",
        "shell/kept.py": "around the views of forms",
        "accounts/sessions.py": "Django's store of sessions, called by its middleware",
        "organs/demo.py": "a command; the tests give it its day",
        "shell/list_pages.py": "the view every list shares",
        "shell/once.py": "around the views of forms",
        "shell/drafts.py": "views",
    }
    found = set()
    for _, file in modules():
        name = file.relative_to(WEB).as_posix()
        if any(word in name.replace(".py", "").replace("/", "_").split("_") for word in may):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in clock
                and (not node.args or node.func.attr in {"now", "today"})
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in {"timezone", "datetime", "date"}
            ):
                found.add(name)
    assert sorted(found - set(excused)) == []
