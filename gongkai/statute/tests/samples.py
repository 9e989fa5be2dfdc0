"""真实样本: the published reports beside the repository, where they are present (as in CI)."""

from __future__ import annotations

import pathlib

import pytest

FOLDER = pathlib.Path(__file__).parents[3].parent / "shared" / "samples"
needed = pytest.mark.skipif(not FOLDER.is_dir(), reason="the published samples are not here")


def path(start: str) -> pathlib.Path:
    """The one sample whose file name begins so ("000", "huaian")."""
    return next(p for p in sorted(FOLDER.iterdir()) if p.name.startswith(start))
