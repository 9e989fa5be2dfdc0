"""译文: the catalogues of the pages: texts found in code and templates, merged, compiled.

    python -m tools.messages           find texts, merge them into django.po, compile django.mo
    python -m tools.messages --check   change nothing; say what is missing, and exit 1 for it
    python -m tools.messages --drop    also forget translations of texts that are gone

Every app with a folder of its own has its catalogue; the shell's, the shared templates' and the
settings' texts are in gongkai/web/locale. The texts are Chinese; English is written by hand into
the .po files. They hold no dates and no line numbers, so that they change only when a text does.
GNU gettext is not needed.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
WEB = ROOT / "gongkai" / "web"
LANGUAGE = "en"
HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""
# What stands in a text for a value: %(name)s, %s, {name}.
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0 +-]*[\d.]*[a-zA-Z%]|\{\w*\}")
AS_IS = {"中文"}  # a language is named in itself
_CALL = re.compile(r"(?<= )(?:n?p?gettext|_)\(")
# The functions of django.utils.translation: where their context, text and plural stand.
_FUNCTIONS = {
    prefix + "gettext" + suffix: places
    for prefix, places in {
        "": (None, 0, None),
        "n": (None, 0, 1),
        "p": (0, 1, None),
        "np": (0, 1, 2),
    }.items()
    for suffix in ("", "_lazy", "_noop")
}

Key = tuple[str | None, str]  # context, text


@dataclass(slots=True)
class Found:
    """一条待译文字: a text, its plural, and the files it stands in."""

    text: str
    plural: str | None = None
    context: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def id(self) -> str | tuple[str, str]:
        return self.text if self.plural is None else (self.text, self.plural)


class Unreadable(Exception):
    """读不出: a file whose texts cannot be told; nothing is changed then."""


# -- finding


def apps() -> list[Path]:
    """The folders that keep a catalogue, the common one first."""
    own = sorted(f.parent for f in WEB.glob("*/apps.py") if f.parent.name != "shell")
    return [WEB, *own]


def sources(app: Path) -> Iterator[Path]:
    """The code and templates whose texts belong to the catalogue of ``app``."""
    others = [a for a in apps() if a not in (app, WEB)]
    for file in sorted(app.rglob("*")):
        parts = file.relative_to(app).parts
        if {"tests", "migrations", "locale", "static", "__pycache__"} & set(parts):
            continue
        if any(file.is_relative_to(other) for other in others):
            continue
        if file.suffix == ".py" or ("templates" in parts and file.suffix in (".html", ".txt")):
            yield file


def find(app: Path) -> dict[Key, Found]:
    """Every text of an app, sorted."""
    texts: dict[Key, Found] = {}
    for file in sources(app):
        name = file.relative_to(ROOT).as_posix()
        source = file.read_text(encoding="utf-8")
        for one in in_python(source, name) if file.suffix == ".py" else in_template(source, name):
            kept = texts.setdefault((one.context, one.text), one)
            kept.files.add(name)
            kept.plural = kept.plural or one.plural
    return dict(sorted(texts.items(), key=lambda item: (item[0][1], item[0][0] or "")))


def in_python(source: str, name: str) -> Iterator[Found]:
    """The texts of a module: plain strings given to a function of django.utils.translation."""
    try:
        tree = ast.parse(source, name)
    except SyntaxError as error:
        raise Unreadable(f"{name}:{error.lineno}: {error.msg}") from error
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            known |= {a.asname or a.name: a.name for a in node.names if a.name in _FUNCTIONS}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in known:
            called = known[node.func.id]
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _FUNCTIONS:
            called = node.func.attr
        else:
            continue
        yield from _of_call(node, _FUNCTIONS[called], name)


def in_template(source: str, name: str) -> Iterator[Found]:
    """The texts of a template, by Django's own reading of it."""
    try:
        flat = templatize(source, origin=name)
    except SyntaxError as error:
        raise Unreadable(f"{name}: {error.msg}") from error
    for number, line in enumerate(flat.splitlines(), 1):
        for start in _CALL.finditer(line):
            node = _call(line[start.start() :])
            if node is None:
                raise Unreadable(f"{name}:{number}: {line[start.start() :][:80]}")
            assert isinstance(node.func, ast.Name)
            places = _FUNCTIONS["gettext" if node.func.id == "_" else node.func.id]
            yield from _of_call(node, places, name)


