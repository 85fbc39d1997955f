"""GOV.UK documents → Entries, known by their content id, and where one was declared by itself, by its path.

    dates        `closing_date` of consultations and calls for evidence. Midnight is the end of the day before, as on
                 their pages.
    withdrawal   `withdrawn_notice` that says when (an empty one stands on live documents), and what is gone (410, with
                 or without an explanation). What is withdrawn has no dates.
    moved        A redirect leads to the document of its new path. Declared by itself it stays the same Document, so a
                 new name is no change, and another text is.

`public_updated_at` is the editors' date; what republishing moves (`updated_at`) is for programs, and so is the flip of
`open_consultation` to `closed_consultation`. Change notes are told in their order. Of what a list names that is not on
GOV.UK, its title and summary are all there is. What it names may be hidden (404) or moved (303) by now, but not all.

Does not do: the texts of attachments.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from monitor.envelope import part, rows
from monitor.errors import ExtractionError
from monitor.extract.html import read_fragment
from monitor.extract.normalise import fold
from monitor.extract.quality import check_challenge
from monitor.model import Block, BlockKind, DateKind, DateMention, Entry, ProblemKind
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from monitor.envelope import Answer

NAME = "GOV.UK"
LONDON = ZoneInfo("Europe/London")
CONTENT = "/api/content"
MAX_HIDDEN = 1
"""Documents of a list that may be hidden or moved with no other beside them: more at once are no coincidence."""

_ENDED = re.compile(r"this feed has ended", re.IGNORECASE)
_ATOM_FIELDS = ("./link/@href", "./title/text()", "./summary/text()", "./updated/text()", "./identifier/text()")
_SEARCH_FIELDS = ("link", "title", "description", "public_timestamp")
_STATE = re.compile(r"^(?:open|closed)_")
_ANSWERED = {"consultation", "call_for_evidence"}
_DETAILS = {
    "final_outcome_detail": "Outcome",
    "outcome_detail": "Outcome",
    "public_feedback_detail": "Feedback received",
}
_OLD_ATTACHMENTS = ("documents", "final_outcome_documents", "public_feedback_documents", "outcome_documents")
"""Of documents from before `attachments`: pieces of HTML."""


class _Row(NamedTuple):
    """A document in a list."""

    link: str
    title: str
    summary: str
    updated: str
    content_id: str = ""


def read_govuk(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The documents of a list, in its order, or the one that was declared. Raises ExtractionError."""
    first = urlsplit(answers[0].url)
    if first.path.startswith(f"{CONTENT}/"):
        return (_read_declared(first.path.removeprefix(CONTENT), answers),)
    found: dict[str, Entry] = {}
    for entry in _iter_listed(answers, first.netloc):
        found.setdefault(entry.identity, entry)
    return tuple(found.values())


def _iter_listed(answers: Sequence[Answer], host: str) -> Iterator[Entry]:
    """What is listed, but for the documents that are hidden or moved by now. Raises ExtractionError."""
    listed = [(_find_path(row.link, host), row) for row in _find_rows(answers[0])]
    contents = {urlsplit(each.url).path.removeprefix(CONTENT): each for each in answers[1:] if _is_document(each)}
    own = [path for path, _ in listed if path is not None]
    if len(own) > MAX_HIDDEN and not contents:
        raise _explain_none(len(own), answers)
    for path, row in listed:
        if path is None:
            yield _read_row(row)
        elif path in contents:
            yield _read_listed(row, path, contents[path])


def _read_declared(path: str, answers: Sequence[Answer]) -> Entry:
    last = answers[-1]
    content = last.content
    if content.get("schema_name") == "redirect":
        to = [reading.text(each.get("destination")) for each in rows(content, "redirects")]
        raise ExtractionError(
            ProblemKind.RETIRED,
            f"{NAME} says that {path} was moved to {', '.join(filter(None, to)) or 'nowhere'}",
            "Look at what is there now and correct `url` in sources.yaml.",
        )
    if not content.get("schema_name"):
        _refuse(last, "`schema_name`")
    return _read_document(content, path, path, _site_of(last))


