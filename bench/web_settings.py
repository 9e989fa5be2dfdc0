"""The service's settings with the bare views beside its pages."""

from gongkai.web.settings import *  # noqa: F403

ROOT_URLCONF = "bench.web_urls"
