"""Initiatives of Have Your Say → Entries, known by the id of the initiative, whatever stage it is in.

    stages       Each with its time for feedback, in the order of the portal. A stage that begins is news; that its time
                 is up is none (`OPEN` becomes `CLOSED` by itself), and neither is a count of answers.
    dates        The end of a time for feedback that is open or over, as a day in Brussels. Times are written without a
                 zone and are those of Brussels: 23:59:59 is the last second of the day that stands there. A planned
                 time (`UPCOMING`) is told and sets no date: some were never held. A stage without feedback (`DISABLED`)
                 has none, whatever dates stand there. An end before its beginning is a mistake of the portal's.
    withdrawal   An initiative that is abandoned or withdrawn. It has no dates any more.

Numbers are written as decimals (14628.0). One initiative (`groupInitiatives`) has a summary and calls its stages
publications.

Does not do: other languages than English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.envelope import part, rows
from monitor.model import DateKind, Entry
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from monitor.envelope import Answer
    from monitor.model import DateMention

NAME = "Have Your Say"
ADVICE = "Name a topic, such as topic=DIGITAL, or ask for feedbackStatus=OPEN."

_ENDED = frozenset({"ABANDONED", "CANCELLED", "DISCONTINUED", "WITHDRAWN"})
"""Words for the end of an initiative. No list of them is published, and stored answers only have ACTIVE."""
_STAGES = {
    "INIT_PLANNED": "Planned initiative",
    "PLANNING_WORKFLOW": "Call for evidence",
    "CFE_IMPACT_ASSESS": "Call for evidence",
    "CFE_EVALUATION": "Call for evidence",
    "OPC_LAUNCHED": "Public consultation",
    "ISC_WORKFLOW": "Draft act",
    "ADOPTION_WORKFLOW": "Commission adoption",
}
_ACTS = {
    "PROP_REG": "Proposal for a regulation",
    "PROP_DIR": "Proposal for a directive",
    "PROP_DEC": "Proposal for a decision",
    "REG_DEL": "Delegated regulation",
    "REG_IMPL": "Implementing regulation",
    "DEC_DEL": "Delegated decision",
    "DEC_IMPL": "Implementing decision",
    "SWD": "Staff working document",
    "COM": "Communication",
    "RECO": "Recommendation",
}
"""What the portal calls these; any other code is told as it is, in small letters."""


@dataclass(frozen=True, slots=True)
class _Stage:
    name: str
    status: str
    """OPEN, CLOSED, UPCOMING, DISABLED, or "" where none is given."""
    begin: date | None
    end: date | None

    @property
    def closing(self) -> date | None:
        """The last day for feedback, where it is to be believed."""
        is_odd = self.begin and self.end and self.end < self.begin
        return None if is_odd or self.status in {"UPCOMING", "DISABLED"} else self.end


def read_have_your_say(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The initiatives of all pages, in their order. Raises ExtractionError."""
    first = answers[0].content
    if id_ := reading.number(first.get("id")):
        return (_read_initiative(id_, first),)
    found: dict[int, Mapping[str, Any]] = {}
    for answer in answers:
        page = part(answer.content, "initiativeResultDtoPage")
        if not isinstance(page.get("content"), list):
            raise reading.not_of(NAME, answer, "`initiativeResultDtoPage`")
        for raw in rows(page, "content"):
            if id_ := reading.number(raw.get("id")):
                found.setdefault(id_, raw)
    total = part(first, "initiativeResultDtoPage").get("totalElements")
    reading.check_total(total, len(found), NAME, ADVICE)
    return tuple(_read_initiative(id_, raw) for id_, raw in found.items())


def _read_initiative(id_: int, raw: Mapping[str, Any]) -> Entry:
    english = _find_english(raw)
    title = reading.text(raw.get("shortTitle")) or english or str(id_)
    stages = [*_iter_stages(raw)]
    status = reading.text(raw.get("initiativeStatus"))
    withdrawal = f"Initiative {_in_words(status)} ({NAME})" if status in _ENDED else ""
    dates = () if withdrawal else tuple(_iter_dates(stages))
    begins = [each.begin for each in stages if each.begin and each.status != "UPCOMING"]
    blocks = [
        reading.item(withdrawal or _standing(status)),
        reading.paragraph(english if english != title else ""),
        reading.paragraph(raw.get("dossierSummary")),
        *(reading.item(_write_stage(each)) for each in stages),
        *reading.iter_sentences(dates),
        reading.item("; ".join(_iter_references(raw))),
    ]
    return Entry(
        identity=str(id_),
        url=f"https://ec.europa.eu/info/law/better-regulation/have-your-say/initiatives/{id_}",
        title=title,
        published_at=reading.begin_day(min(begins, default=None), reading.BRUSSELS),
        blocks=reading.head_blocks(title, blocks),
        dates=dates,
        withdrawal=withdrawal,
    )


def _find_english(raw: Mapping[str, Any]) -> str:
    """The title that people see; the short one is the name that officials gave it."""
    translations = [each for each in rows(raw, "initiativeTranslations") if each.get("field") == "SHORT_TITLE"]
    return next((reading.text(each.get("value")) for each in translations if each.get("language") == "EN"), "")


def _iter_stages(raw: Mapping[str, Any]) -> Iterator[_Stage]:
    for each in rows(raw, "currentStatuses"):
        yield _read_stage(each, "feedbackStartDate", "feedbackEndDate")
    for each in rows(raw, "publications"):
        planned = each.get("receivingFeedbackStatus") == "UPCOMING"
        yield _read_stage(each, *(("plannedStartDate", "plannedEndDate") if planned else ("publishedDate", "endDate")))


def _read_stage(raw: Mapping[str, Any], begin: str, end: str) -> _Stage:
    name = next((known for key in ("frontEndStage", "type") if (known := reading.text(raw.get(key)))), "")
    status = reading.text(raw.get("receivingFeedbackStatus"))
    return _Stage(_STAGES.get(name, _in_words(name)), status, _find_day(raw.get(begin)), _find_day(raw.get(end)))


def _find_day(value: Any) -> date | None:
    """Of "2026/09/07 23:59:59"."""
    return reading.parse_local_day(str(value).replace("/", "-"), reading.BRUSSELS, reading.BRUSSELS)


def _iter_dates(stages: Sequence[_Stage]) -> Iterator[DateMention]:
    for day in sorted({each.closing for each in stages if each.closing}):
        yield reading.state_date(DateKind.COMMENTS_CLOSE, day, NAME, "feedback period")


def _write_stage(stage: _Stage) -> str:
    """Public consultation, feedback from 2 July 2026. The day on which it ends has a sentence of its own."""
    if not stage.begin or stage.status == "DISABLED":
        return stage.name
    planned = stage.status == "UPCOMING"
    until = f" until {reading.write_day(stage.end)}" if planned and stage.end and stage.end >= stage.begin else ""
    time = f"feedback {'planned ' if planned else ''}from {reading.write_day(stage.begin)}{until}"
    return ", ".join(filter(None, (stage.name, time)))


def _standing(status: str) -> str:
    return "" if status == "ACTIVE" else _in_words(status)


def _in_words(code: str) -> str:
    return code.replace("_", " ").lower()


def _iter_references(raw: Mapping[str, Any]) -> Iterator[str]:
    act = reading.text(raw.get("foreseenActType"))
    yield from filter(None, (_ACTS.get(act, _in_words(act)), reading.text(raw.get("reference"))))
    yield from filter(None, (reading.text(each.get("label")) for each in rows(raw, "topics")))
