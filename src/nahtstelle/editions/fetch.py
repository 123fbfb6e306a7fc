"""Fetch a named official file: progress, resume, recorded checksum, one plain line when it fails.

A download passes through three names in its folder, so that it may be killed at any moment::

    vg250-ew.zip.part        the bytes so far
    vg250-ew.zip.part.json   which version of the file they belong to, so that they can be continued
    vg250-ew.zip.json        where the finished file comes from: address, date, sha256, licence
    vg250-ew.zip             all the bytes, or not there at all

The addresses are those the publishers state; they change theirs now and then, which shows as "no file at".
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import json
import os
import re
import ssl
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from nahtstelle.errors import FetchError

if sys.platform == "win32":  # pragma: no cover
    import msvcrt
else:
    import fcntl

Progress = Callable[[int, int | None], None]
"""Called with the bytes on disk and the bytes in total, ``None`` where the server does not say."""

CHUNK_BYTES = 256 * 1024
TIMEOUT_S = 30.0
BUILD_COMMAND = "nahtstelle editions build FILE --out DIR"
BY_HAND = f"download it in a browser and build from the file with `{BUILD_COMMAND}`"


@dataclass(frozen=True)
class Download:
    """One official file: what it is, where it lies, under which licence.

    ``file_name`` is the name it gets here. ``attribution`` may hold ``{year}``, which stands for the year
    of the download, as the publishers ask for it.
    """

    name: str
    title: str
    url: str
    file_name: str
    publisher: str
    licence: str
    licence_url: str
    attribution: str

    @property
    def host(self) -> str:
        """The server the file comes from."""
        return urlsplit(self.url).netloc


@dataclass(frozen=True)
class Downloaded:
    """A file that arrived complete, as recorded beside it.

    ``fetched_at`` is UTC in ISO 8601, ``last_modified`` and ``etag`` are the server's own words.
    ``unchanged`` is true where the server confirmed the file that was here already.
    """

    path: Path
    name: str
    url: str
    sha256: str
    bytes: int
    fetched_at: str
    etag: str | None
    last_modified: str | None
    licence: str
    licence_url: str
    attribution: str
    unchanged: bool = False

    @property
    def fetched_on(self) -> str:
        """Day of the download, ISO 8601."""
        return self.fetched_at[:10]


_BKG = {
    "publisher": "Bundesamt für Kartographie und Geodäsie (BKG)",
    "licence": "dl-de/by-2-0",
    "licence_url": "https://www.govdata.de/dl-de/by-2-0",
    "attribution": "© BKG ({year}) dl-de/by-2-0, Datenquellen: "
    "https://sgx.geodatenzentrum.de/web_public/gdz/datenquellen/datenquellen_vg_nuts.pdf",
}
_BKG_FILES = "https://daten.gdz.bkg.bund.de/produkte/vg"
_DESTATIS = {
    "publisher": "Statistisches Bundesamt (Destatis)",
    "licence": "Vervielfältigung und Verbreitung, auch auszugsweise, mit Quellenangabe gestattet",
    "licence_url": "https://www.destatis.de/DE/Service/Impressum/copyright-allgemein.html",
    "attribution": "© Statistisches Bundesamt (Destatis), {year}",
}
_DESTATIS_FILES = (
    "https://www.destatis.de/DE/Themen/Laender-Regionen/Regionales/Gemeindeverzeichnis/Administrativ/Archiv"
)

OFFICIAL: dict[str, Download] = {
    entry.name: entry
    for entry in (
        Download(
            name="vg250-ew",
            title="Verwaltungsgebiete 1:250 000 mit Einwohnerzahlen, 31. Dezember (jüngster Stand)",
            url=f"{_BKG_FILES}/vg250-ew_ebenen_1231/aktuell/vg250-ew_12-31.utm32s.gpkg.ebenen.zip",
            file_name="vg250-ew_12-31.utm32s.gpkg.ebenen.zip",
            **_BKG,
        ),
        Download(
            name="vg250",
            title="Verwaltungsgebiete 1:250 000, 1. Januar (jüngster Stand)",
            url=f"{_BKG_FILES}/vg250_ebenen_0101/aktuell/vg250_01-01.utm32s.gpkg.ebenen.zip",
            file_name="vg250_01-01.utm32s.gpkg.ebenen.zip",
            **_BKG,
        ),
        Download(
            name="vg5000",
            title="Verwaltungsgebiete 1:5 000 000, 31. Dezember (jüngster Stand)",
            url=f"{_BKG_FILES}/vg5000_1231/aktuell/vg5000_12-31.utm32s.gpkg.ebenen.zip",
            file_name="vg5000_12-31.utm32s.gpkg.ebenen.zip",
            **_BKG,
        ),
        Download(
            name="gemeindeverzeichnis",
            title="Gemeindeverzeichnis, Auszug zum 4. Quartal (jüngster Stand)",
            url=f"{_DESTATIS_FILES}/GVAuszugQ/AuszugGV4QAktuell.xlsx?__blob=publicationFile",
            file_name="AuszugGV4QAktuell.xlsx",
            **_DESTATIS,
        ),
        Download(
            name="gemeindeverzeichnis-2024",
            title="Gemeindeverzeichnis, Jahresausgabe zum 31. Dezember 2024",
            url=f"{_DESTATIS_FILES}/GVAuszugJ/31122024_Auszug_GV.xlsx?__blob=publicationFile",
            file_name="31122024_Auszug_GV.xlsx",
            **_DESTATIS,
        ),
        Download(
            name="gemeindeverzeichnis-2025",
            title="Gemeindeverzeichnis, Jahresausgabe zum 31. Dezember 2025",
            url=f"{_DESTATIS_FILES}/GVAuszugJ/31122025_Auszug_GV.xlsx?__blob=publicationFile",
            file_name="31122025_Auszug_GV.xlsx",
            **_DESTATIS,
        ),
    )
}
"""What `fetch` knows by name. Files marked "jüngster Stand" change at their address when a new one comes out."""


def official(name: str) -> Download:
    """The official file of this name. Raises `FetchError` with the names there are for any other."""
    try:
        return OFFICIAL[name]
    except KeyError:
        raise FetchError(f"no official file is called {name!r}: expected one of {', '.join(OFFICIAL)}") from None


def download(
    what: Download, folder: Path, *, on_progress: Progress | None = None, timeout_s: float = TIMEOUT_S
) -> Downloaded:
    """Fetch a file into a folder, or confirm the one that is there.

    What an interrupted run left behind is continued if the server still has the same version of the file, and
    begun again if not. ``timeout_s`` is how long the server may stay silent, in seconds.

    Raises `FetchError`: no such address, server not reached, file not there, server in trouble, connection
    lost, timeout, disk full, a web page in place of the file, another download of the same file under way.
    """
    scheme = urlsplit(what.url).scheme
    if scheme not in {"http", "https"}:
        raise FetchError(f"{what.name}: {what.url!r} is no web address: expected http:// or https://")
    place = _Place(what, folder)
    with _disk(place), place.locked():
        present, kept = place.present(), place.kept()
        with _ask(place, present, kept, timeout_s) as answer:
            if answer.status == http.HTTPStatus.NOT_MODIFIED and present:
                return replace(present, unchanged=True)
            _refuse_other(what, answer)
            version = _receive(place, answer, kept, on_progress)
        _refuse_foreign(place)
        return place.finish(version)


# --- what is on disk ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Version:
    """Which version of the remote file some bytes belong to."""

    url: str
    etag: str | None
    last_modified: str | None
    bytes: int | None

    @property
    def validator(self) -> str | None:
        """What `If-Range` may carry: a strong entity tag, else the date."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


