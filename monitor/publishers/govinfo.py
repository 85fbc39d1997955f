"""GovInfo packages and granules → Entries, known by their id (FR-2026-05-01, BILLS-119s1748is, 2026-04001).

`lastModified` is when GovInfo touched its files and no date of the publication: nobody is told of it.

Does not do: the texts of packages and granules.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from monitor.envelope import rows
from monitor.model import Entry
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.envelope import Answer

NAME = "GovInfo"
ADVICE = "Give a later day, such as {since:7d}, or one collection."

_PACKAGE = re.compile(r"/packages/([^/]+)/granules/")


def read_govinfo(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The packages or granules of all pages, in their order, or the one asked for. Raises ExtractionError."""
    found: dict[str, Entry] = {}
    for answer in answers:
        content = answer.content
        if not content.keys() & {"packages", "granules", "packageId"}:
            raise reading.not_of(NAME, answer, "`packages` and `granules`")
        one = [content] if "packageId" in content else []
        for row in (*rows(content, "packages"), *rows(content, "granules"), *one):
            if id_ := reading.text(row.get("granuleId")) or reading.text(row.get("packageId")):
                found[id_] = _read_row(id_, row)
    reading.check_total(answers[0].content.get("count"), len(found), NAME, ADVICE)
    return tuple(found.values())


def _read_row(id_: str, row: Mapping[str, Any]) -> Entry:
    title = reading.text(row.get("title")) or id_
    issued = reading.parse_day(row.get("dateIssued"))
    kinds = [reading.text(row.get(key)) for key in ("docClass", "granuleClass")]
    facts = [id_, *kinds, f"issued on {reading.write_day(issued)}" if issued else ""]
    return Entry(
        identity=id_,
        url=f"https://www.govinfo.gov/app/details/{_place(id_, row)}",
        title=title,
        published_at=reading.begin_day(issued, reading.WASHINGTON),
        blocks=reading.head_blocks(title, [reading.item("; ".join(filter(None, facts)))]),
    )


def _place(id_: str, row: Mapping[str, Any]) -> str:
    """A granule stands below its package, which a list names in the link of the row only."""
    linked = _PACKAGE.search(reading.text(row.get("granuleLink")))
    package = linked[1] if linked else reading.text(row.get("packageId"))
    return f"{package}/{id_}" if package and package != id_ else id_
