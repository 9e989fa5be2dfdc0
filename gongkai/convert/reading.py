"""前门: every report in a file, whatever its kind: what the command and the service read with.

A pure reader where there is one; LibreOffice and OCR where they are needed and present; archives
walked, each file in them a source of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gongkai.convert import limits, office
from gongkai.statute import notes, readers
from gongkai.statute.readers import bundle, sniff
from gongkai.statute.readers.blocks import Document
from gongkai.statute.readers.json import Failed
from gongkai.statute.report import AnnualReport, CannotRead

WORTH = frozenset(
    {".txt", ".md", ".csv", ".tsv", ".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml"}
    | {".docx", ".docm", ".dotx", ".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".uof", ".uot"}
    | {".xlsx", ".xlsm", ".xltx", ".xls", ".xlt", ".xlsb", ".et", ".ett", ".ods", ".fods"}
    | {".pdf", ".ofd", ".json", ".jsonl"}
    | {".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".rar", ".7z"}
)
"""后缀: what in a folder or an archive is very probably a report or holds some."""

EXPERIMENTAL = frozenset({"uof", "excelml", "xlsb"})
"""试验性的: carriers of which no real file could be had; .ofd says it of itself."""

_DEPTH = 2  # an archive inside an archive is opened, one inside that is not
_NAMED = 10  # so many files passed over are named

Read = list[AnnualReport | Failed]


@dataclass(frozen=True, slots=True)
class Listing:
    """目录: the files of an archive in its order: those worth reading, and the others' names."""

    wanted: tuple[str, ...]
    others: tuple[str, ...]


def listing(data: bytes, *, name: str = "") -> Listing | None:
    """What an archive holds; None for a file that is no archive. Raises CannotRead (``error.*``)
    for one that does not open."""
    if sniff.carrier(data, name) not in sniff.ARCHIVES:
        return None
    return _listing(bundle.Bundle(data))


def unpacked(data: bytes, member: str) -> bytes:
    """One file of an archive, named as `listing` names it. Raises CannotRead (``error.*``)."""
    found = next(bundle.Bundle(data).members({member}, bundle.Budget()), None)
    if found is None:
        raise notes.error("error.missing")
    if found.wrong:
        raise found.wrong
    return found.data


def read(data: bytes, *, name: str = "", was: str = "", inside: bool = False) -> Read:
    """读取: every report in a file's bytes, its type told by content.

    ``name`` is the file's name; the files of an archive are named ``archive.zip/inner.docx``.
    ``was`` is the carrier of the file that `office.convert` made these bytes of; ``inside`` says
    that they were taken out of an archive (an archive in an archive is opened once). A file inside
    an archive, or a report inside our JSON, that could not be read stands in its place as
    `Failed`; for a file that is no archive that is an error.

    Raises CannotRead (``error.*``).
    """
    if was:
        return _converted(_Part(name, carrier=was), data)
    (answer,) = _answers([_File.of(name, data, int(inside))])
    if isinstance(answer, CannotRead):
        raise answer
    return answer


def read_many(items: Sequence[tuple[str, bytes]]) -> list[Read | CannotRead]:
    """The same for several files, named and as bytes: what LibreOffice must convert, also inside
    archives, goes through it together. What `read` would raise stands in the file's place."""
    return _answers([_File.of(name, data) for name, data in items])


def _answers(found: Sequence[_File]) -> list[Read | CannotRead]:
    _convert([part for file in found for part in file.parts if part.data])
    return [file.answer() for file in found]


def may_be_report(name: str) -> bool:
    """Whether a file met in a folder or an archive is worth reading: by its suffix, no README."""
    base = name.rsplit("/", 1)[-1].lower()
    stem, dot, suffix = base.rpartition(".")
    return bool(dot) and f".{suffix}" in WORTH and stem.removesuffix(".tar") != "readme"


def is_hidden(name: str) -> bool:
    """Whether a name is the system's own affair: a hidden file, the lock of one open in Word."""
    return any(
        part.startswith((".", "~$")) or part == "__MACOSX" for part in name.split("/")
    ) or name.rsplit("/", 1)[-1].lower() in ("thumbs.db", "desktop.ini")


# -- what is in a file ----------------------------------------------------------------------


@dataclass(slots=True)
class _Part:
    """A file, or one file of an archive: what it gave, or its bytes while it awaits conversion."""

    name: str
    carrier: str = ""
    inside: bool = False  # of an archive
    data: bytes = b""
    given: Read = field(default_factory=list)
    cause: CannotRead | None = None