def _find_rows(answer: Answer) -> list[_Row]:
    """What a finder or the Search API lists. Raises ExtractionError where it is gone, or neither."""
    _check_gone(answer)
    if "results" in answer.content:
        found = rows(answer.content, "results")
        return [_Row(*(reading.text(each.get(key)) for key in _SEARCH_FIELDS)) for each in found]
    root = reading.parse_xml(answer.body)
    if not root.xpath("/feed"):
        _refuse(answer, "a feed and `results`")
    listed = [_Row(*(fold(each.xpath(path).get("")) for path in _ATOM_FIELDS)) for each in root.xpath("/feed/entry")]
    if len(listed) == 1 and _ENDED.search(listed[0].title):
        raise ExtractionError(
            ProblemKind.RETIRED,
            "the finder says that its feed has ended",
            "Look for another finder on www.gov.uk/search and correct `url` in sources.yaml.",
        )
    return listed


def _is_document(answer: Answer) -> bool:
    """Whether it is a document; not where it says that one is hidden or moved. Raises ExtractionError as `_refuse`."""
    schema = answer.content.get("schema_name")
    if not schema and HTTPStatus(200) <= answer.status < HTTPStatus(300):
        _refuse(answer, "`schema_name`")
    return bool(schema) and schema != "redirect"


def _check_gone(answer: Answer) -> None:
    """Raises ExtractionError (RETIRED) where the answer is 410."""
    if answer.status == HTTPStatus.GONE:
        raise ExtractionError(
            ProblemKind.RETIRED,
            f"{NAME} answered 410 Gone at {answer.url}",
            "It is gone for good, says the publisher: look for its successor, or set `enabled: false`.",
        )


def _refuse(answer: Answer, missing: str) -> NoReturn:
    """Raises ExtractionError: RETIRED where it is gone, BLOCKED where it is a bot challenge, UNREADABLE otherwise."""
    _check_gone(answer)
    check_challenge(answer.body.decode("utf-8", "replace"))
    raise reading.not_of(NAME, answer, missing)


def _explain_none(count: int, answers: Sequence[Answer]) -> ExtractionError:
    """The error for a list of which no document can be read."""
    statuses = sorted({each.status for each in answers[1:]})
    why = f"HTTP {' or '.join(map(str, statuses))}" if statuses else "no link in it is a path"
    return ExtractionError(
        ProblemKind.INCOMPLETE,
        f"{answers[0].url} lists {count} documents of {NAME}, and none of them could be read ({why})",
        f"Open it: where its documents open too, {NAME} may have trouble, and it is asked again at the next due time; "
        "otherwise correct `url` in sources.yaml.",
    )


