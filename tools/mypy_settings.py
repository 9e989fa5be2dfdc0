"""类型检查用的设置: the service's settings, for the type checker's plugin only."""

from __future__ import annotations

import os
from pathlib import Path

os.environ["GONGKAI_HOME"] = str(Path(__file__).parents[1] / ".mypy_cache" / "home")

from gongkai.web.settings import *  # noqa: F403
