"""Downloads against a real server on this machine that does all that servers do."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from nahtstelle.editions import fetch
from nahtstelle.editions.fetch import OFFICIAL, Download, download, official
from nahtstelle.errors import FetchError


def zip_of(seed: int, size: int = 900_000) -> bytes:
    """A zip of this many random bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("DE_VG250.gpkg", random.Random(seed).randbytes(size))
    return target.getvalue()


@dataclass
class Publisher:
    """What the server holds and how it behaves; ``asked`` are the headers of the requests it got."""

    content: bytes = field(default_factory=lambda: zip_of(1))
    etag: str | None = '"one"'
    last_modified: str | None = "Tue, 19 Aug 2025 11:50:43 GMT"
    content_type: str = "application/zip"
    status: int = 200
    ranges: bool = True
    says_length: bool = True
    cut_after: int | None = None
    silent_after: int | None = None
    wrong_piece: bool = False
    redirect: str | None = None
    pause_s: float = 0.0
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    state = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            state.asked.append({key.lower(): value for key, value in self.headers.items()})
            if state.redirect:
                self.send_response(302)
                self.send_header("Location", state.redirect)
                self.end_headers()
                return
            if state.status != 200:
                self.send_error(state.status)
                return
            known = (self.headers["If-None-Match"], self.headers["If-Modified-Since"])
            if (state.etag and known[0] == state.etag) or (state.last_modified and known[1] == state.last_modified):
                self.send_response(304)
                self.end_headers()
                return
            self.send_file(self.start())

        def start(self) -> int:
            wanted = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
            same = self.headers["If-Range"] in {state.etag, state.last_modified} - {None}
            return int(wanted[1]) if wanted and same and state.ranges else 0

        def send_file(self, start: int) -> None:
            size = len(state.content)
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start - state.wrong_piece}-{size - 1}/{size}")
            if state.says_length:
                self.send_header("Content-Length", str(size - start))
            if state.etag:
                self.send_header("ETag", state.etag)
            if state.last_modified:
                self.send_header("Last-Modified", state.last_modified)
            self.send_header("Content-Type", state.content_type)
            self.end_headers()
            self.send_body(start)

        def send_body(self, start: int) -> None:
            for position in range(start, len(state.content), 10_000):
                if state.cut_after is not None and position >= state.cut_after:
                    return
                if state.silent_after is not None and position >= state.silent_after:
                    time.sleep(1.0)
                    return
                time.sleep(state.pause_s)
                try:
                    self.wfile.write(state.content[position : position + 10_000])
                except OSError:
                    return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}/vg250-ew.zip"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def file_of(publisher: Publisher, url: str = "") -> Download:
    """The record of the publisher's file."""
    return replace(OFFICIAL["vg250-ew"], url=url or publisher.url, file_name="vg250-ew.zip")


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def failure(what: Download, folder: Path, *, timeout_s: float = 5.0) -> str:
    """The one line a download ends with."""
    with pytest.raises(FetchError) as caught:
        download(what, folder, timeout_s=timeout_s)
    assert "\n" not in caught.value.message
    assert caught.value.message.startswith(what.name)
    return caught.value.message


# --- the table ---------------------------------------------------------------------------------------------


def test_official_files_say_all_they_must() -> None:
    assert set(OFFICIAL) >= {"vg250-ew", "vg250", "vg5000", "gemeindeverzeichnis"}
    for name, entry in OFFICIAL.items():
        assert entry.name == name
        assert urlsplit(entry.url).scheme == "https"
        assert entry.licence_url.startswith("https://")
        assert "{year}" in entry.attribution
        assert entry.file_name == Path(urlsplit(entry.url).path).name


def test_official_names_what_there_is() -> None:
    assert official("vg5000").name == "vg5000"
    with pytest.raises(FetchError, match=r"'vg251': expected one of vg250-ew, vg250, vg5000"):
        official("vg251")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x.zip", "data:,x", "x.zip"])
def test_other_addresses_are_refused(tmp_path: Path, url: str) -> None:
    what = replace(OFFICIAL["vg250"], url=url)
    assert "expected http:// or https://" in failure(what, tmp_path / "in")
    assert not (tmp_path / "in").exists()


# --- arriving ----------------------------------------------------------------------------------------------


