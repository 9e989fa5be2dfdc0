"""The map of the service."""

from __future__ import annotations

from django.urls import include, path

from gongkai.web.workbench import views as workbench

urlpatterns = [
    path("", workbench.home, name="home"),
    path("", include("gongkai.web.shell.urls")),
    path("account/", include("gongkai.web.accounts.urls")),
    path("organs/", include("gongkai.web.organs.urls")),
    path("desk/", include("gongkai.web.desk.urls")),
    path("applications/", include("gongkai.web.applications.urls")),
    path("remedies/", include("gongkai.web.remedies.urls")),
    path("annual/", include("gongkai.web.annual.urls")),
    path("track/", include("gongkai.web.applications.tracking_urls")),
    path("outbox/", include("gongkai.web.workbench.outbox_urls")),
    path("calendar/", include("gongkai.web.workbench.calendar_urls")),
    path("inbox/", include("gongkai.web.workbench.inbox_urls")),
]

handler400 = "gongkai.web.shell.failures.bad_request"
handler403 = "gongkai.web.shell.failures.permission_denied"
handler404 = "gongkai.web.shell.failures.not_found"
handler500 = "gongkai.web.shell.failures.server_error"
