"""后台进程: the one consumer of the queue, and the clock of its jobs.

``python -m gongkai.web.worker``; ``--follow`` ends it with the process that started it. One process
with a thread for the clock and two for the work, so that a long import holds up no heartbeat.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs until it is told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.web.settings")
    import django

    django.setup()
    from django.utils.module_loading import autodiscover_modules
    from huey.contrib.djhuey import HUEY

    from gongkai.web.shell import health

    autodiscover_modules("jobs")
    health.heartbeat().touch()  # it lives from now on, not from the next full minute
    if "--follow" in sys.argv:
        from gongkai.web import supervisor

        supervisor.follow()
    HUEY.create_consumer(
        workers=2, worker_type="thread", periodic=True, graceful_signal="TERM"
    ).run()


if __name__ == "__main__":
    main()
