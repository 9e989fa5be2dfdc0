"""语言: Chinese unless the person chose English; what the browser would like is not asked."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from gongkai.statute.texts import Lang

COOKIE = settings.LANGUAGE_COOKIE_NAME
KNOWN = frozenset(code for code, _ in settings.LANGUAGES)


class Languages:
    """Sets the language of a request by its cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


def of(request: HttpRequest) -> str:
    """The language a request asks for by its cookie."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in KNOWN else settings.LANGUAGE_CODE


def lang() -> Lang:
    """``zh`` or ``en``: the language of this request in the words of `statute.texts`."""
    return "en" if translation.get_language() == "en" else "zh"