def _find_path(link: str, host: str) -> str | None:
    """The path of a document in a list: "" where the link leads nowhere, None where it leads to another host."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return parts.path.rstrip("/") if parts.netloc in {"", host} else None


def _read_listed(row: _Row, path: str, answer: Answer) -> Entry:
    content = answer.content
    id_ = reading.text(content.get("content_id")) or row.content_id
    locale = reading.text(content.get("locale")) or "en"
    identity = id_ and (id_ if locale == "en" else f"{id_} {locale}")
    return _read_document(content, identity or path, row.title, _site_of(answer))


def _read_row(row: _Row) -> Entry:
    title = row.title or row.link
    updated = reading.parse_local_day(row.updated, LONDON)
    return Entry(
        identity=row.link,
        url=row.link,
        title=title,
        published_at=reading.begin_day(updated, LONDON),
        blocks=reading.head_blocks(title, [reading.paragraph(row.summary)]),
    )


def _site_of(answer: Answer) -> str:
    return urlunsplit(urlsplit(answer.url)._replace(path="", query="", fragment=""))


def _read_document(content: Mapping[str, Any], identity: str, name: str, site: str) -> Entry:
    """`name` is its title where it has none, because it is gone."""
    path = reading.text(content.get("base_path"))
    title = reading.text(content.get("title")) or name or path or identity
    withdrawal = _write_withdrawal(content)
    dates = () if withdrawal else tuple(_iter_dates(content))
    updated = _find_day(content, "public_updated_at") or _find_day(content, "first_published_at")
    return Entry(
        identity=identity,
        url=f"{site}{path}" if path.startswith("/") else site,
        title=title,
        published_at=reading.begin_day(updated, LONDON),
        blocks=reading.head_blocks(title, _iter_blocks(content, withdrawal, dates)),
        dates=dates,
        withdrawal=withdrawal,
    )


def _find_day(content: Mapping[str, Any], key: str) -> date | None:
    return reading.parse_local_day(content.get(key), LONDON)


def _write_withdrawal(content: Mapping[str, Any]) -> str:
    """Withdrawn on 12 November 2016 (GOV.UK): It has been superseded; "" where it stands."""
    if content.get("schema_name") == "gone":
        said, day = part(content, "details"), _find_day(content, "public_updated_at")
    else:
        said, day = part(content, "withdrawn_notice"), _find_day(part(content, "withdrawn_notice"), "withdrawn_at")
        if not day:
            return ""
    instead = reading.text(said.get("alternative_path"))
    words = [reading.text(said.get("explanation")), f"see {instead}" if instead else ""]
    start = f"Withdrawn on {reading.write_day(day)} ({NAME})" if day else f"Withdrawn ({NAME})"
    return ": ".join(filter(None, [start, "; ".join(filter(None, words))]))


def _iter_dates(content: Mapping[str, Any]) -> Iterator[DateMention]:
    closes = _find_last_day(part(content, "details").get("closing_date"))
    if closes and content.get("schema_name") in _ANSWERED:
        yield reading.state_date(DateKind.COMMENTS_CLOSE, closes, NAME, "closing_date")


def _find_last_day(value: Any) -> date | None:
    """The last day on which people can answer: 00:00 on 2 May is 1 May."""
    try:
        moment = datetime.fromisoformat(str(value)) - timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None
    return reading.parse_local_day(moment.isoformat(), LONDON, LONDON)


def _iter_blocks(content: Mapping[str, Any], withdrawal: str, dates: Sequence[DateMention]) -> Iterator[Block]:
    details = part(content, "details")
    yield reading.item(withdrawal)
    yield reading.item("; ".join(_iter_facts(content)))
    yield reading.paragraph(content.get("description"))
    yield from reading.iter_sentences(dates)
    yield from _read_markup(details.get("body"))
    for each in rows(details, "parts"):
        yield from _put_under(reading.text(each.get("title")), _read_markup(each.get("body")))
    for key, heading in _DETAILS.items():
        yield from _put_under(heading, _read_markup(details.get(key)))
    yield from _put_under("Attachments", _iter_attachments(details))
    yield from _put_under("Updates", _iter_notes(details))


def _iter_facts(content: Mapping[str, Any]) -> Iterator[str]:
    details = part(content, "details")
    if content.get("schema_name") != "gone":
        type_ = _STATE.sub("", reading.text(content.get("document_type")))
        yield from filter(None, [type_.replace("_", " ").capitalize()])
    publishers = rows(part(content, "links"), "organisations")
    yield from filter(None, (reading.text(each.get("title")) for each in publishers))
    if published := _find_day(content, "first_published_at"):
        yield f"first published on {reading.write_day(published)}"
    if opens := _find_day(details, "opening_date"):
        yield f"opens on {reading.write_day(opens)}"
    if elsewhere := reading.text(details.get("held_on_another_website_url")):
        yield f"held at {elsewhere}"


def _read_markup(value: Any) -> tuple[Block, ...]:
    """HTML, also as one of several forms of the same text."""
    if isinstance(value, list):
        forms = [each for each in value if isinstance(each, dict) and each.get("content_type") == "text/html"]
        value = forms[0].get("content") if forms else None
    return read_fragment(value) if isinstance(value, str) else ()


def _put_under(heading: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """A heading and what stands under it; nothing where nothing does."""
    below = [each for each in blocks if each.text]
    if below and heading:
        below = list(reading.head_blocks(heading, below))
    yield from below


def _iter_attachments(details: Mapping[str, Any]) -> Iterator[Block]:
    attachments = rows(details, "attachments")
    for each in attachments:
        link = reading.text(each.get("url"))
        yield Block(BlockKind.ITEM, reading.text(each.get("title")), links=(link,) if link else ())
    if not attachments:
        for key in _OLD_ATTACHMENTS:
            for markup in reading.strings(details.get(key)):
                yield from read_fragment(markup)


def _iter_notes(details: Mapping[str, Any]) -> Iterator[Block]:
    """The oldest first."""
    changes = rows(details, "change_history")
    notes = [(_find_day(each, "public_timestamp"), reading.text(each.get("note"))) for each in changes]
    for day, note in sorted((day, note) for day, note in notes if day and note):
        yield reading.item(f"{reading.write_day(day)}: {note}")
