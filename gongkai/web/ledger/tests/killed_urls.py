"""被强行结束的服务的地址: those of the service, and one that hands in a file under a number."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import include, path

from gongkai.web.ledger import attachments, numbers
from gongkai.web.organs.doing import doer
from gongkai.web.shell import once, uploads
from gongkai.web.shell.access import Role, acting


@acting(Role.HANDLER)
def hand_in(request: HttpRequest) -> HttpResponse:
    """One write as every app does it: content, number, row and event, done once."""
    done = once.earlier(request)
    if done is not None:
        return once.led(done)
    by = doer(request)
    assert by.capacity is not None
    organ = by.capacity.organ
    file = request.FILES["file"]
    assert isinstance(file, UploadedFile)
    kept = attachments.keep(file, kinds=uploads.DOCUMENTS)
    with transaction.atomic():
        once.claim(request)
        number = numbers.draw(organ, "report", 2026)
        made = attachments.attach_kept(
            kept, organ=organ, subject=f"report/{number}", by=by.by, at=by.at
        )
        by.tell("organ.changed", organ, made.subject, new={"file": made.name})
        once.settle(request, f"/handed-in/{number}")
    return HttpResponseRedirect(f"/handed-in/{number}")


@acting(Role.HANDLER)
def handed_in(request: HttpRequest, number: int) -> HttpResponse:
    return JsonResponse({"number": number})


urlpatterns = [
    path("hand-in", hand_in),
    path("handed-in/<int:number>", handed_in),
    path("", include("gongkai.web.urls")),
]
handler400 = "gongkai.web.shell.failures.bad_request"
handler500 = "gongkai.web.shell.failures.server_error"