def _call(text: str) -> ast.Call | None:
    """The call a line begins with, whatever follows it."""
    for end in re.finditer(r"\)", text):
        try:
            tree = ast.parse(text[: end.end()], mode="eval")
        except SyntaxError:
            continue
        if isinstance(tree.body, ast.Call):
            return tree.body
    return None


def _of_call(
    node: ast.Call, places: tuple[int | None, int, int | None], name: str
) -> Iterator[Found]:
    def text(place: int | None) -> str | None:
        if place is None or place >= len(node.args):
            return None
        given = node.args[place]
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            return given.value
        if isinstance(given, ast.JoinedStr | ast.BinOp):
            raise Unreadable(f"{name}:{node.lineno}: a text to translate must be one plain string")
        return None

    context, singular, plural = (text(place) for place in places)
    if singular:
        yield Found(singular, plural, context)


# -- merging and writing


def po_of(app: Path) -> Path:
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def catalogue(app: Path) -> Catalog:
    """The catalogue as it is kept, empty where there is none yet."""
    file = po_of(app)
    if not file.exists():
        return Catalog(LANGUAGE)
    return read_po(io.BytesIO(file.read_bytes()), LANGUAGE)


def merged(app: Path, *, drop: bool = False) -> tuple[Catalog, str]:
    """The catalogue with every text found, and the .po it makes. Translations are kept, or taken
    from another catalogue; those of texts that are gone stand commented out until dropped."""
    old = catalogue(app)
    kept: dict[Key, Message] = {_key(m): m for m in [*old.obsolete.values(), *old] if m.id}
    others = [m for other in apps() if other != app for m in catalogue(other)]
    borrowed = {_key(m): m for m in others if m.id and _translated(m) and not m.fuzzy}
    new = Catalog(LANGUAGE)
    texts = find(app)
    for key, one in texts.items():
        before = kept.get(key)
        if before is None or not _translated(before):
            before = borrowed.get(key, before)
        translated = _forms(before.string) if before is not None else []
        if len(translated) != (1 if one.plural is None else 2):
            translated = [""] if one.plural is None else ["", ""]
        new.add(
            one.id,
            translated[0] if one.plural is None else (translated[0], translated[1]),
            locations=[(file, 1) for file in sorted(one.files)],
            flags=sorted(before.flags - {"python-format"}) if before is not None else (),
            auto_comments=before.auto_comments if before is not None else (),
            user_comments=before.user_comments if before is not None else (),
            context=one.context,
        )
    if not drop:
        for key, message in sorted(kept.items(), key=lambda item: (item[0][1], item[0][0] or "")):
            if key not in texts and _translated(message):
                message.locations = []
                new.obsolete[_forms(message.id)[0]] = message
    out = io.BytesIO()
    write_po(out, new, width=96, omit_header=True, include_lineno=False)
    return new, f"{HEADER}\n{out.getvalue().decode().strip()}\n"


def compiled(texts: Catalog) -> bytes:
    """The .mo of a catalogue: header first, sorted, nothing that changes from run to run."""
    header = "".join(ast.literal_eval(line) for line in HEADER.splitlines()[2:])
    pairs = {"": header}
    for message in texts:
        if not message.id or message.fuzzy or not _translated(message):
            continue
        key = "\0".join(_forms(message.id))
        key = f"{message.context}\4{key}" if message.context is not None else key
        pairs[key] = "\0".join(_forms(message.string))
    entries = sorted((k.encode(), v.encode()) for k, v in pairs.items())
    ids = b"".join(k + b"\0" for k, _ in entries)
    strings = b"".join(v + b"\0" for _, v in entries)
    first = 28 + 16 * len(entries)
    tables: list[list[int]] = [[], []]
    for side, start in ((0, first), (1, first + len(ids))):
        at = start
        for entry in entries:
            tables[side] += [len(entry[side]), at]
            at += len(entry[side]) + 1
    head = (0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, first)
    return struct.pack(f"<{7 + 4 * len(entries)}I", *head, *tables[0], *tables[1]) + ids + strings


