"""regulations.gov documents and dockets → Entries, known by their id (FTC-2026-0011-0001).

    dates        `commentEndDate` is the last second of a day in Washington, written in UTC: 2026-05-02T03:59:59Z is
                 1 May. `effectiveDate` stands in the answer for one document only.
    withdrawal   `withdrawn` is set on the document itself; it then has no dates.

Does not do: `openForComment`, which ticks over by itself; the days of aggregations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.envelope import part, rows
from monitor.model import DateKind, DateMention, Entry
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.envelope import Answer
    from monitor.model import Block

NAME = "regulations.gov"
ADVICE = "Say from when on, such as filter[lastModifiedDate][ge]={since}%2000:00:00."

_FIELDS = {DateKind.COMMENTS_CLOSE: "commentEndDate", DateKind.EFFECTIVE: "effectiveDate"}
_FACTS = (("agencyId", "Agency"), ("docketId", "Docket"), ("frDocNum", "Federal Register document"), ("rin", "RIN"))
_UNASSIGNED = "not assigned"


def read_regulations_gov(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The documents or dockets of all answers, in their order. Raises ExtractionError."""
    found: dict[str, Entry] = {}
    for answer in answers:
        if "data" not in answer.content:
            raise reading.not_of(NAME, answer, "`data`")
        one = part(answer.content, "data")
        for row in [one] if one else rows(answer.content, "data"):
            if id_ := reading.text(row.get("id")):
                found[id_] = _read_row(id_, reading.text(row.get("type")), part(row, "attributes"))
    total = part(answers[0].content, "meta").get("totalElements")
    reading.check_total(total, len(found), NAME, ADVICE)
    return tuple(found.values())


def _read_row(id_: str, type_: str, raw: Mapping[str, Any]) -> Entry:
    title = reading.text(raw.get("title")) or id_
    withdrawal = _write_withdrawal(raw) if raw.get("withdrawn") is True else ""
    dates = () if withdrawal else tuple(_iter_dates(raw))
    posted = reading.parse_local_day(raw.get("postedDate"), reading.WASHINGTON)
    return Entry(
        identity=id_,
        url=f"https://www.regulations.gov/{'docket' if type_ == 'dockets' else 'document'}/{id_}",
        title=title,
        published_at=reading.begin_day(posted, reading.WASHINGTON),
        blocks=reading.head_blocks(title, _iter_blocks(raw, withdrawal, dates)),
        dates=dates,
        withdrawal=withdrawal,
    )


def _write_withdrawal(raw: Mapping[str, Any]) -> str:
    reason = reading.text(raw.get("reasonWithdrawn"))
    return f"Withdrawn ({NAME}): {reason}" if reason else f"Withdrawn ({NAME})"


def _iter_dates(raw: Mapping[str, Any]) -> Iterator[DateMention]:
    for kind, field in _FIELDS.items():
        if day := reading.parse_local_day(raw.get(field), reading.WASHINGTON):
            yield reading.state_date(kind, day, NAME, field)


def _iter_blocks(raw: Mapping[str, Any], withdrawal: str, dates: Sequence[DateMention]) -> Iterator[Block]:
    yield reading.item(withdrawal)
    kinds = [reading.text(raw.get(key)) for key in ("documentType", "docketType", "subtype", "subType")]
    yield reading.item(": ".join(filter(None, kinds)))
    yield reading.paragraph(raw.get("docAbstract") or raw.get("dkAbstract"))
    yield from reading.iter_sentences(dates)
    facts = [(name, reading.text(raw.get(key))) for key, name in _FACTS]
    told = [f"{name} {value}" for name, value in facts if value and value.lower() != _UNASSIGNED]
    yield reading.item("; ".join([*told, *filter(None, [reading.text(raw.get("cfrPart"))])]))
