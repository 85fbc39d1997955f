"""PDF written object by object, with what a test is about and nothing else: no library stands between.

Places are in points from the lower left corner of an A4 page. Fonts: F Helvetica, B its bold, C Courier, in which every
letter is 0.6 times as wide as the type is high.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

Element = tuple[str, list]
"""An element of a tagged PDF: its type, and within it elements or (page, number) of marked content."""


@dataclass
class Sheet:
    """One page: what is drawn on it, and further entries of its dictionary."""

    drawn: list[str] = field(default_factory=list)
    entries: str = ""

    def text(self, x: float, y: float, words: str, *, size: float = 10, font: str = "F", turn: str = "1 0 0 1") -> None:
        self.drawn.append(f"BT /{font} {size} Tf {turn} {x} {y} Tm ({escape(words)}) Tj ET")

    def lines(self, x: float, y: float, *texts: str, size: float = 10, gap: float = 12, font: str = "F") -> None:
        for number, words in enumerate(texts):
            self.text(x, y - gap * number, words, size=size, font=font)

    def rule(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self.drawn.append(f"{x} {y} m {to_x} {to_y} l S")

    def grid(self, columns: Sequence[float], rows: Sequence[float]) -> None:
        for x in columns:
            self.rule(x, rows[0], x, rows[-1])
        for y in rows:
            self.rule(columns[0], y, columns[-1], y)

    def picture(self) -> None:
        self.drawn.append("q 500 0 0 700 40 40 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q")

    def mark(self, number: int) -> None:
        """Make what was drawn last the marked content of that number."""
        self.drawn[-1] = f"/Span << /MCID {number} >> BDC {self.drawn[-1]} EMC"


def write(
    sheets: Sequence[Sheet],
    *,
    outline: Sequence[tuple[str, int]] = (),
    tags: Element | None = None,
    fields: Sequence[tuple[str, float, float]] = (),
    encoding: str = "/WinAnsiEncoding",
) -> bytes:
    """A PDF. `outline` has titles, each with the number of its page; `fields` values, each with its place on page 0."""
    objects = ["", ""]
    fonts = []
    for name, base in {"F": "Helvetica", "B": "Helvetica-Bold", "C": "Courier"}.items():
        objects.append(f"<< /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding {encoding} >>")
        fonts.append(f"/{name} {len(objects)} 0 R")
    first = len(objects) + 1
    kids = [f"{first + 2 * number} 0 R" for number in range(len(sheets))]
    widgets = [f"{first + 2 * len(sheets) + number} 0 R" for number in range(len(fields))]
    for number, sheet in enumerate(sheets):
        drawn = "\n".join(sheet.drawn)
        annotations = f"/Annots [{' '.join(widgets)}]" if number == 0 else ""
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first + 2 * number + 1} 0 R "
            f"/Resources << /Font << {' '.join(fonts)} >> >> /StructParents {number} {annotations} {sheet.entries} >>"
        )
        objects += [page, f"<< /Length {len(drawn.encode('cp1252'))} >>\nstream\n{drawn}\nendstream"]
    for value, x, y in fields:
        place = f"/Rect [{x} {y} {x + 200} {y + 12}]"
        objects.append(f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /V ({escape(value)}) {place} >>")
    catalog = f"/AcroForm << /Fields [{' '.join(widgets)}] >> " if fields else ""
    catalog += _add_outline(objects, outline, kids) if outline else ""
    catalog += _add_tags(objects, tags, len(sheets), kids) if tags else ""
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _pack(objects)


def _add_outline(objects: list[str], outline: Sequence[tuple[str, int]], kids: Sequence[str]) -> str:
    root = len(objects) + 1
    objects.append(f"<< /Type /Outlines /First {root + 1} 0 R /Last {root + len(outline)} 0 R /Count {len(outline)} >>")
    for number, (title, page) in enumerate(outline, 1):
        after = f"/Next {root + number + 1} 0 R" if number < len(outline) else ""
        objects.append(f"<< /Title ({escape(title)}) /Parent {root} 0 R /Dest [{kids[page]} /Fit] {after} >>")
    return f"/Outlines {root} 0 R "


def _add_tags(objects: list[str], tags: Element, pages: int, kids: Sequence[str]) -> str:
    root = len(objects) + 1
    objects.append("")
    owners: list[dict[int, str]] = [{} for _ in range(pages)]
    top = _add_element(objects, tags, root, owners, kids)
    nums = " ".join(
        f"{page} [{' '.join(each.get(mark, 'null') for mark in range(max(each, default=-1) + 1))}]"
        for page, each in enumerate(owners)
    )
    objects[root - 1] = f"<< /Type /StructTreeRoot /K {top} /ParentTree << /Nums [{nums}] >> >>"
    return f"/StructTreeRoot {root} 0 R /MarkInfo << /Marked true >> "


def _add_element(
    objects: list[str], element: Element, parent: int, owners: list[dict[int, str]], kids: Sequence[str]
) -> str:
    name, children = element
    objects.append("")
    number = len(objects)
    held = []
    for child in children:
        if isinstance(child[0], str):
            held.append(_add_element(objects, child, number, owners, kids))
        else:
            page, mark = child
            owners[page][mark] = f"{number} 0 R"
            held.append(f"<< /Type /MCR /Pg {kids[page]} /MCID {mark} >>")
    objects[number - 1] = f"<< /Type /StructElem /S /{name} /P {parent} 0 R /K [{' '.join(held)}] >>"
    return f"{number} 0 R"


def _pack(objects: Sequence[str]) -> bytes:
    body, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
