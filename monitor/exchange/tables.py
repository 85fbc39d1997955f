"""Sources for other programs: JSON, and CSV for spreadsheets.

Does not do: OPML (`opml`), reading what is written here.
"""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import TYPE_CHECKING

from monitor.model import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.model import Selector, Source

COLUMNS = (
    "id", "name", "publisher", "jurisdiction", "kind", "urls", "topics", "pack", "enabled", "render", "every", "note",
    "checked",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may begin to reckon with (OWASP, "CSV injection")."""


def source_json(source: Source) -> dict[str, object]:
    """Every field; `hold` in seconds, `checked` as ISO date, a Range with the two ends it has."""
    return asdict(source) | {
        "select": write_selectors(source.select),
        "remove": write_selectors(source.remove),
        "hold": None if source.hold is None else int(source.hold.total_seconds()),
        "checked": None if source.checked is None else source.checked.isoformat(),
    }


def write_selectors(selectors: Sequence[Selector]) -> list[str | dict[str, str]]:
    """As `sources.yaml` has them."""
    return [
        {key: end for key, end in asdict(each).items() if end} if isinstance(each, Range) else each
        for each in selectors
    ]


def write_csv(sources: Iterable[Source]) -> str:
    """One row a Source below a row of names; several values of one cell apart by a space, true and false in small.

    RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe.
    """
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    rows.writerows([_write_cell(getattr(source, column)) for column in COLUMNS] for source in sources)
    return written.getvalue()


def _write_cell(value: object) -> str:
    text = " ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)
    text = text.lower() if isinstance(value, bool) else text
    return f"'{text}" if text.startswith(_FORMULA) else text
