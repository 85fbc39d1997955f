"""The demo's publisher: a real HTTP server on loopback that answers as an invented platform and regulator would.

It serves a folder of simulated days, `day-1`, `day-2`, …, and holds these rules:

    day-N/NAME             what NAME says from day N on, until a later day has a NAME of its own
    day-N/NAME.incident    what NAME answers on day N alone: a status code on the first line, then HTML
    NAME.txt               is also served as NAME.pdf, set in Helvetica with a running header and page numbers
    {{today}}              in a text becomes the date of the simulated day
    {{generated}}          becomes a counter, so that no two answers have the same bytes

Every answer but an incident's carries an ETag and honours If-None-Match. Unknown names are 404.

Does not do: anything that a publisher on the internet could not, for the monitor sees it through HTTP alone; printing.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path, PurePosixPath
from threading import Thread
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_DATE = date(2026, 11, 2)
"""The date of day 1, a Monday; the texts of the demo are written around it."""

_HTML = "text/html; charset=utf-8"
_MEDIA_TYPES = {
    ".html": _HTML,
    ".atom": "application/atom+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
}


def date_of(day: int) -> date:
    """The date of a simulated day, counted from 1."""
    return FIRST_DATE + timedelta(days=day - 1)


class DemoPublisher:
    """Serves `site`, the folder with `day-1` in it, on a free port of 127.0.0.1 for as long as the context lasts.

    Set `day` to turn the calendar.
    """

    def __init__(self, site: Path) -> None:
        self.site = site
        self.day = 1
        self.generated = count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, publisher: DemoPublisher, *args: Any) -> None:
        self.publisher = publisher
        super().__init__(*args)

    def do_GET(self) -> None:
        name = unquote(urlsplit(self.path).path).lstrip("/")
        answer = answer_for(self.publisher.site, self.publisher.day, name, next(self.publisher.generated))
        if answer.etag and self.headers["If-None-Match"] == answer.etag:
            answer = Answer(HTTPStatus.NOT_MODIFIED, answer.media_type, b"", answer.etag)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.etag:
            self.send_header("ETag", answer.etag)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """The terminal belongs to the demo."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the publisher sends; `etag` is None where it offers no validator."""

    status: int
    media_type: str
    body: bytes
    etag: str | None = None


_NOT_FOUND = Answer(HTTPStatus.NOT_FOUND, _HTML, b"<h1>Not found</h1>")


def answer_for(site: Path, day: int, name: str, generated: int) -> Answer:
    """What `name` answers on `day`; `generated` is what {{generated}} becomes."""
    wanted = PurePosixPath(name)
    if ".." in wanted.parts or wanted.suffix not in _MEDIA_TYPES:
        return _NOT_FOUND
    if incident := _find_file(site, range(day, day + 1), f"{name}.incident"):
        status, _, html = incident.read_text(encoding="utf-8").partition("\n")
        return Answer(int(status), _HTML, html.encode())
    stored = wanted.with_suffix(".txt") if wanted.suffix == ".pdf" else wanted
    file = _find_file(site, range(day, 0, -1), str(stored))
    if file is None:
        return _NOT_FOUND
    text = _fill(file.read_text(encoding="utf-8"), day, generated)
    body = write_pdf(text) if wanted.suffix == ".pdf" else text.encode()
    return Answer(HTTPStatus.OK, _MEDIA_TYPES[wanted.suffix], body, f'"{sha256(body).hexdigest()[:16]}"')


def _fill(text: str, day: int, generated: int) -> str:
    today = date_of(day)
    return text.replace("{{today}}", f"{today.day} {today:%B %Y}").replace("{{generated}}", str(generated))


def _find_file(site: Path, days: range, name: str) -> Path | None:
    candidates = (site / f"day-{day}" / name for day in days)
    return next((each for each in candidates if each.is_file()), None)


# A plain PDF writer, so that the repository holds the text and no binary. Lengths in points, 72 to the inch; the object
# structure is that of ISO 32000-1, 7.5.

_HEIGHT, _MARGIN = 842, 72
_SHEET = f"[0 0 595 {_HEIGHT}]"
_LEADING = 16
_LINES_TO_A_SHEET = 42
_FONTS = "<< /Font << /F1 3 0 R /F2 4 0 R >> >>"


@dataclass(frozen=True, slots=True)
class _Style:
    font: str
    size: float
    letters: int
    """To a line of 451 points; a letter of Helvetica is half as wide as high, on average."""


_TEXT = _Style("F1", 10.5, 84)
_HEADING = _Style("F2", 13, 64)
_RUNNING = _Style("F1", 8, 110)


def write_pdf(text: str) -> bytes:
    """`text` as an A4 PDF: its first line is the title and running header, `# ` starts a heading, the rest is wrapped.

    Letters outside Windows-1252 become question marks. The same text gives the same bytes.
    """
    title = text.partition("\n")[0].removeprefix("# ")
    lines = list(_iter_lines(text))
    sheets = [lines[start : start + _LINES_TO_A_SHEET] for start in range(0, len(lines), _LINES_TO_A_SHEET)] or [[]]
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(len(sheets)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} /MediaBox {_SHEET} /Resources {_FONTS} >>",
        font.format("Helvetica"),
        font.format("Helvetica-Bold"),
    ]
    for index, sheet in enumerate(sheets):
        drawing = "\n".join(_iter_drawing(title, sheet, index + 1, len(sheets)))
        objects.append(f"<< /Type /Page /Parent 2 0 R /Contents {6 + 2 * index} 0 R >>")
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
    return _assemble(objects)


def _iter_lines(text: str) -> Iterator[tuple[_Style, str]]:
    for paragraph in text.splitlines():
        style = _HEADING if paragraph.startswith("# ") else _TEXT
        for line in textwrap.wrap(paragraph.removeprefix("# "), style.letters) or [""]:
            yield style, line


def _iter_drawing(title: str, sheet: list[tuple[_Style, str]], number: int, total: int) -> Iterator[str]:
    yield _show(_RUNNING, _HEIGHT - 45, title)
    for index, (style, line) in enumerate(sheet, start=1):
        yield _show(style, _HEIGHT - _MARGIN - _LEADING * index, line)
    yield _show(_RUNNING, 45, f"Page {number} of {total}")


def _show(style: _Style, y: int, text: str) -> str:
    # Latin-1 carries the bytes of Windows-1252 one to one to the end, where the whole file is encoded.
    letters = text.encode("cp1252", errors="replace").decode("latin-1")
    escaped = letters.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{style.font} {style.size} Tf {_MARGIN} {y} Td ({escaped}) Tj ET"


def _assemble(objects: list[str]) -> bytes:
    """The file around its numbered objects: header, bodies, the table of their offsets, trailer."""
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    size, start = len(objects) + 1, len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n" + "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")