def test_arrives_with_a_record(publisher: Publisher, tmp_path: Path) -> None:
    steps: list[tuple[int, int | None]] = []
    done = download(file_of(publisher), tmp_path / "deep" / "in", on_progress=lambda *step: steps.append(step))
    size = len(publisher.content)
    assert done.path.read_bytes() == publisher.content
    assert (done.bytes, done.sha256) == (size, hashlib.sha256(publisher.content).hexdigest())
    assert (done.etag, done.last_modified, done.unchanged) == (publisher.etag, publisher.last_modified, False)
    assert f"© BKG ({done.fetched_on[:4]}) dl-de/by-2-0" in done.attribution
    assert steps[0] == (0, size) and steps[-1] == (size, size) and steps == sorted(steps)
    assert files_in(done.path.parent) == {"vg250-ew.zip", "vg250-ew.zip.json"}
    record = json.loads((done.path.parent / "vg250-ew.zip.json").read_text(encoding="utf-8"))
    assert record["url"] == publisher.url
    assert record["sha256"] == done.sha256
    assert record["licence"] == "dl-de/by-2-0"
    assert record["fetched_at"] == done.fetched_at and done.fetched_at.endswith("+00:00")


def test_a_file_that_is_here_is_confirmed(publisher: Publisher, tmp_path: Path) -> None:
    first = download(file_of(publisher), tmp_path)
    again = download(file_of(publisher), tmp_path)
    assert again == replace(first, unchanged=True)
    assert publisher.asked[-1]["if-none-match"] == publisher.etag
    publisher.etag = None
    assert not download(file_of(publisher), tmp_path).unchanged
    assert download(file_of(publisher), tmp_path).unchanged
    assert publisher.asked[-1]["if-modified-since"] == publisher.last_modified


def test_a_new_version_replaces_the_file(publisher: Publisher, tmp_path: Path) -> None:
    download(file_of(publisher), tmp_path)
    publisher.content, publisher.etag, publisher.last_modified = zip_of(2), '"two"', "Wed, 20 Aug 2025 11:50:43 GMT"
    done = download(file_of(publisher), tmp_path)
    assert done.path.read_bytes() == publisher.content
    assert not done.unchanged


@pytest.mark.parametrize("damage", ["file", "record", "no record"])
def test_a_file_that_does_not_match_its_record_comes_again(publisher: Publisher, tmp_path: Path, damage: str) -> None:
    done = download(file_of(publisher), tmp_path)
    record = tmp_path / "vg250-ew.zip.json"
    if damage == "file":
        done.path.write_bytes(publisher.content[:-1] + b"x")
    elif damage == "record":
        record.write_text("{}")
    else:
        record.unlink()
    again = download(file_of(publisher), tmp_path)
    assert not again.unchanged
    assert again.path.read_bytes() == publisher.content


def test_without_length_the_end_is_the_end(publisher: Publisher, tmp_path: Path) -> None:
    publisher.says_length = False
    assert download(file_of(publisher), tmp_path).path.read_bytes() == publisher.content


def test_follows_a_redirect_but_not_away_from_the_web(publisher: Publisher, tmp_path: Path) -> None:
    publisher.redirect = "ftp://127.0.0.1/x.zip"
    assert "127.0.0.1" in failure(file_of(publisher), tmp_path)
    publisher.redirect = "file:///etc/passwd"
    assert "127.0.0.1" in failure(file_of(publisher), tmp_path)
    assert not (tmp_path / "vg250-ew.zip").exists()


# --- going on ----------------------------------------------------------------------------------------------


def interrupted(publisher: Publisher, folder: Path) -> str:
    """A download that lost its server after 400 kB."""
    publisher.cut_after = 400_000
    message = failure(file_of(publisher), folder)
    publisher.cut_after = None
    return message


def test_goes_on_after_a_lost_connection(publisher: Publisher, tmp_path: Path) -> None:
    message = interrupted(publisher, tmp_path)
    assert "half way" in message
    assert "0.4 MB of 0.9 MB are kept, the same command goes on from there" in message
    assert files_in(tmp_path) == {"vg250-ew.zip.part", "vg250-ew.zip.part.json"}
    steps: list[int] = []
    done = download(file_of(publisher), tmp_path, on_progress=lambda at, _: steps.append(at))
    assert publisher.asked[-1]["range"] == "bytes=399999-"
    assert publisher.asked[-1]["if-range"] == publisher.etag
    assert steps[0] == 399_999
    assert done.path.read_bytes() == publisher.content
    assert files_in(tmp_path) == {"vg250-ew.zip", "vg250-ew.zip.json"}


