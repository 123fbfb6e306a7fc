"""Large files in ranges: a map asks for the few kilobytes of a tile, not for all tiles."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.responders import MissingFileError, StaticFile

_YEAR_S = 31_536_000


def ranged_file(
    request: HttpRequest, path: Path, content_type: str, *, for_ever: bool = False, name: str = ""
) -> HttpResponseBase:
    """Answer with a file or the range of it that was asked for; ``for_ever`` where its address changes with it.

    ``name`` makes it a download under that name. Raises `Http404` where the file is gone.
    """
    headers = {
        "Content-Type": content_type,
        "Cache-Control": f"public, max-age={_YEAR_S}, immutable" if for_ever else "public, max-age=3600",
        "Accept-Ranges": "bytes",
    }
    if name:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    try:
        # WhiteNoise answers ranges and conditional requests for the site's own static files; this is one more.
        answer = StaticFile(str(path), list(headers.items())).get_response(request.method, request.META)
    except (FileNotFoundError, PermissionError, MissingFileError) as error:
        raise Http404("the file is gone") from error
    if answer.file is None:
        return HttpResponse(status=answer.status, headers=dict(answer.headers))
    response = FileResponse(answer.file, status=answer.status)
    for header, value in answer.headers:
        response[header] = value
    return response
