"""公文字体的查找: official families are found where they lie, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.convert import fonts
from gongkai.statute.tests import consistent
from gongkai.statute.tests.fonts_made import renamed
from gongkai.statute.writers import pdf, pdf_fonts

KAI = (pdf_fonts.FOLDER / "kai.ttf").read_bytes()


def put(file: Path, family: str) -> Path:
    """A font of some family in a folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(renamed(KAI, "Gongkai Kai", family))
    return file


def test_each_role_gets_its_best_family(tmp_path: Path) -> None:
    put(tmp_path / "a" / "simfang.ttf", "FangSong")
    best = put(tmp_path / "b" / "GB2312.TTF", "仿宋_GB2312")
    hei = put(tmp_path / "c.otf", "SimHei")
    put(tmp_path / "other.ttf", "Some Song")
    (tmp_path / "notes.txt").write_text("仿宋_GB2312", encoding="utf-8")
    (tmp_path / "empty.ttf").write_bytes(b"")
    (tmp_path / "noise.ttf").write_bytes(b"\x00\x01\x00\x00\xff\xff" * 9)
    (tmp_path / "collection.ttc").write_bytes(b"ttcf" + b"\xff" * 40)
    found = fonts.official([tmp_path])
    assert found == (
        fonts.Found("body", "仿宋_GB2312", best),
        fonts.Found("sans", "SimHei", hei),
    )
    assert fonts.for_pdf([tmp_path]) == (str(tmp_path / "b"), str(tmp_path))


def test_no_folder_no_font(tmp_path: Path) -> None:
    assert fonts.official([tmp_path / "none"]) == ()
    assert fonts.for_pdf([tmp_path]) == ()


def test_the_folders_named_come_first_and_every_file_in_them_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = put(tmp_path / "one" / "x.ttf", "楷体_GB2312")  # a name that says nothing
    put(tmp_path / "two" / "y.ttf", "楷体_GB2312")
    monkeypatch.setenv(fonts.VARIABLE, f"{tmp_path / 'one'}:{tmp_path / 'two'}:{tmp_path / 'no'}")
    assert fonts.folders()[:2] == (tmp_path / "one", tmp_path / "two")
    assert fonts.Found("kai", "楷体_GB2312", one) in fonts.official()


@pytest.mark.parametrize(
    ("platform", "environ", "inside"),
    [
        ("linux", {}, (".local/share/fonts", ".fonts")),
        ("linux", {"XDG_DATA_HOME": "{home}/data"}, ("data/fonts",)),
        ("darwin", {}, ("Library/Fonts",)),
        ("win32", {"WINDIR": "{home}/win"}, ("win/Fonts",)),
        (
            "win32",
            {"LOCALAPPDATA": "{home}/local"},
            ("local/Microsoft/Windows/Fonts",),
        ),
    ],
)
def test_the_folders_of_each_system(
    platform: str, environ: dict[str, str], inside: tuple[str, ...], tmp_path: Path
) -> None:
    for name in inside:
        (tmp_path / name).mkdir(parents=True)
    known = {key: value.format(home=tmp_path) for key, value in environ.items()}
    found = fonts.folders(known, platform, tmp_path)
    assert [tmp_path / name for name in inside] == list(found[: len(inside)])


def test_a_pdf_is_set_in_the_fonts_found(tmp_path: Path) -> None:
    put(tmp_path / "simfang.ttf", "FangSong")
    made = consistent.report("2021", 1)
    inside = pdf.write(made, fonts=fonts.for_pdf([tmp_path])).data
    assert inside != pdf.write(made).data
    assert b"GongkaiSerif" not in inside
