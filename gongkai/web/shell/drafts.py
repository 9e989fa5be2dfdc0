"""自动保存: what is being typed into a long form is kept every few seconds, for its author alone.

A form shown with ``autosave`` sends itself here while it is filled in (static/autosave.js). Opened
again, on whatever machine, it holds what was typed and says so, until it is submitted or given up.
What it was filled in against (``version``) is kept with it: where somebody else has changed the
thing meanwhile, `seen` shows both. Passwords, codes and files are never kept, as with `kept`; the
rest lies sealed (`sealed`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongkai.web.shell import kept, once
from gongkai.web.shell.access import signed_in
from gongkai.web.shell.look import when
from gongkai.web.shell.models import Draft

PATH = "_draft_of"  # the form's address, in what is sent here
STAY = timedelta(days=30)
MOST = 50  # of one account
LARGEST = 200_000  # characters of one form


@signed_in
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """自动保存草稿: answers when it was kept, as the page shows it."""
    path = request.POST.get(PATH, "")
    fields = kept.harmless(request.POST)
    size = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if not path.startswith("/") or len(path) > 500 or size > LARGEST:
        return JsonResponse({"said": _("内容太长，没有自动保存；请及时提交。")}, status=413)
    if once.earlier(request) is not None:  # sent while this was on its way
        return JsonResponse({"said": ""})
    now = timezone.now()
    Draft.objects.update_or_create(
        account_id=request.user.pk or 0, path=path, defaults={"data": fields, "saved_at": now}
    )
    newest = Draft.objects.filter(account_id=request.user.pk or 0).order_by("-saved_at", "-pk")
    Draft.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[MOST:])).delete()
    at = timezone.localtime(now).strftime("%H:%M:%S")
    return JsonResponse({"said": _("已自动保存 %(at)s") % {"at": at}})


@signed_in
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """放弃自动保存的草稿: the form is as it was before."""
    path = request.POST.get(PATH, "")
    forget(request, path)
    safe = url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    messages.success(request, _("已放弃自动保存的内容。"))
    return HttpResponseRedirect(path if safe else "/")


def found(request: HttpRequest) -> Draft | None:
    """What this person had typed into the form of this page."""
    if request.method != "GET" or not request.user.is_authenticated:
        return None
    draft = Draft.objects.filter(account_id=request.user.pk, path=request.path).first()
    return draft if draft and draft.data else None  # sealed with a key that is gone: nothing


def typed(draft: Draft) -> QueryDict:
    """As it was sent."""
    data = QueryDict(mutable=True)
    for name, values in draft.data.items():
        data.setlist(name, values)
    data._mutable = False
    return data


def notice(draft: Draft) -> str:
    """What stands above a form that holds it."""
    at = when(draft.saved_at)
    return _("下面是您 %(at)s 填写、尚未提交的内容。") % {"at": at}


def forget(request: HttpRequest, path: str = "") -> None:
    """The form has done its work."""
    if request.user.is_authenticated:
        Draft.objects.filter(account_id=request.user.pk, path=path or request.path).delete()


def sweep(at: datetime) -> int:
    """Deletes what nobody came back for; says how many."""
    gone, _by_model = Draft.objects.filter(saved_at__lt=at - STAY).delete()
    return gone