class _Place:
    """The names of one download in its folder, and what may be done to them."""

    def __init__(self, what: Download, folder: Path) -> None:
        self.what = what
        self.folder = folder
        self.file = folder / what.file_name
        self.record = folder / f"{what.file_name}.json"
        self.part = folder / f"{what.file_name}.part"
        self.part_record = folder / f"{what.file_name}.part.json"
        self.lock = folder / f"{what.file_name}.part.lock"

    def present(self) -> Downloaded | None:
        """The finished file, if its record is there and true."""
        try:
            found = Downloaded(path=self.file, **_read_json(self.record))
            same = found.url == self.what.url and found.bytes == self.file.stat().st_size
            return found if same and found.sha256 == _sha256(self.file) else None
        except (OSError, TypeError):
            return None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others out of the part; the lock ends with the process, however it ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.lock.open("w") as lock:
            if not _lock(lock) or not os.path.samestat(os.fstat(lock.fileno()), self.lock.stat()):
                raise FetchError(f"{self.what.name}: another download into {self.folder} is under way; wait for it")
            try:
                yield
            finally:
                if sys.platform != "win32":  # which cannot remove an open file
                    self.lock.unlink(missing_ok=True)

    def kept(self) -> _Version | None:
        """What the bytes so far belong to; ``None`` where there are none that could be continued."""
        try:
            version = _Version(**_read_json(self.part_record))
            size = self.part.stat().st_size
        except (OSError, TypeError):
            return None
        return version if version.url == self.what.url and version.validator and size else None

    def open_part(self, version: _Version, start: int) -> IO[bytes]:
        """The part, open to be written from ``start``. From 0: killed in between, old bytes never get a new version."""
        if start:
            os.truncate(self.part, start)
        else:
            self.part.write_bytes(b"")
            _write_json(self.part_record, asdict(version))
        return self.part.open("ab")

    def finish(self, version: _Version) -> Downloaded:
        """Write the record, give the part its finished name."""
        now = datetime.now(UTC)
        done = Downloaded(
            path=self.file,
            name=self.what.name,
            url=self.what.url,
            sha256=_sha256(self.part),
            bytes=self.part.stat().st_size,
            fetched_at=now.isoformat(timespec="seconds"),
            etag=version.etag,
            last_modified=version.last_modified,
            licence=self.what.licence,
            licence_url=self.what.licence_url,
            attribution=self.what.attribution.format(year=now.year),
        )
        record = asdict(done)
        del record["path"], record["unchanged"]
        _write_json(self.record, record)
        self.part.replace(self.file)
        self.part_record.unlink(missing_ok=True)
        _sync_folder(self.folder)
        return done

    def forget_part(self) -> None:
        """Take away the part and its record."""
        self.part.unlink(missing_ok=True)
        self.part_record.unlink(missing_ok=True)


