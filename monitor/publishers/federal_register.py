"""Federal Register documents → Entries, known by their document number.

    dates        `comments_close_on` and `effective_on`. What closes before it was published is junk and left out.
    correction   A document of its own, without dates: those in its data are junk (a real one closes its comments two
                 months before its own publication), and a correction moves no deadline.
    extension    A document of its own as well, also a reopening, and a delay or stay of the effective date. It moves
                 the deadline of the document before it in the same docket to a later day, and says from where. Those
                 that moved it before are moved with it. So it does where it also corrects or withdraws something.
    withdrawal   A document of its own, told as such. It has no dates, and the document before it in the same docket has
                 none any more if they were still to come. One that withdraws a part, or puts something in the place of
                 what it withdraws, is none.

The unofficial web edition; the official text is the PDF at GovInfo.

Does not do: joining documents by RIN: umbrella RINs (2120-AA64) stand on hundreds of rulemakings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from monitor.envelope import rows
from monitor.model import DateKind, DateMention, Entry
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from monitor.envelope import Answer
    from monitor.model import Block

NAME = "Federal Register"
ADVICE = "Say from when on, such as conditions[publication_date][gte]={since:180d}."

_FIELDS = {DateKind.COMMENTS_CLOSE: "comments_close_on", DateKind.EFFECTIVE: "effective_on"}
_EXTENDED = r"(?:exten(?:sions?|d(?:s|ed|ing)?)|re-?open(?:s|ed|ing)?)"
_PUT_OFF = (
    rf"(?:{_EXTENDED}|delay(?:s|ed|ing)?|postpon(?:es?|ed|ing|ements?)|defer(?:s|red|ring|r?als?)|stay(?:s|ed|ing)?"
    r"|suspen(?:ds?|ded|ding|sions?))"
)
_BARE = r"(?:^|;)\s*(?:notice of\s+)?(?:(?:further|second|third|additional|limited|partial|temporary)\s+)*"
"""So begins a part of an action that says no more than that something is moved."""
_IS = r"\s+(?:(?:is|are|was|has|have|been|being|further|again|temporarily|indefinitely)\s+){0,3}"


def _between(stop: str) -> str:
    """Up to six words of the same part of an action, none of which begins like that."""
    return rf"(?:[\s,/()-]+(?!{stop})\w+){{0,6}}?[\s,/(-]+"


_NO_COMMENTS = "complian|effective|expir|collection|information|approv|request|invit|solicit|applica|implement"
"""Other things are extended as well, and then comments are asked for."""
_NO_EFFECT = "comment|request|period|confirm|correct|announc|establish"
_MOVES = {
    DateKind.COMMENTS_CLOSE: re.compile(
        rf"\b{_EXTENDED}{_between(_NO_COMMENTS)}(?:comment(?:s|ing)?|repl(?:y|ies)|responses?|submissions?)\b"
        rf"|\bcomments?\s+(?:\w+\s+){{0,2}}?(?:periods?|deadlines?|dates?|time|record|docket){_IS}{_EXTENDED}\b"
        rf"|\b(?:period|deadline|time)\s+(?:for|to)\s+(?:\w+\s+){{0,3}}?comments?{_IS}{_EXTENDED}\b"
        r"|\bre-?open\w*\s+(?:of\s+)?(?:the\s+)?(?:\w+\s+){0,2}(?:docket|record)\b"
        rf"|{_BARE}{_EXTENDED}(?:\s+of\s+(?:the\s+)?(?:time|period|deadline|due date))?\s*\.?\s*(?:$|;)",
        re.IGNORECASE,
    ),
    DateKind.EFFECTIVE: re.compile(
        rf"\b{_PUT_OFF}{_between(_NO_EFFECT)}effective(?:ness\b|\s+(?:and\s+\w+\s+)?dates?\b)"
        rf"|\beffective(?:ness|\s+dates?){_IS}{_PUT_OFF}\b"
        rf"|{_BARE}(?:delay|postponement|deferral)\s*\.?\s*(?:$|;)",
        re.IGNORECASE,
    ),
}
_CORRECTION = re.compile(r"\bcorrect(?:ion|ions|ing|ed)\b", re.IGNORECASE)
_CORRECTING_NUMBER = re.compile(r"C\d+-")
_WITHDRAWAL = re.compile(
    r"\b(?<!for )(?<!proposed )(?<!partial )(?<!partially )(?:withdrawal|withdrawn|withdrawing|withdraws)\b"
    r"(?!,? \(?(?:in part|partial)\b)"
    r"(?! of (?:an? |the |certain |some )?(?:approv|land|public|federal|national|recogni|designat|certifi|authori"
    r"|applica|portion|part|provision|section|paragraph))",
    re.IGNORECASE,
)
"""Of a document: agencies also withdraw land from use, approvals, and parts of a document."""
_RENEWAL = re.compile(
    r"(?<!of )(?<!the )\b(?:request(?:s|ing)?\s+(?:for\s+)?(?:\w+\s+)?(?:comments?|information)\b|re-?propos|reissu"
    r"|(?:new|revised|replacement|supplement(?:al|ary)|second|further|another)\s+(?:\w+\s+){0,2}?(?:propos|notice|rule))",
    re.IGNORECASE,
)
"""What takes the place of that which is withdrawn. "Withdrawal of supplemental proposed rule" names what is."""
_OF_ANOTHER = {
    "Rule": re.compile(r" of (?:\w+ ){0,3}?(?:propos|NPRM|ANPRM)", re.IGNORECASE),
    "Proposed Rule": re.compile(r" of (?:\w+ ){0,2}?(?:final|interim|temporary) ", re.IGNORECASE),
}
"""By the type of a document: what it withdraws is of the other type, and it stands itself."""
_DOCKET = re.compile(r"^docket\s+(?:nos?\.?|numbers?|id)?\s*:?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Move:
    """A deadline as a later document left it."""

    day: date
    by: str


@dataclass(frozen=True, slots=True)
class _Document:
    raw: Mapping[str, Any]
    dockets: frozenset[str]
    moved: Mapping[DateKind, _Move]
    """Of this document's dates, which a later one moved."""
    moved_from: Mapping[DateKind, date]
    """Of this document's dates, which one of an earlier document each takes the place of."""
    follows: Mapping[DateKind, str] = field(default_factory=dict)
    """By kind, the document whose date this one is about moving."""
    withdrawn_by: str = ""
    """The document that withdrew it when a date of it was still to come."""

    @property
    def told(self) -> tuple[Mapping[DateKind, _Move], str]:
        """What later documents did to it."""
        return self.moved, self.withdrawn_by


