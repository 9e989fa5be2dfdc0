"""WSGI: ``gunicorn gongkai.web.wsgi``."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.web.settings")
application = get_wsgi_application()
# What is loaded by now stays: to look through it for garbage again and again would cost a request
# a tenth of a second now and then.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
