"""Bodies that are there to crash a parser, fill memory or never end; small ones for tests, large ones for a benchmark.

Does not do: saying what becomes of them (`nasty.cases`).
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from base64 import b64decode

import zstandard

MEGABYTE = 1024 * 1024
RULES = "Members must be at least 13 years old. Whoever is younger may not open an account, and none is kept for them."
PAGE = f"<html lang=en><title>Rules</title><main><h1>Rules</h1><p>{RULES}</p></main></html>".encode()
SCRIPT = "<script>alert(1)</script>"


def page(inside: str) -> bytes:
    return f"<html lang=en><title>Rules</title><main><h1>Rules</h1>{inside}</main></html>".encode()


def gzipped(size: int) -> bytes:
    """Zeros that compress a thousand to one."""
    part = min(size, 16 * MEGABYTE)
    return gzip.compress(bytes(part), compresslevel=1) * (size // part)


def twice_gzipped(size: int) -> bytes:
    return gzip.compress(gzipped(size))


def layered(size: int, rounds: int) -> bytes:
    """A page and zeros, compressed so many times over."""
    packed = PAGE + bytes(size)
    for _ in range(rounds):
        packed = gzip.compress(packed, compresslevel=1)
    return packed


def deflated(size: int) -> bytes:
    packer = zlib.compressobj(1)
    part = bytes(MEGABYTE)
    return b"".join([*(packer.compress(part) for _ in range(size // MEGABYTE)), packer.flush()])


BROTLI = b64decode(
    "y///P/gnAOKxQCD3/o///3/wTwDEYRGA7v0f////4J8AiMMCAN37P/7//8E/ARCHBQC693/8//+DfwIgDgsAdO//+P//B/8EQBwWAOje//H//w/+CYA4"
    "LADQvf/j//8f/BMAcVgAoHv/Nw=="
)
"""64 MB of zeros."""


def zstandardised(size: int) -> bytes:
    return zstandard.compress(bytes(size))


def rss(items: str, prologue: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{prologue}<rss version="2.0"><channel><title>News</title>'
        f"<link>https://news.example/</link>{items}</channel></rss>"
    ).encode()


def entry(number: int, title: str = "New rules", text: str = RULES) -> str:
    return f"<item><guid>n{number}</guid><title>{title}</title><description>{text}</description></item>"


def laughs(levels: int) -> str:
    """A document type whose last entity stands for ten to the power of its levels laughs."""
    entities = ['<!ENTITY e0 "laugh">']
    entities += [f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, levels + 1)]
    return f"<!DOCTYPE rss [{''.join(entities)}]>"


def blow_up(size: int) -> str:
    """One long entity, for a text that names it as often as it is long."""
    return f'<!DOCTYPE rss [<!ENTITY long "{"x" * size}">]>'


def outside(url: str) -> str:
    """An entity, a parameter entity and a document type that live elsewhere."""
    return (
        f'<!DOCTYPE rss SYSTEM "{url}dtd" [<!ENTITY outside SYSTEM "{url}"><!ENTITY % more SYSTEM "{url}more">%more;]>'
    )


def pdf(*objects: str | bytes) -> bytes:
    """Numbered objects, the first of which is the catalogue. No table of them: a reader has to look for itself."""
    parts = [b"%PDF-1.7\n"]
    for number, each in enumerate(objects, 1):
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, each.encode() if isinstance(each, str) else each))
    return b"".join([*parts, b"trailer << /Root 1 0 R >>\n%%EOF"])


def stream(data: bytes, entries: str = "") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries.encode(), data)


BOX = "/MediaBox [0 0 595 842]"
FONT = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"


def pdf_of_pages(count: int) -> bytes:
    """One page, listed so many times."""
    kids = "3 0 R " * count
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {FONT} >> >>",
        stream(b"BT /F 10 Tf 50 700 Td (Members must be at least 13 years old.) Tj ET"),
    )


PDF_IN_CIRCLES = pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>")


def pdf_that_draws(*contents: bytes, filters: str = "") -> bytes:
    """A page that draws the first; each may draw the next by the name /X and itself by the name /I."""
    first = 4
    objects: list[str | bytes] = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << {FONT} /XObject << /X 5 0 R >> >> {BOX} >>",
        stream(contents[0], filters),
    ]
    for number, content in enumerate(contents[1:], first + 1):
        inside = f"/XObject << /X {number + 1} 0 R /I {number} 0 R >>"
        entries = f"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << {FONT} {inside} >>"
        objects.append(stream(content, entries))
    return pdf(*objects)


def pdf_that_inflates(size: int, rounds: int = 1) -> bytes:
    """A page whose drawing is spaces without end, compressed so many times over."""
    data = b" " * size
    for _ in range(rounds):
        data = zlib.compress(data, 1)
    return pdf_that_draws(data, filters=f"/Filter [{'/FlateDecode ' * rounds}]")


def pdf_that_doubles(levels: int) -> bytes:
    """Each drawing draws the next one twice: two to the power of the levels in the end."""
    return pdf_that_draws(*[b"/X Do /X Do"] * levels, b"BT /F 10 Tf 50 700 Td (Be kind.) Tj ET")


def docx(inside: str, prologue: str = "", unpacks_to: int | None = None) -> bytes:
    """A DOCX with this mark-up as its text. `unpacks_to`: what the archive says of its size, where that is a lie."""
    office = "http://schemas.openxmlformats.org"
    space = f'xmlns:w="{office}/wordprocessingml/2006/main"'
    text = f"<?xml version='1.0'?>{prologue}<w:document {space}><w:body>{inside}</w:body></w:document>"
    relation = f'Id="a" Type="{office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"'
    relations = f"{office}/package/2006/relationships"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{office}/package/2006/content-types"/>')
        archive.writestr(
            "_rels/.rels", f'<Relationships xmlns="{relations}"><Relationship {relation}/></Relationships>'
        )
        archive.writestr("word/document.xml", text)
    size = len(text.encode())
    return packed.getvalue().replace(size.to_bytes(4, "little"), (unpacks_to or size).to_bytes(4, "little"))


def words(*paragraphs: str) -> str:
    """As the paragraphs of a DOCX."""
    return "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)


def docx_bomb(size: int, unpacks_to: int | None = None) -> bytes:
    return docx(" " * size, unpacks_to=unpacks_to)
