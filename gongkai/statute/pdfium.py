"""PDFium: one caller at a time. The library keeps global state and is not safe across threads."""

from __future__ import annotations

import threading

LOCK = threading.Lock()
