"""The map of the service, with Django's own pages for the superuser."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from gongkai.web.urls import urlpatterns as ours

urlpatterns = [path("admin/", admin.site.urls), *ours]
