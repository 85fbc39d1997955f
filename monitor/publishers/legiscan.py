"""LegiScan bills → Entries, known by their bill id.

An error comes with status 200, as `{"status": "ERROR", "alert": {"message": …}}`. `change_hash` and `relevance` are for
programs. Calendar and history are told in the order of the interface, the oldest first.

Does not do: the texts of bills, votes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.envelope import part, rows
from monitor.errors import ExtractionError
from monitor.model import Entry, ProblemKind
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.envelope import Answer
    from monitor.model import Block

NAME = "LegiScan"
ADVICE = "Name one state, a year, or more words."

_STATUS = {1: "Introduced", 2: "Engrossed", 3: "Enrolled", 4: "Passed", 5: "Vetoed", 6: "Failed"}
"""LegiScan's table of progress."""


def read_legiscan(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The bills of all answers, in their order. Raises ExtractionError."""
    found: dict[int, Entry] = {}
    for answer in answers:
        _check_status(answer)
        for raw in _iter_bills(answer):
            if id_ := reading.number(raw.get("bill_id")):
                found[id_] = _read_bill(id_, raw)
    summary = part(part(answers[0].content, "searchresult"), "summary")
    reading.check_total(summary.get("count"), len(found), NAME, ADVICE)
    return tuple(found.values())


def _check_status(answer: Answer) -> None:
    if answer.content.get("status") == "ERROR":
        said = reading.text(part(answer.content, "alert").get("message"))
        raise ExtractionError(
            ProblemKind.UNREADABLE,
            f"{NAME} answered with an error: {said or 'without a word'}",
            "Look at LEGISCAN_API_KEY, the month's number of questions, and `url` in sources.yaml.",
        )
    if not part(answer.content, "searchresult") and not part(answer.content, "bill"):
        raise reading.not_of(NAME, answer, "`searchresult` and `bill`")


def _iter_bills(answer: Answer) -> Iterator[Mapping[str, Any]]:
    """Results of a search stand under "0", "1" … beside its summary. Raises ExtractionError where they say nothing."""
    found = part(answer.content, "searchresult")
    if rows(found, "results"):
        raise reading.not_of(NAME, answer, "titles, as it does for op=getSearchRaw: ask with op=getSearch")
    yield from (each for key in found if key.isdigit() and (each := part(found, key)))
    if bill := part(answer.content, "bill"):
        yield bill


def _read_bill(id_: int, raw: Mapping[str, Any]) -> Entry:
    name = " ".join(filter(None, (reading.text(raw.get("state")), reading.text(raw.get("bill_number")))))
    title = ": ".join(filter(None, (name, reading.text(raw.get("title"))))) or str(id_)
    return Entry(
        identity=str(id_),
        url=reading.text(raw.get("url")),
        title=title,
        published_at=None,
        blocks=reading.head_blocks(title, _iter_blocks(raw)),
    )


def _iter_blocks(raw: Mapping[str, Any]) -> Iterator[Block]:
    yield reading.paragraph(raw.get("description"))
    if status := _STATUS.get(reading.number(raw.get("status")) or 0):
        yield reading.item(_dated(raw.get("status_date"), status))
    yield reading.item(_dated(raw.get("last_action_date"), raw.get("last_action")))
    for each in rows(raw, "calendar"):
        words = [reading.text(each.get(key)) for key in ("description", "location")]
        yield reading.item(_dated(each.get("date"), ", ".join(filter(None, words))))
    for each in rows(raw, "history"):
        yield reading.item(_dated(each.get("date"), each.get("action")))


def _dated(day: Any, words: Any) -> str:
    known, said = reading.parse_day(day), reading.text(words)
    return f"{reading.write_day(known)}: {said}" if known and said else said