def _key(message: Message) -> Key:
    return message.context, _forms(message.id)[0]


def _forms(given: str | Sequence[str] | None) -> list[str]:
    """Singular and plural, or the one form there is."""
    return [given] if isinstance(given, str) else list(given or ())


def _translated(message: Message) -> bool:
    forms = _forms(message.string)
    return bool(forms) and all(forms)


# -- what is missing


def problems(app: Path) -> list[str]:
    """What keeps a catalogue from being whole, a line each."""
    texts, po = merged(app)
    file = po_of(app)
    name = file.relative_to(ROOT).as_posix()
    said = []
    if len(texts) and (not file.exists() or file.read_text(encoding="utf-8") != po):
        said.append(f"{name}: not up to date: run python -m tools.messages")
    for message in texts:
        if message.id:
            said += [f"{name}: {fault}: {_key(message)[1]}" for fault in faults(message)]
    mo = file.with_suffix(".mo")
    if file.exists() and (not mo.exists() or mo.read_bytes() != compiled(catalogue(app))):
        said.append(f"{name}: its .mo is another's: run python -m tools.messages")
    return said


def faults(message: Message) -> Iterator[str]:
    """What is wrong with one translation."""
    if not _translated(message):
        yield "not translated"
        return
    if message.fuzzy:
        yield "marked fuzzy"
    ids, strings = _forms(message.id), _forms(message.string)
    wanted = placeholders(ids[-1])
    for text in strings:
        # One person may be told without the number, never with a value nobody gives.
        if placeholders(text) != wanted and not (text is not strings[-1] and len(ids) > 1):
            yield f"placeholders {sorted(placeholders(text))}, not {sorted(wanted)}"
        elif not placeholders(text) <= wanted:
            yield f"placeholders {sorted(placeholders(text) - wanted)} too many"
        if text not in AS_IS and re.search(r"[\u4e00-\u9fff\u3000-\u303f\uff01-\uff5e]", text):
            yield "Chinese in the English"


def placeholders(text: str) -> set[str]:
    return {p for p in PLACEHOLDER.findall(text) if p != "%%"}


def write(file: Path, data: bytes) -> bool:
    """Whole or not at all, and only where it differs."""
    if file.exists() and file.read_bytes() == data:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.new")
    draft.write_bytes(data)
    draft.replace(file)
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.messages", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--drop", action="store_true")
    parser.add_argument("app", nargs="*", help="only these, as: web organs accounts")
    chosen = parser.parse_args(arguments)
    if not settings.configured:
        settings.configure()  # templates are read, never rendered
    wanted = [app for app in apps() if not chosen.app or app.name in chosen.app]
    try:
        if chosen.check:
            said = [line for app in wanted for line in problems(app)]
            print("\n".join(said) or "Every text is translated.")
            return int(bool(said))
        for app in wanted:
            texts, po = merged(app, drop=chosen.drop)
            if len(texts) or po_of(app).exists():
                write(po_of(app), po.encode())
                write(po_of(app).with_suffix(".mo"), compiled(catalogue(app)))
                open_ = sum(1 for m in texts if m.id and not _translated(m))
                gone = f", {len(texts.obsolete)} gone" if texts.obsolete else ""
                name = po_of(app).relative_to(ROOT)
                print(f"{name}: {len(texts)} texts, {open_} to translate{gone}")
    except Unreadable as error:
        print(f"{error}\nNothing was changed.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
