"""表单页: the one road from what was typed to a change: checked, done once, answered.

A view hands over the form, the action to call with what was typed, and the address to go to; this
shows errors at their fields, keeps what was typed, and leads a form that is sent twice to the
result of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.web.shell import drafts, held, kept, once, seen, uploads
from gongkai.web.shell.languages import lang
from gongkai.web.shell.refusals import Refusal


class DateInput(forms.DateInput):
    """日期框: the browser's own date picker; typed as 2026-03-02 where it has none."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def page(
    request: HttpRequest,
    form_class: Callable[..., forms.Form],
    act: Callable[[dict[str, Any]], Any],
    *,
    to: Callable[[Any], str],
    said: str | Promise | Callable[[Any], str] = "",
    template: str = "form_page.html",
    initial: Mapping[str, Any] | None = None,
    arguments: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    sure: Callable[[Any], Sequence[str]] | None = None,
    stored: Callable[[], Mapping[str, Any]] | None = None,
    autosave: bool = False,
) -> HttpResponse:
    """A page with one form.

    ``act`` gets the cleaned data and returns a result; it may raise a Refusal, which is shown at
    its field. ``to`` gives the result's address, ``said`` what a toast says of it. ``arguments``
    go to the form's constructor; ``context`` to the template, which sees ``form``.

    With ``sure`` the act is tried and undone first, and what ``sure`` tells of its result is shown
    to be confirmed (sure_page.html); only then it is done, with the files chosen before (`held`).
    Where the act raises Stale, ``stored`` gives the fields as they are stored now, to be shown
    beside what was typed. ``autosave`` keeps what is being typed (`drafts`).
    """
    given = dict(arguments or {})
    both: list[seen.Both] = []
    draft = None
    if request.method == "POST":
        done = once.earlier(request)
        if done is not None:
            once.told(request)
            return HttpResponseRedirect(done.result or request.path)
        files, gone = held.files(request)
        form = form_class(request.POST, files, **given)
        for name in gone:
            form.add_error(None, _GONE % {"name": name})
        answer = None
        if form.is_valid() and "_back" not in request.POST:
            acted = _with_both(form, act, stored, both)
            if sure is not None and "_sure" not in request.POST:
                answer = _asked(request, form, acted, sure, dict(context or {}))
            else:
                answer = _acted(request, form, acted, to, said)
        if answer is not None:
            return answer
    else:
        draft = drafts.found(request) if autosave else None
        data = kept.restored(request) or (drafts.typed(draft) if draft else None)
        form = form_class(
            initial={**(initial or {}), **_restored(data, form_class, given)}, **given
        )
    status = 422 if form.is_bound and form.errors else 200
    shown = {
        "form": form,
        "once": _token(request),
        "author": kept.author_token(request),
        "kept_notice": kept.notice(request),
        "both": both,
        "autosave": autosave,
        "draft_notice": drafts.notice(draft) if draft else "",
        "held_files": held.held(request) if request.method == "POST" else [],
    }
    return render(request, template, {**shown, **(context or {})}, status=status)


def _asked(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    sure: Callable[[Any], Sequence[str]],
    context: dict[str, Any],
) -> HttpResponse | None:
    """What the act would do, to be confirmed; None where it is refused."""
    try:
        with transaction.atomic():
            consequences = list(sure(act(form.cleaned_data)))
            transaction.set_rollback(True)
    except (Refusal, uploads.Refused) as refused:
        _refuse(form, refused)
        return None
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "_sure", "_back", held.FIELD)
    ]
    typed += [(held.FIELD, one.word) for one in held.hold(request)]
    shown = {**context, "consequences": consequences, "typed": typed}
    return render(request, "sure_page.html", shown)


_GONE = _("“%(name)s”暂存超过一天，已经不在，请重新选择。")


def _refuse(form: forms.Form, refused: Refusal | uploads.Refused) -> None:
    if isinstance(refused, uploads.Refused):
        chosen = (name for name, one in form.fields.items() if isinstance(one, forms.FileField))
        form.add_error(next(chosen, None), refused.text.say(lang()))
        return
    form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))


def _acted(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    to: Callable[[Any], str],
    said: str | Promise | Callable[[Any], str],
) -> HttpResponse | None:
    """The answer where the act was done, None where it was refused."""
    try:
        with transaction.atomic():
            once.claim(request)
            result = act(form.cleaned_data)
            address = to(result)
            once.settle(request, address)
    except (Refusal, uploads.Refused) as refused:
        _refuse(form, refused)
        return None
    kept.forget(request)
    held.forget(request)
    drafts.forget(request)
    if said:
        messages.success(request, said(result) if callable(said) else str(said))
    return HttpResponseRedirect(address)


def _token(request: HttpRequest) -> str:
    """The same token as long as the form was refused, so that a later doubled POST is known."""
    return request.POST.get("_once") or once.token()


def _with_both(
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    stored: Callable[[], Mapping[str, Any]] | None,
    both: list[seen.Both],
) -> Callable[[dict[str, Any]], Any]:
    """The act, which on Stale also notes what is stored and what was typed."""

    def acted(data: dict[str, Any]) -> Any:
        try:
            return act(data)
        except seen.Stale:
            if stored is not None:
                both.extend(seen.told(form, stored()))
            raise

    return acted


def _restored(
    data: QueryDict | None, form_class: Callable[..., forms.Form], given: dict[str, Any]
) -> dict[str, Any]:
    """What was typed before, as initial values."""
    if data is None:
        return {}
    blank = form_class(**given)
    files: Any = {}
    return {
        name: field.widget.value_from_datadict(data, files, blank.add_prefix(name))
        for name, field in blank.fields.items()
        if not isinstance(field, forms.FileField) and blank.add_prefix(name) in data
    }


def confirmed(
    request: HttpRequest,
    act: Callable[[], Any],
    *,
    to: Callable[[Any], str],
    said: str | Promise | Callable[[Any], str] = "",
    context: Mapping[str, Any],
    template: str = "confirm_page.html",
) -> HttpResponse:
    """A page that asks before it acts: GET shows what will happen, POST does it."""
    return page(
        request,
        forms.Form,
        lambda data: act(),
        to=to,
        said=said,
        context=context,
        template=template,
    )
