"""What a change does to rules: the findings that severity, explanation and summary are made of.

| Points  | What happened to a sentence                                                                     |
|---------|-------------------------------------------------------------------------------------------------|
| ALARM   | a prohibition came; what was forbidden, required or optional turned; an age, an amount or a     |
|         | number that binds changed; a new text was announced; sensitive data came, a commitment on it went |
| RULE    | a prohibition went, an obligation, exception or amount came or went, a company was named        |
| CONTENT | a rule has another content; enforcement, minors, places; a date in a rule moved; "not" came or went |
| TOPIC   | data, payments, rights, scope, the meaning of a term; the effective date moved                  |
| FAINT   | contacts, dates without a rule, a few words of a rule                                           |

Does not do: reading words and numbers (`lexicon`, `quantities`, `terms`), cutting passages into sentences (`edits`),
adding up (`severity`), wording for people (`explain`, `summary`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from monitor.compare.alignment.words import fold
from monitor.compare.severity.edits import find_edits
from monitor.compare.severity.lexicon import Found, Meaning, look_up, read_words
from monitor.compare.severity.meanings import find_meanings
from monitor.compare.severity.quantities import Measure, Quantity, find_quantities
from monitor.compare.severity.terms import is_term
from monitor.model import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.compare.severity.edits import Edit
    from monitor.model import Passage

ALARM, RULE, CONTENT, TOPIC, FAINT = 4.0, 2.5, 1.5, 1.0, 0.5
"""Points, see the table above. ALARM is severe on its own, RULE and CONTENT are medium, the others low where the change
is short (`severity`)."""
MANY_WORDS = 4
"""From so many changed words in it on, a rule has another content."""
MAX_LABEL_WORDS = 5
"""A shorter line with a date in it is no rule: "Key expires: 1 May 2026"."""
MAX_STAMP_WORDS = 14
"""A longer sentence is more than the date of a text."""

DATA_PRACTICE = Aspect.SCOPE
"""Which data, for which purpose, given to whom: there is no aspect of its own for it."""

_COMPANY = re.compile(
    r"\b[A-Z][\w&.'’-]*(?:,?\s[A-Z][\w&.'’-]*){0,5},?\s(?:Inc|LLC|Ltd|Limited|GmbH|AG|KG|B\.V|N\.V|S\.A|S\.à\s?r\.l|SARL|"
    r"SAS|SE|plc|PLC|Pty|Pte|Corp|Corporation|S\.p\.A|S\.r\.l|Unlimited\sCompany|Joint\sVenture|Oy|AB|ApS|Kft)\b"
)


class Finding(NamedTuple):
    """One thing that an edit does to a rule."""

    aspect: Aspect
    points: float
    says: str
    """What happened, for people: "the age changed from 13 to 16", "a prohibition was added"."""
    key: str
    """The decisive word or number as it is written, perhaps in lower case; "" where there is none."""
    is_told: bool = False
    """Whether `says` holds the decisive words already, so that they need no quoting beside it."""


class Read(NamedTuple):
    """An edit with what it does, gravest first, and how many words changed in it."""

    edit: Edit
    findings: tuple[Finding, ...]
    words: int


def read_passages(passages: Sequence[Passage]) -> tuple[Read, ...]:
    """What each edit of these passages does; at least that it is a matter of wording."""
    return _read_passages(tuple(passages))


@lru_cache(maxsize=1)
def _read_passages(passages: tuple[Passage, ...]) -> tuple[Read, ...]:
    """Remembers the last change, of which severity, reason and summary are asked in a row."""
    return tuple(_read(_Reading.of(edit)) for edit in find_edits(passages))


def find_gravest(passages: Sequence[Passage]) -> tuple[Edit, Finding] | None:
    """The gravest finding, the first of equals, and the edit that it is about; None where no sentence changed."""
    reads = read_passages(passages)
    gravest = min(reads, key=lambda read: gravity(read.findings[0]), default=None)
    return (gravest.edit, gravest.findings[0]) if gravest else None


def _read(reading: _Reading) -> Read:
    findings = [finding for rule in _RULES for finding in rule(reading)] or [_without_rule(reading)]
    return Read(reading.edit, tuple(sorted(findings, key=gravity)), reading.words)


def _without_rule(reading: _Reading) -> Finding:
    """An address of which another part changed is still a contact; the rest is wording."""
    if Meaning.CONTACT in reading.keys:
        return Finding(Aspect.CONTACT, FAINT, f"a contact was {reading.verb}", "")
    if reading.is_reworded:
        return Finding(Aspect.WORDING, 0, "only wording changed", "")
    return Finding(Aspect.WORDING, 0, f"words without a rule were {reading.verb}", "")


def gravity(finding: Finding) -> tuple[float, int]:
    """Sorts the gravest first: by points, then by aspect."""
    return -finding.points, _RANKS[finding.aspect]


_RANKS = {aspect: rank for rank, aspect in enumerate(Aspect)}


@dataclass(frozen=True, slots=True)
class _Reading:
    """An edit with the meanings and quantities of its sentence on both sides."""

    edit: Edit
    old: Counter[Meaning]
    new: Counter[Meaning]
    touched: frozenset[Meaning]
    """What the changed words themselves mean."""
    keys: dict[Meaning, str]
    gone: tuple[Quantity, ...]
    come: tuple[Quantity, ...]
    words: int

    @classmethod
    def of(cls, edit: Edit) -> _Reading:
        sides = [read_words(edit.before), read_words(edit.after)]
        changed = [read_words(edit.removed), read_words(edit.added)] if edit.before and edit.after else sides
        old, new = (_name(find_meanings(words), words) for words in sides)
        touched = [old, new] if changed is sides else [_name(look_up(words), words) for words in changed]
        topic = " ".join(edit.passage.heading[-1:])
        before, after = (tuple(find_quantities(text, topic)) for text in (edit.before, edit.after))
        return cls(
            edit,
            old=Counter(meaning for meaning, _ in old),
            new=Counter(meaning for meaning, _ in new),
            touched=frozenset(meaning for side in touched for meaning, _ in side),
            keys=dict([*reversed(old), *reversed(new), *reversed(touched[0]), *reversed(touched[1])]),
            gone=_only_in(before, after),
            come=_only_in(after, before),
            words=sum(map(len, changed)),
        )

    @property
    def is_reworded(self) -> bool:
        return bool(self.edit.before and self.edit.after)

    @property
    def verb(self) -> str:
        if self.is_reworded:
            return "reworded"
        return "added" if self.edit.after else "dropped"

    @property
    def is_stamp(self) -> bool:
        """Whether the sentence says no more than the date of the text."""
        words = max(len(self.edit.before.split()), len(self.edit.after.split()))
        return words <= MAX_STAMP_WORDS and not _STAMPS.isdisjoint(self.keys)

    @property
    def binds(self) -> bool:
        """Whether the sentence is a rule or sets a limit."""
        return not _BINDING.isdisjoint([*self.old, *self.new])

    def gained(self, meaning: Meaning) -> bool:
        return self.new[meaning] > self.old[meaning]

    def lost(self, meaning: Meaning) -> bool:
        return self.old[meaning] > self.new[meaning]


def _only_in(these: Sequence[Quantity], those: Sequence[Quantity]) -> tuple[Quantity, ...]:
    known = {each.normal for each in those}
    return tuple(each for each in these if each.normal not in known)


def _name(found: Sequence[Found], words: Sequence[str]) -> list[tuple[Meaning, str]]:
    return [(each.meaning, " ".join(words[each.start : each.stop])) for each in found]


_BINDING = {Meaning.FORBID, Meaning.OBLIGE, Meaning.PERMIT, Meaning.LIMIT}


def _numbers(reading: _Reading) -> Iterator[Finding]:
    for measure in (Measure.AGE, Measure.MONEY, Measure.SHARE, Measure.TIME, Measure.NUMBER):
        gone = next((each.text for each in reading.gone if each.measure is measure), "")
        come = next((each.text for each in reading.come if each.measure is measure), "")
        aspect = Aspect.FEE if measure is Measure.MONEY else Aspect.THRESHOLD
        if gone and come and reading.is_reworded:
            if _binds(reading, measure, gone, come):
                yield Finding(
                    aspect,
                    ALARM,
                    f"the {measure} changed from {_bare(gone, measure)} to {_bare(come, measure)}",
                    come,
                    is_told=True,
                )
        elif (come or gone) and (points := _points_alone(reading, measure)):
            yield Finding(aspect, points, f"{measure.with_article} was {'added' if come else 'dropped'}", come or gone)


def _binds(reading: _Reading, measure: Measure, gone: str, come: str) -> bool:
    """Whether a number that changed is one that people have to heed."""
    if measure is Measure.TIME:
        edit = reading.edit
        return is_term(edit.before, gone, reading.old) or is_term(edit.after, come, reading.new)
    return reading.binds or measure in _GRAVE_MEASURES


def _bare(text: str, measure: Measure) -> str:
    """Of "under the age of 16", 16."""
    return "".join(filter(str.isdigit, text)) if measure is Measure.AGE else text


_GRAVE_MEASURES = {Measure.AGE, Measure.MONEY}


def _points_alone(reading: _Reading, measure: Measure) -> float:
    """Of a number without a counterpart: in a sentence that is new itself it is a part of that."""
    if measure in _GRAVE_MEASURES:
        return ALARM if reading.is_reworded and measure is Measure.AGE else RULE
    return TOPIC if reading.binds and measure is not Measure.NUMBER else 0


def _dates(reading: _Reading) -> Iterator[Finding]:
    gone = next((each.text for each in reading.gone if each.measure is Measure.DATE), "")
    come = next((each.text for each in reading.come if each.measure is Measure.DATE), "")
    if not (gone or come):
        return
    key, is_told = come or gone, bool(come and gone)
    happened = f"moved from {gone} to {come}" if is_told else f"was {'added' if come else 'dropped'}"
    if come and _announces(reading.new) and not _announces(reading.old):
        yield Finding(Aspect.DATE, ALARM, f"a new text was announced with the date {come}", come)
    elif gone and not reading.edit.after and _is_notice(reading.old):
        yield Finding(Aspect.DATE, FAINT, "a notice was removed", gone)
    elif reading.is_stamp and Meaning.EFFECTIVE in reading.keys:
        yield Finding(Aspect.DATE, TOPIC, f"the effective date {happened}", key, is_told)
    elif reading.is_stamp:
        yield Finding(Aspect.DATE, FAINT, f"the date of the text {happened}", key, is_told)
    else:
        yield Finding(Aspect.DATE, _points_of_date(reading, is_told=is_told), f"a date {happened}", key, is_told)


def _points_of_date(reading: _Reading, *, is_told: bool) -> float:
    """A date that moved in a sentence is one that people act by."""
    if not is_told:
        return FAINT
    return CONTENT if len(reading.edit.after.split()) > MAX_LABEL_WORDS else TOPIC


def _announces(meanings: Counter[Meaning]) -> bool:
    """Whether it says that rules change or take effect."""
    return Meaning.CHANGE in meanings and (Meaning.RULES in meanings or Meaning.EFFECTIVE in meanings)


def _is_notice(meanings: Counter[Meaning]) -> bool:
    return Meaning.CHANGE in meanings or (Meaning.RULES in meanings and not _STAMPS.isdisjoint(meanings))


_STAMPS = {Meaning.STAMP, Meaning.EFFECTIVE}


def _force(reading: _Reading) -> Iterator[Finding]:
    """Whether the sentence forbids, obliges or permits what it did not before."""
    if turned := _turned(reading):
        yield turned
        return
    for meaning, aspect, noun, points in _FORCES:
        key = reading.keys.get(meaning, "")
        if reading.gained(meaning):
            yield Finding(aspect, points, f"{noun} was added", key)
        elif reading.lost(meaning):
            yield Finding(aspect, RULE, f"{noun} was dropped", key)
        elif reading.new[meaning]:
            yield Finding(aspect, CONTENT if reading.words >= MANY_WORDS else FAINT, f"{noun} was reworded", "")


_FORCES = (
    (Meaning.FORBID, Aspect.PROHIBITION, "a prohibition", ALARM),
    (Meaning.OBLIGE, Aspect.OBLIGATION, "an obligation", RULE),
)


def _turned(reading: _Reading) -> Finding | None:
    if reading.is_reworded:
        for lost, gained, aspect, says in _TURNS:
            if reading.lost(lost) and reading.gained(gained):
                return Finding(aspect, ALARM, says, reading.keys[gained])
    return None


_TURNS = (
    (Meaning.PERMIT, Meaning.FORBID, Aspect.PROHIBITION, "what was permitted is now prohibited"),
    (Meaning.OBLIGE, Meaning.FORBID, Aspect.PROHIBITION, "what was required is now prohibited"),
    (Meaning.FORBID, Meaning.PERMIT, Aspect.PROHIBITION, "what was prohibited is now permitted"),
    (Meaning.FORBID, Meaning.OBLIGE, Aspect.PROHIBITION, "what was prohibited is now required"),
    (Meaning.PERMIT, Meaning.OBLIGE, Aspect.OBLIGATION, "what was optional is now required"),
    (Meaning.OBLIGE, Meaning.PERMIT, Aspect.OBLIGATION, "what was required is now optional"),
)


def _conditions(reading: _Reading) -> Iterator[Finding]:
    """An exception or a denial that came into a sentence or left it."""
    if reading.is_reworded and reading.gained(Meaning.EXCEPT) != reading.lost(Meaning.EXCEPT):
        verb = "added" if reading.gained(Meaning.EXCEPT) else "dropped"
        yield Finding(_aspect_of_rule(reading), RULE, f"a condition was {verb}", reading.keys[Meaning.EXCEPT])
    if reading.lost(Meaning.SPARE):
        yield Finding(DATA_PRACTICE, ALARM, "a commitment on data was dropped", reading.keys[Meaning.SPARE])
    elif reading.gained(Meaning.FORBID) or reading.lost(Meaning.FORBID):
        return
    elif reading.is_reworded and reading.gained(Meaning.NEGATE) != reading.lost(Meaning.NEGATE):
        verb = "added" if reading.gained(Meaning.NEGATE) else "dropped"
        key = reading.keys[Meaning.NEGATE]
        yield Finding(_aspect_of_rule(reading), CONTENT, f"“{key}” was {verb}", key)


def _aspect_of_rule(reading: _Reading) -> Aspect:
    if Meaning.FORBID in reading.keys:
        return Aspect.PROHIBITION
    return Aspect.OBLIGATION if Meaning.OBLIGE in reading.keys else Aspect.SCOPE


def _harms(reading: _Reading) -> Iterator[Finding]:
    """Harmful conduct that is named without a word that forbids it: in a list of what is forbidden, it is forbidden."""
    if Meaning.HARM not in reading.touched or reading.gained(Meaning.FORBID) or reading.lost(Meaning.FORBID):
        return
    key = reading.keys[Meaning.HARM]
    path = reading.edit.passage.heading
    if path and fold(path[-1]) in (fold(reading.edit.before), fold(reading.edit.after)):
        return
    forbidding = not _FORBIDDING_HEADINGS.isdisjoint(_meanings_of_heading(path[-3:]))
    if forbidding and not reading.is_reworded and Meaning.OURSELVES not in reading.keys:
        points = ALARM if reading.edit.after else RULE
        yield Finding(Aspect.PROHIBITION, points, f"a prohibited thing was {reading.verb}", key)
    else:
        points = CONTENT if forbidding else TOPIC
        yield Finding(Aspect.PROHIBITION, points, f"a passage on harm was {reading.verb}", key)


_FORBIDDING_HEADINGS = {Meaning.FORBID, Meaning.HARM}


@lru_cache(maxsize=1000)
def _meanings_of_heading(heading: tuple[str, ...]) -> frozenset[Meaning]:
    return frozenset(each.meaning for part in heading for each in find_meanings(read_words(part)))


def _topics(reading: _Reading) -> Iterator[Finding]:
    """What the changed words are about."""
    if Meaning.SENSITIVE in reading.touched:
        points = ALARM if reading.gained(Meaning.SENSITIVE) else RULE if reading.lost(Meaning.SENSITIVE) else CONTENT
        says = f"a passage on sensitive data was {reading.verb}"
        yield Finding(DATA_PRACTICE, points, says, reading.keys[Meaning.SENSITIVE])
    for meaning, aspect, points, topic in _TOPICS:
        if meaning in reading.touched and not (meaning is Meaning.PLACE and Meaning.CONTACT in reading.keys):
            yield Finding(aspect, points, f"a passage on {topic} was {reading.verb}", reading.keys[meaning])
    known = reading.edit.before
    company = next((match[0] for match in _COMPANY.finditer(reading.edit.added) if match[0] not in known), "")
    if company:
        yield Finding(Aspect.SCOPE, RULE, "a company was named", company)


_TOPICS = (
    (Meaning.ENFORCE, Aspect.ENFORCEMENT, CONTENT, "enforcement"),
    (Meaning.MINOR, Aspect.SCOPE, CONTENT, "minors"),
    (Meaning.PLACE, Aspect.SCOPE, CONTENT, "places"),
    (Meaning.RIGHT, Aspect.RIGHT, TOPIC, "rights"),
    (Meaning.FEE, Aspect.FEE, TOPIC, "payments"),
    (Meaning.DEFINE, Aspect.DEFINITION, TOPIC, "the meaning of a term"),
    (Meaning.DATA, DATA_PRACTICE, TOPIC, "data"),
    (Meaning.SCOPE, Aspect.SCOPE, TOPIC, "what applies to whom"),
    (Meaning.CONTACT, Aspect.CONTACT, FAINT, "contacts"),
)

_RULES = (_numbers, _dates, _force, _conditions, _harms, _topics)