def _lock(file: IO[str]) -> bool:
    if sys.platform == "win32":  # pragma: no cover
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    """The object in a file; an empty one where the file holds anything else."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _write_json(path: Path, content: dict[str, Any]) -> None:
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # pragma: no cover
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- what goes over the wire -------------------------------------------------------------------------------


class _Judge(urllib.request.HTTPErrorProcessor):
    """Takes "you have it" (304) for the answer it is; every other status above 299 stays an error or a redirect."""

    def http_response(self, request: urllib.request.Request, response: http.client.HTTPResponse) -> Any:
        return response if response.status == http.HTTPStatus.NOT_MODIFIED else super().http_response(request, response)

    https_response = http_response


def _opener() -> urllib.request.OpenerDirector:
    """An opener that speaks http and https and nothing else, whatever a redirect asks for."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Judge(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


@contextmanager
def _ask(
    place: _Place, present: Downloaded | None, kept: _Version | None, timeout_s: float
) -> Iterator[http.client.HTTPResponse]:
    """The server's answer: the file (200), the rest of it (206) or "you have it" (304); errors otherwise.

    A continuation asks for the last byte here once more: so it asks for something also when all bytes are here.
    """
    what = place.what
    request = urllib.request.Request(what.url, headers={"User-Agent": "nahtstelle", "Accept-Encoding": "identity"})
    if kept and kept.validator:
        request.add_header("Range", f"bytes={place.part.stat().st_size - 1}-")
        request.add_header("If-Range", kept.validator)
    elif present and present.etag:
        request.add_header("If-None-Match", present.etag)
    elif present and present.last_modified:
        request.add_header("If-Modified-Since", present.last_modified)
    try:
        answer: http.client.HTTPResponse = _opener().open(request, timeout=timeout_s)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        raise FetchError(_why_refused(place, refusal)) from None
    except (http.client.HTTPException, OSError) as error:
        raise FetchError(_why_unreachable(what, present, error, timeout_s)) from None
    with answer:
        if what.url.startswith("https:") and not answer.url.startswith("https:"):
            raise FetchError(f"{what.name}: {what.host} leads on to {answer.url}, which is not encrypted; not fetched")
        yield answer


def _receive(
    place: _Place, answer: http.client.HTTPResponse, kept: _Version | None, on_progress: Progress | None
) -> _Version:
    """Write the body to the part and say which version it is. A body that ends early keeps what came."""
    report = on_progress or (lambda done, total: None)
    version, size = _beginning(place, answer, kept)
    with place.open_part(version, size) as part:
        report(size, version.bytes)
        while chunk := _read(place, answer, version):
            part.write(chunk)
            part.flush()
            size += len(chunk)
            report(size, version.bytes)
        os.fsync(part.fileno())
    if version.bytes is not None and size != version.bytes:
        raise FetchError(_why_lost(place, version, "the connection ended early"))
    return version