def test_goes_on_by_date_where_there_is_no_strong_tag(publisher: Publisher, tmp_path: Path) -> None:
    publisher.etag = 'W/"one"'
    interrupted(publisher, tmp_path)
    assert download(file_of(publisher), tmp_path).path.read_bytes() == publisher.content
    assert publisher.asked[-1]["if-range"] == publisher.last_modified


def test_all_bytes_here_but_not_yet_named(publisher: Publisher, tmp_path: Path) -> None:
    interrupted(publisher, tmp_path)
    (tmp_path / "vg250-ew.zip.part").write_bytes(publisher.content)
    assert download(file_of(publisher), tmp_path).path.read_bytes() == publisher.content
    assert publisher.asked[-1]["range"] == f"bytes={len(publisher.content) - 1}-"


def test_starts_again_when_the_file_has_changed(publisher: Publisher, tmp_path: Path) -> None:
    interrupted(publisher, tmp_path)
    publisher.content, publisher.etag, publisher.last_modified = zip_of(2), '"two"', "Wed, 20 Aug 2025 11:50:43 GMT"
    assert download(file_of(publisher), tmp_path).path.read_bytes() == publisher.content


def test_starts_again_when_the_server_ignores_ranges(publisher: Publisher, tmp_path: Path) -> None:
    interrupted(publisher, tmp_path)
    publisher.ranges = False
    assert download(file_of(publisher), tmp_path).path.read_bytes() == publisher.content


def test_starts_again_when_nothing_tells_the_version(publisher: Publisher, tmp_path: Path) -> None:
    publisher.etag = publisher.last_modified = None
    assert "nothing could be kept, the same command starts again" in interrupted(publisher, tmp_path)
    assert download(file_of(publisher), tmp_path).path.read_bytes() == publisher.content
    assert "range" not in publisher.asked[-1]


def test_starts_again_for_another_address(publisher: Publisher, tmp_path: Path) -> None:
    interrupted(publisher, tmp_path)
    download(file_of(publisher, url=f"{publisher.url}?new"), tmp_path)
    assert "range" not in publisher.asked[-1]


def test_a_wrong_piece_is_not_glued_on(publisher: Publisher, tmp_path: Path) -> None:
    interrupted(publisher, tmp_path)
    publisher.wrong_piece = True
    assert "another piece" in failure(file_of(publisher), tmp_path)
    publisher.wrong_piece = False
    assert download(file_of(publisher), tmp_path).path.read_bytes() == publisher.content


def test_a_damaged_part_record_starts_again(publisher: Publisher, tmp_path: Path) -> None:
    interrupted(publisher, tmp_path)
    (tmp_path / "vg250-ew.zip.part.json").write_text('{"url": ')
    assert download(file_of(publisher), tmp_path).path.read_bytes() == publisher.content


def test_killed_half_way_then_goes_on(publisher: Publisher, tmp_path: Path) -> None:
    publisher.pause_s = 0.01
    code = (
        "import sys; from dataclasses import replace; from pathlib import Path\n"
        "from nahtstelle.editions.fetch import OFFICIAL, download\n"
        "what = replace(OFFICIAL['vg250-ew'], url=sys.argv[1], file_name='vg250-ew.zip')\n"
        "download(what, Path(sys.argv[2]))"
    )
    child = subprocess.Popen([sys.executable, "-c", code, publisher.url, str(tmp_path)])
    part = tmp_path / "vg250-ew.zip.part"
    deadline = time.monotonic() + 20
    while not (part.exists() and part.stat().st_size > 250_000) and time.monotonic() < deadline:
        time.sleep(0.005)
    assert "another download" in failure(file_of(publisher), tmp_path)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert not (tmp_path / "vg250-ew.zip").exists()
    size = part.stat().st_size
    assert 0 < size < len(publisher.content)
    publisher.pause_s = 0.0
    done = download(file_of(publisher), tmp_path)
    assert publisher.asked[-1]["range"] == f"bytes={size - 1}-"
    assert done.path.read_bytes() == publisher.content
    assert files_in(tmp_path) == {"vg250-ew.zip", "vg250-ew.zip.json"}


# --- failing -----------------------------------------------------------------------------------------------


