"""压缩: pages go over the wire packed; files go as they are, with their length."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TYPES = ("text/html", "text/plain", "application/json")


class Packed(GZipMiddleware):
    """Django's, for pages only: a streamed or downloaded file would lose its length, and with it
    the browser's progress bar, for nothing: DOCX, PDF and XLSX are packed already. Django's adds
    bytes of random number to each answer, against guessing a page's secrets by its size."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        if (
            response.streaming
            or kind not in TYPES
            or "attachment" in response.get("Content-Disposition", "")
        ):
            return response
        return super().process_response(request, response)
