"""网页进程的设置: how gunicorn runs under `gongkai serve`.

Threads, so that one slow visitor holds up nobody; requests in hand are finished on the way out.
"""

from __future__ import annotations

import logging
from typing import Any

from gunicorn import glogging

from gongkai.web import environment

_environment = environment.read()

wsgi_app = "gongkai.web.wsgi"
workers = _environment.number("GONGKAI_WORKERS")
worker_class = "gthread"
threads = 4
preload_app = True  # one copy of the program in memory; settings that fail, fail before the fork
graceful_timeout = 8
timeout = 60
umask = 0o077
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True


class logger_class(glogging.Logger):  # type: ignore[misc]  # gunicorn's name for it
    """网页进程的日志: into the service's own, in its one format."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)


def on_starting(server: Any) -> None:
    from django.urls import get_resolver

    from gongkai.web import supervisor

    # Before the fork: each process would read all views at its first request.
    get_resolver().check()
    supervisor.follow()


def pre_fork(server: Any, worker: Any) -> None:
    """No connection crosses a fork."""
    from django.db import connections
    from huey.contrib.djhuey import HUEY

    connections.close_all()
    HUEY.storage.close()