@dataclass(slots=True)
class _File:
    """A file named by the caller: its parts, and the names of files passed over in it."""

    name: str
    parts: list[_Part] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    budget: bundle.Budget = field(default_factory=bundle.Budget)

    @classmethod
    def of(cls, name: str, data: bytes, depth: int = 0) -> _File:
        file = cls(name)
        file.parts += file._parts(name, data, depth)
        return file

    def answer(self) -> Read | CannotRead:
        """Everything its parts gave, in order."""
        if len(self.parts) == 1 and self.parts[0].name == self.name:
            return self.parts[0].cause or self.parts[0].given
        given: Read = []
        for part in self.parts:
            given += [Failed(part.name, part.cause)] if part.cause else part.given
        return self._with_others(given)

    def _with_others(self, given: Read) -> Read:
        """What was passed over, said by the first report."""
        if not self.others:
            return given
        shown = "、".join(self.others[:_NAMED]) + ("…" if len(self.others) > _NAMED else "")
        said = notes.note("read.archive_others", count=len(self.others), names=shown)
        for index, one in enumerate(given):
            if isinstance(one, AnnualReport):
                given[index] = replace(one, notes=(*one.notes, said))
                break
        return given

    def _parts(self, name: str, data: bytes, depth: int) -> Iterator[_Part]:
        part = _Part(name, inside=depth > 0)
        try:
            part.carrier = sniff.carrier(data, name)
            if part.carrier in sniff.ARCHIVES:
                yield from self._members(name, data, depth)
                return
            if office.needed(part.carrier):
                part.data = data
            else:
                part.given = _read(part, data)
        except CannotRead as cause:
            part.cause = cause
        except Exception as bug:
            part.cause = _fault(part, bug)
        yield part

    def _members(self, name: str, data: bytes, depth: int) -> Iterator[_Part]:
        """The parts of an archive. Raises CannotRead where it does not open or holds nothing."""
        if depth == _DEPTH:
            raise notes.error("error.nested_archive")
        archive = bundle.Bundle(data)
        held = _listing(archive)
        self.others += [f"{name}/{inner}" for inner in held.others]
        if not held.wanted:
            raise notes.error("error.empty_archive", known=sniff.KNOWN)
        for member in archive.members(frozenset(held.wanted), self.budget):
            limits.more(seconds=limits.SECONDS)  # each file has the time of a file
            inner = f"{name}/{member.name}"
            if member.wrong:
                yield _Part(inner, cause=member.wrong)
            else:
                yield from self._parts(inner, member.data, depth + 1)


def _fault(part: _Part, bug: Exception) -> CannotRead:
    """What stands for a member of an archive that meets a fault of ours: it must not cost the
    others. Of a file on its own the fault is raised."""
    if not part.inside or isinstance(bug, MemoryError):
        raise bug
    reason = f"{type(bug).__name__}: {bug}".strip(": ")
    return notes.error("error.unexpected", reason=reason)


def _listing(archive: bundle.Bundle) -> Listing:
    names = [name for name in archive.names if not is_hidden(name)]
    return Listing(
        tuple(name for name in names if may_be_report(name)),
        tuple(name for name in names if not may_be_report(name)),
    )


# -- one part -------------------------------------------------------------------------------


def _read(part: _Part, data: bytes) -> Read:
    """What needs no conversion."""
    if part.carrier == "json":
        from gongkai.statute.readers import json as json_reader

        return json_reader.contents(data)
    own = readers.own_reports(data, part.carrier, part.name)
    if own is not None:
        return list(own)
    return list(readers.recognised(_document(part.carrier, data), part.carrier, part.name))


def _document(carrier: str, data: bytes) -> Document:
    """The blocks of a file; of a picture, and of pages that are pictures, by OCR where it is."""
    if carrier not in ("image", "pdf"):
        return readers.blocks_of(data, carrier)
    from gongkai.convert import ocr

    if carrier == "image":
        return ocr.blocks(data, carrier="image")
    given: Document | CannotRead
    try:
        given = readers.blocks_of(data, carrier)
    except CannotRead as cause:
        given = cause
    if ocr.available() and ocr.may_help(given):
        try:
            return ocr.blocks(data, carrier="pdf")
        except CannotRead as cause:
            # A scan without text is empty; of what has text of its own, that tells more.
            if isinstance(given, CannotRead) and given.id == "error.scanned":
                raise cause from None
    if isinstance(given, CannotRead):
        raise given
    return given


def _convert(parts: Sequence[_Part]) -> None:
    """The parts that await conversion, all together."""
    if not parts:
        return
    limits.more(seconds=office.longest(len(parts)))
    made = office.convert([(part.name, part.data) for part in parts])
    for part, data in zip(parts, made, strict=True):
        limits.more(seconds=limits.SECONDS)
        part.data = b""
        try:
            if isinstance(data, CannotRead):
                raise data
            part.given = _converted(part, data)
        except CannotRead as cause:
            part.cause = cause
        except Exception as bug:
            part.cause = _fault(part, bug)


def _converted(part: _Part, data: bytes) -> Read:
    """The reports in what LibreOffice made of a file."""
    made = sniff.carrier(data)
    said = [notes.note("read.converted", carrier=part.carrier)]
    if part.carrier in EXPERIMENTAL:
        said.append(notes.note("read.experimental", carrier=part.carrier))
    own = readers.own_reports(data, made, part.name)
    if own is not None:
        return [replace(report, notes=(*said, *report.notes)) for report in own]
    document = readers.blocks_of(data, made)
    document = replace(document, notes=(*said, *document.notes))
    return list(readers.recognised(document, part.carrier, part.name))
