"""保留填写: what was typed when the session had ended waits until its author has signed in again."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a form that was sent is kept for its author."""
    return redirect_to_login(request.get_full_path())