def _beginning(place: _Place, answer: http.client.HTTPResponse, kept: _Version | None) -> tuple[_Version, int]:
    """Which version the answer holds, and from which byte on."""
    version = _Version(
        url=place.what.url,
        etag=answer.headers.get("ETag"),
        last_modified=answer.headers.get("Last-Modified"),
        bytes=answer.length,
    )
    if answer.status != http.HTTPStatus.PARTIAL_CONTENT:
        return version, 0
    piece = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", answer.headers.get("Content-Range", ""))
    if kept and piece and int(piece[1]) == place.part.stat().st_size - 1 and _agree(kept, version, int(piece[2])):
        return replace(kept, bytes=int(piece[2])), int(piece[1])
    place.forget_part()
    raise FetchError(
        f"{place.what.name}: {place.what.host} sent another piece than asked for; try again, it starts anew"
    )


def _agree(kept: _Version, piece: _Version, total: int) -> bool:
    """Whether a piece is of the version kept; a server need not repeat what has not changed."""
    return (
        piece.etag in {None, kept.etag}
        and piece.last_modified in {None, kept.last_modified}
        and kept.bytes in {None, total}
    )


def _read(place: _Place, answer: http.client.HTTPResponse, version: _Version) -> bytes:
    try:
        return answer.read(CHUNK_BYTES)
    except http.client.IncompleteRead:
        reason = "the connection ended early"
    except TimeoutError:
        reason = "the server stopped sending"
    except (http.client.HTTPException, OSError) as error:
        reason = _reason(error)
    raise FetchError(_why_lost(place, version, reason))


# --- what may go wrong -------------------------------------------------------------------------------------


def _refuse_other(what: Download, answer: http.client.HTTPResponse) -> None:
    if answer.headers.get_content_type() in {"text/html", "application/xhtml+xml"}:
        raise FetchError(f"{what.name}: {what.host} sent a web page in place of {what.file_name}; {BY_HAND}")
    if answer.status not in {http.HTTPStatus.OK, http.HTTPStatus.PARTIAL_CONTENT}:
        raise FetchError(f"{what.name}: {what.host} sent no file ({answer.status} {answer.reason}); {BY_HAND}")


def _refuse_foreign(place: _Place) -> None:
    """Zips and workbooks (which are zips) must be whole; anything else is taken as it comes."""
    what = place.what
    if what.file_name.endswith((".zip", ".xlsx")) and not zipfile.is_zipfile(place.part):
        size = _megabytes(place.part.stat().st_size)
        place.forget_part()
        raise FetchError(
            f"{what.name}: {what.host} sent {size} that are no whole zip in place of {what.file_name}; {BY_HAND}"
        )


@contextmanager
def _disk(place: _Place) -> Iterator[None]:
    """Say plainly what the disk refuses. Everything of the network has become a `FetchError` before."""
    try:
        yield
    except OSError as error:
        reason = "the disk is full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else _reason(error)
        raise FetchError(f"{place.what.name}: cannot write into {place.folder}: {reason}; {_goes_on(place)}") from None


def _why_refused(place: _Place, refusal: urllib.error.HTTPError) -> str:
    what, code = place.what, refusal.code
    if code in {http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE}:
        return f"{what.name}: no file at {what.url} ({code}); the publisher may have moved it: {BY_HAND}"
    if code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        place.forget_part()
        return f"{what.name}: what was kept does not fit the file of {what.host} ({code}); try again, it starts anew"
    if code >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"{what.name}: {what.host} is in trouble ({code} {refusal.reason}); try again later, {_goes_on(place)}"
    return f"{what.name}: {what.host} refuses {what.url} ({code} {refusal.reason}); {BY_HAND}"


def _why_unreachable(what: Download, present: Downloaded | None, error: Exception, timeout_s: float) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        reason = f"its certificate is not trusted here: {cause.verify_message}"
    elif isinstance(cause, TimeoutError):
        reason = f"no answer within {timeout_s:g} s"
    else:
        reason = _reason(cause)
    here = f"; the file of {present.fetched_on} is still at {present.path}" if present else ""
    return (
        f"{what.name}: cannot reach {what.host} ({reason}); if you are offline, download {what.url} in a browser "
        f"elsewhere and build from the file with `{BUILD_COMMAND}`{here}"
    )


def _why_lost(place: _Place, version: _Version, reason: str) -> str:
    of_total = f" of {_megabytes(version.bytes)}" if version.bytes else ""
    return f"{place.what.name}: lost {place.what.host} half way ({reason}); {_goes_on(place, of_total)}"


def _goes_on(place: _Place, of_total: str = "") -> str:
    """What is kept, and what the same command will do with it."""
    if place.kept() is None:
        return "nothing could be kept, the same command starts again"
    return f"{_megabytes(place.part.stat().st_size)}{of_total} are kept, the same command goes on from there"


def _reason(error: object) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
