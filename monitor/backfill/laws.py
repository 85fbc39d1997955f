"""History of one law: its points in time on legislation.gov.uk, its consolidated texts in CELLAR.

First the law is asked for as it stands, which says what texts there are; then each of them, from the one that stood at
the beginning on. Each is read as if it had been the answer at the declared address, so that it is the same Document as
our own looks, and what differs is what the law says. A text that the publisher has no longer, or that cannot be read,
is left out. One that did not arrive ends the history for now: what follows it would be compared with the wrong one.

Does not do: asking, recording, writing (`monitor.backfill.work`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from monitor.backfill.work import begin
from monitor.celex import MAX_DOCUMENTS, find_celex, list_texts
from monitor.compare.kinds import first
from monitor.envelope import pack, part, rows
from monitor.errors import ConfigurationError, ExtractionError
from monitor.publishers.clml import read_law

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from monitor.backfill.work import Work
    from monitor.envelope import Answer
    from monitor.model import Entry, Judgement, Origin
    from monitor.steps import Reading

LAW_PARTS = 3
"""Of a path on legislation.gov.uk, which name the law: type, year and number."""
_STANDING = frozenset({"in_force", "repealers", "withdrawn"})
"""What CELLAR knows of an act today, and what was not so when an earlier text stood."""


@dataclass(frozen=True, slots=True)
class LawText:
    """One text of a law, and the day from which on it stood."""

    day: date
    urls: tuple[str, ...]
    celex: str = ""


class Kind(NamedTuple):
    """How the texts of one interface are listed, and how one is made the answer at the declared address."""

    is_law: Callable[[str], bool]
    """Whether the declared URL is one law, and not a list."""
    list_texts: Callable[[str, Sequence[Answer], Entry], list[LawText]]
    assemble: Callable[[str, Sequence[Answer], LawText, Sequence[Answer]], list[Answer]]


def open_law(reading: Reading, _: Origin) -> Judgement:
    return replace(first(reading.blocks), reason="first text of its history")


def bring_in_laws(work: Work, since: datetime) -> None:
    """Raises ConfigurationError where the Source is a list of laws."""
    kind, url = KINDS[work.source.kind], work.source.urls[0]
    if not kind.is_law(url):
        raise ConfigurationError(
            f"{work.source.id}: {url} is a list of laws, and history is that of one. Declare a source for the law, "
            "such as https://www.legislation.gov.uk/ukpga/2023/50/data.xml or "
            "https://publications.europa.eu/resource/celex/32022R2065."
        )
    missing, recorded = work.ask([url]), work.find(url)
    if missing or recorded is None:
        work.done.failed.extend(missing.values())
        return
    answers = work.open(recorded)
    try:
        (entry,) = work.read(pack(answers))  # in a process of its own: what gets through it can be read here
        texts = kind.list_texts(url, answers, entry)
    except ExtractionError as error:
        work.refuse(url, [recorded], error)
        return
    _bring_in(work, kind, answers, _choose(texts, since, work.end))


def _choose(texts: Sequence[LawText], since: datetime, end: datetime) -> list[LawText]:
    """From the one that stood at the beginning on, as far as history goes."""
    past = [each for each in sorted(texts, key=lambda each: each.day) if begin(each.day) < end]
    begun = [each for each in past if begin(each.day) <= since]
    return [*begun[-1:], *(each for each in past if begin(each.day) > since)]


def _bring_in(work: Work, kind: Kind, declared: Sequence[Answer], texts: Sequence[LawText]) -> None:
    missing = work.ask(url for text in texts for url in text.urls if not work.find(url))
    for text in texts:
        lost = [missing[url] for url in text.urls if url in missing]
        if not all(each.is_gone for each in lost):
            work.done.failed.extend(lost)
            return
        if lost:
            work.done.refused.extend(lost)
        else:
            _read(work, kind, declared, text)


def _read(work: Work, kind: Kind, declared: Sequence[Answer], text: LawText) -> None:
    recorded = [found for url in text.urls if (found := work.find(url))]
    if all(each.is_read for each in recorded):
        return
    documents = [answer for each in recorded for answer in work.open(each)]
    try:
        (entry,) = work.read(pack(kind.assemble(work.source.urls[0], declared, text, documents)))
    except ExtractionError as error:
        work.refuse(text.urls[0], recorded, error)
        return
    work.write([replace(entry, published_at=begin(text.day))], recorded)


def _is_uk_law(url: str) -> bool:
    return urlsplit(url).path.endswith("/data.xml")


def _list_uk(url: str, answers: Sequence[Answer], _: Entry) -> list[LawText]:
    """On the declared host, and of the declared law."""
    parts = urlsplit(url)
    law = "/".join(parts.path.split("/")[: LAW_PARTS + 1]) + "/"
    return [
        LawText(day, (urlunsplit(parts._replace(path=f"{path}/data.xml")),))
        for day, path in read_law(answers[0].body).versions
        if path.startswith(law)
    ]


def _assemble_uk(url: str, _: Sequence[Answer], __: LawText, documents: Sequence[Answer]) -> list[Answer]:
    return [replace(each, url=url) for each in documents]


def _is_act(url: str) -> bool:
    return bool(find_celex(url))


def _list_acts(url: str, answers: Sequence[Answer], entry: Entry) -> list[LawText]:
    """As published, on the day of the act, and each consolidated text."""
    texts = [each for answer in answers for each in list_texts(answer.content, url)]
    adopted = entry.published_at.date() if entry.published_at else None
    dated = [(each.day or adopted, each) for each in texts]
    return [LawText(day, each.urls[:MAX_DOCUMENTS], each.celex) for day, each in dated if day]


def _assemble_act(_: str, declared: Sequence[Answer], text: LawText, documents: Sequence[Answer]) -> list[Answer]:
    """What is known of the act, with this one text of it."""
    facts, listing = declared[:2]
    return [_cut(facts, _forget_standing), _cut(listing, lambda row: _keep(row, text.celex)), *documents]


def _cut(answer: Answer, change: Callable[[Mapping[str, object]], Mapping[str, object]]) -> Answer:
    content = answer.content
    bindings = [cut for row in rows(part(content, "results"), "bindings") if (cut := change(row))]
    return replace(answer, body=json.dumps(content | {"results": {"bindings": bindings}}).encode())


def _forget_standing(row: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in row.items() if name not in _STANDING}


def _keep(row: Mapping[str, object], celex: str) -> Mapping[str, object]:
    return row if part(row, "celex").get("value") == celex else {}


KINDS: Mapping[str, Kind] = {
    "cellar": Kind(_is_act, _list_acts, _assemble_act),
    "legislation-gov-uk": Kind(_is_uk_law, _list_uk, _assemble_uk),
}
"""By kind of Source."""