def read_federal_register(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The documents of all pages, in their order. Raises ExtractionError."""
    return tuple(_read_document(number, each) for number, each in _join(_find_documents(answers)).items())


def read_federal_register_history(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """Each document as it was published, and again for each day on which a later one moved a date of it or withdrew it.

    `published_at` is the day of the text. The oldest first. Raises ExtractionError.
    """
    found = _find_documents(answers)
    ordered = sorted(found, key=lambda each: (str(found[each].get("publication_date")), each))
    joined = _join(found)
    return tuple(
        entry
        for number in ordered
        for entry in (
            _iter_moves(number, found)
            if joined[number].moved or joined[number].moved_from or joined[number].withdrawn_by
            else [_read_document(number, joined[number])]
        )
    )


def _iter_moves(number: str, found: Mapping[str, Mapping[str, Any]]) -> Iterator[Entry]:
    """The document as it read on its own day, and on each day on which its docket moved or withdrew it."""
    dockets = set(_dockets(found[number]))
    peers = {each: raw for each, raw in found.items() if each == number or dockets & set(_dockets(raw))}
    before = None
    for day in sorted({str(raw.get("publication_date")) for raw in peers.values()}):
        if day < str(found[number].get("publication_date")):
            continue
        known = {each: raw for each, raw in peers.items() if str(raw.get("publication_date")) <= day}
        document = _join(known)[number]
        if before is None or document.told != before.told:
            at = reading.begin_day(reading.parse_day(day), reading.WASHINGTON)
            yield replace(_read_document(number, document), published_at=at)
        before = document


def _find_documents(answers: Sequence[Answer]) -> dict[str, Mapping[str, Any]]:
    """The documents of all pages by their number, in their order. Raises ExtractionError."""
    for answer in answers:
        if "count" not in answer.content and "results" not in answer.content:
            raise reading.not_of(NAME, answer, "`count` and `results`")
    found: dict[str, Mapping[str, Any]] = {}
    for answer in answers:
        for raw in rows(answer.content, "results"):
            if number := reading.text(raw.get("document_number")):
                found.setdefault(number, raw)
    reading.check_total(answers[0].content.get("count"), len(found), NAME, ADVICE)
    return found


def _join(found: Mapping[str, Mapping[str, Any]]) -> dict[str, _Document]:
    """The documents with what others of them did to their deadlines, each in its docket, the oldest first."""
    documents = {number: _Document(raw, frozenset(_dockets(raw)), {}, {}) for number, raw in found.items()}
    for number in sorted(found, key=lambda each: (str(found[each].get("publication_date")), each)):
        for kind in _FIELDS:
            _join_move(documents, number, kind)
            _join_withdrawal(documents, number, kind)
    return documents


def _join_move(documents: dict[str, _Document], number: str, kind: DateKind) -> None:
    mover = documents[number]
    day = _find_day(mover.raw, kind)
    base = _find_base(documents, number, kind) if day and _is_move(mover.raw, kind) else None
    if not base or not day:
        return
    stood = _find_standing(documents[base], kind)
    if stood and day > stood:
        for each in _find_chain(documents, base, kind):
            moved = {**documents[each].moved, kind: _Move(day, number)}
            documents[each] = replace(documents[each], moved=moved)
        mover = replace(mover, moved_from={**mover.moved_from, kind: stood})
    documents[number] = replace(mover, follows={**mover.follows, kind: base})


def _join_withdrawal(documents: dict[str, _Document], number: str, kind: DateKind) -> None:
    withdrawal = documents[number].raw
    base = _find_base(documents, number, kind) if _is_withdrawal(withdrawal) else None
    for each in _find_chain(documents, base, kind) if base else ():
        day = _find_standing(documents[each], kind)
        if day and day.isoformat() >= str(withdrawal.get("publication_date")):
            documents[each] = replace(documents[each], withdrawn_by=number)


def _find_standing(document: _Document, kind: DateKind) -> date | None:
    """The day as the last later document left it, or as it stands in the data."""
    move = document.moved.get(kind)
    return move.day if move else _find_day(document.raw, kind)


def _find_chain(documents: Mapping[str, _Document], base: str, kind: DateKind) -> list[str]:
    """The base, and the documents so far that are about moving its date."""
    return [each for each, document in documents.items() if base in (each, document.follows.get(kind))]


def _find_base(documents: Mapping[str, _Document], number: str, kind: DateKind) -> str | None:
    """The last document before this one, of its type and in its docket, that set the date and did not move another."""
    mover, dockets = documents[number].raw, documents[number].dockets
    before = [
        each
        for each, document in documents.items()
        if dockets & document.dockets
        and document.raw.get("type") == mover.get("type")
        and str(document.raw.get("publication_date")) < str(mover.get("publication_date"))
        and _find_day(document.raw, kind)
        and not _is_move(document.raw, kind)
    ]
    return max(before, key=lambda each: (str(documents[each].raw.get("publication_date")), each), default=None)


def _find_day(raw: Mapping[str, Any], kind: DateKind) -> date | None:
    """The day that stands in the data, where it is to be believed."""
    if _is_withdrawal(raw) or (_is_correction(raw) and not _is_move(raw, kind)):
        return None
    day, published = reading.parse_day(raw.get(_FIELDS[kind])), reading.parse_day(raw.get("publication_date"))
    if day and published and kind is DateKind.COMMENTS_CLOSE and day < published:
        return None
    return day


def _is_move(raw: Mapping[str, Any], kind: DateKind) -> bool:
    return bool(_MOVES[kind].search(reading.text(raw.get("action"))))


def _is_correction(raw: Mapping[str, Any]) -> bool:
    number, action = reading.text(raw.get("document_number")), reading.text(raw.get("action"))
    return bool(raw.get("correction_of") or _CORRECTING_NUMBER.match(number) or _CORRECTION.search(action))


def _is_withdrawal(raw: Mapping[str, Any]) -> bool:
    """Whether it withdraws a document, and does nothing else that people must know the days of."""
    action = reading.text(raw.get("action"))
    found = _WITHDRAWAL.search(action)
    if not found or any(_is_move(raw, kind) for kind in _MOVES):
        return False
    head, tail = action[: found.start()], action[found.end() :]
    other = _OF_ANOTHER.get(reading.text(raw.get("type")))
    is_renewed = _RENEWAL.search(tail) or (tail.startswith(" of ") and _RENEWAL.search(head))
    return not is_renewed and not (other and other.match(tail))


def _dockets(raw: Mapping[str, Any]) -> list[str]:
    return [each for docket in reading.strings(raw.get("docket_ids")) if (each := _DOCKET.sub("", docket))]


def _read_document(number: str, document: _Document) -> Entry:
    raw = document.raw
    title = reading.text(raw.get("title")) or number
    dates = tuple(_iter_dates(document))
    action = _write_action(raw)
    return Entry(
        identity=number,
        url=reading.text(raw.get("html_url")),
        title=title,
        published_at=reading.begin_day(reading.parse_day(raw.get("publication_date")), reading.WASHINGTON),
        blocks=reading.head_blocks(title, _iter_blocks(document, action, dates)),
        dates=dates,
        withdrawal=action if _is_withdrawal(raw) else _write_withdrawn(document),
    )


def _iter_dates(document: _Document) -> Iterator[DateMention]:
    for kind, name in () if document.withdrawn_by else _FIELDS.items():
        if day := _find_standing(document, kind):
            moved_from = None if kind in document.moved else document.moved_from.get(kind)
            yield reading.state_date(kind, day, NAME, name, moved_from)


def _iter_blocks(document: _Document, action: str, dates: Sequence[DateMention]) -> Iterator[Block]:
    raw = document.raw
    yield reading.item(action)
    yield reading.item(_write_withdrawn(document))
    yield reading.paragraph(raw.get("abstract"))
    is_move = any(_is_move(raw, kind) for kind in _MOVES)
    if is_move or not _is_correction(raw):  # its dates are those of the document that it corrects, or of itself
        yield reading.paragraph(raw.get("dates"))
    yield from reading.iter_sentences(dates)
    for kind, move in document.moved.items():
        yield reading.item(f"{_FIELDS[kind]} moved by document {move.by}")
    yield reading.item("; ".join(_iter_references(raw)))


def _write_action(raw: Mapping[str, Any]) -> str:
    """Proposed Rule: Extension of comment period. The type is left out where the action begins with it."""
    type_, action = reading.text(raw.get("type")), reading.text(raw.get("action"))
    return action if action.lower().startswith(type_.lower()) else ": ".join(filter(None, (type_, action)))


def _write_withdrawn(document: _Document) -> str:
    return f"Withdrawn by document {document.withdrawn_by}" if document.withdrawn_by else ""


def _iter_references(raw: Mapping[str, Any]) -> Iterator[str]:
    """Who publishes it, and by which numbers lawyers know it."""
    agencies = [reading.text(each.get("name") or each.get("raw_name")) for each in rows(raw, "agencies")]
    yield from filter(None, agencies)
    yield from (f"Docket {each}" for each in _dockets(raw))
    yield from (f"RIN {each}" for each in reading.strings(raw.get("regulation_id_numbers")))
    for each in rows(raw, "cfr_references"):
        if each.get("title") and each.get("part"):
            yield f"{each['title']} CFR part {each['part']}"
    corrected = [reading.text(raw.get("correction_of")).rpartition("/")[2]]
    yield from (f"corrects document {each}" for each in corrected if each)
