from collections.abc import Callable, Sequence

import pytest

Line = tuple[str, int, int]
"""Text, size in points, distance of its foot from the bottom edge."""


@pytest.fixture
def write_pdf() -> Callable[..., bytes]:
    return _write_pdf


def _write_pdf(pages: Sequence[Sequence[Line]], title: str = "") -> bytes:
    """A PDF of Latin-1 text in Helvetica, as plain bytes."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    resources = "/Resources << /Font << /F 3 0 R >> >>"
    for number, lines in enumerate(pages):
        text = "\n".join(f"BT /F {size} Tf 72 {bottom} Td ({_escape(line)}) Tj ET" for line, size, bottom in lines)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R {resources} >>",
            f"<< /Length {len(text.encode('cp1252'))} >>\nstream\n{text}\nendstream",
        ]
    objects.append(f"<< /Title ({_escape(title)}) >>")
    body, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
