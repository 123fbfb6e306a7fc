"""What visitors see before the site is ready: a page that says so, instead of an error."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nahtstelle.errors import EditionError


class Readiness:
    """Answers 503 where no edition is loaded, or its files cannot be read."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing by itself."""
        return self._answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for what an operator has to do."""
        if not isinstance(error, EditionError):
            return None
        answer = render(request, "ui/not_ready.html", {"why": error.message}, status=503)
        answer["Retry-After"] = "60"
        return answer