def test_offline_says_what_to_do(publisher: Publisher, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = f"http://127.0.0.1:{free.getsockname()[1]}/vg250-ew.zip"
    message = failure(file_of(publisher, url=closed), tmp_path)
    assert "cannot reach 127.0.0.1" in message
    assert closed in message and "in a browser" in message and "nahtstelle editions build" in message
    assert files_in(tmp_path) == set()


def test_unknown_host_is_named(publisher: Publisher, tmp_path: Path) -> None:
    message = failure(file_of(publisher, url="http://nowhere.invalid/vg250-ew.zip"), tmp_path)
    assert "cannot reach nowhere.invalid" in message


def test_offline_with_a_file_here_says_so(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = download(file_of(publisher), tmp_path)

    def unplugged(*_: object, **__: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", unplugged)
    message = failure(file_of(publisher), tmp_path)
    assert "Network is unreachable" in message
    assert f"the file of {done.fetched_on} is still at {done.path}" in message
    assert done.path.read_bytes() == publisher.content


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (404, "no file at http"),
        (410, "may have moved it"),
        (403, "refuses http"),
        (500, "try again later"),
        (503, "503"),
    ],
)
def test_refusals(publisher: Publisher, tmp_path: Path, status: int, says: str) -> None:
    publisher.status = status
    message = failure(file_of(publisher), tmp_path)
    assert says in message and str(status) in message
    assert files_in(tmp_path) == set()


def test_trouble_at_the_server_keeps_what_there_is(publisher: Publisher, tmp_path: Path) -> None:
    interrupted(publisher, tmp_path)
    publisher.status = 503
    assert "try again later, 0.4 MB are kept" in failure(file_of(publisher), tmp_path)
    publisher.status = 416
    assert "starts anew" in failure(file_of(publisher), tmp_path)
    publisher.status = 200
    assert download(file_of(publisher), tmp_path).path.read_bytes() == publisher.content


def test_silence_half_way(publisher: Publisher, tmp_path: Path) -> None:
    publisher.silent_after = 300_000
    message = failure(file_of(publisher), tmp_path, timeout_s=0.2)
    assert "the server stopped sending" in message and "0.3 MB of 0.9 MB are kept" in message


def test_silence_from_the_start(publisher: Publisher, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/vg250-ew.zip"
        assert "no answer within 0.2 s" in failure(file_of(publisher, url=url), tmp_path, timeout_s=0.2)


def test_not_http_at_all(publisher: Publisher, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def mumble() -> None:
            connection, _ = other.accept()
            connection.recv(4096)
            connection.sendall(b"220 ready\r\n")
            connection.close()

        thread = threading.Thread(target=mumble, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{other.getsockname()[1]}/vg250-ew.zip"
        assert "cannot reach 127.0.0.1" in failure(file_of(publisher, url=url), tmp_path)
        thread.join()


def test_a_web_page_is_no_file(publisher: Publisher, tmp_path: Path) -> None:
    interrupted(publisher, tmp_path)
    content, publisher.content = publisher.content, b"<!DOCTYPE html><title>Wartung</title>"
    publisher.etag, publisher.content_type = None, "text/html; charset=utf-8"
    publisher.last_modified = None
    assert "sent a web page in place of vg250-ew.zip" in failure(file_of(publisher), tmp_path)
    publisher.content, publisher.etag, publisher.content_type = content, '"one"', "application/zip"
    publisher.last_modified = "Tue, 19 Aug 2025 11:50:43 GMT"
    download(file_of(publisher), tmp_path)
    assert publisher.asked[-1]["range"] == "bytes=399999-"


def test_a_page_called_zip_is_no_zip(publisher: Publisher, tmp_path: Path) -> None:
    publisher.content = b"<!DOCTYPE html><title>Wartung</title>"
    assert "no whole zip in place of vg250-ew.zip" in failure(file_of(publisher), tmp_path)
    assert files_in(tmp_path) == set()


def test_an_answer_without_a_file(publisher: Publisher, tmp_path: Path) -> None:
    publisher.etag = publisher.last_modified = None
    publisher.status = 204
    assert "127.0.0.1" in failure(file_of(publisher), tmp_path)
    assert files_in(tmp_path) == set()


def test_a_full_disk(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fetch.os, "fsync", full)
    assert "the disk is full" in failure(file_of(publisher), tmp_path)
    assert not (tmp_path / "vg250-ew.zip").exists()


def test_a_folder_that_cannot_be(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot write into" in failure(file_of(publisher), tmp_path / "file")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_fills_up_while_writing(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "vg250-ew.zip.part").symlink_to("/dev/full")
    assert "the disk is full" in failure(file_of(publisher), tmp_path)
