"""The Markdown file for the editor of a Section.

What publishers wrote is escaped where Markdown reads markup, and the Section stands in a fence that nothing in it can
end; so the headings of the file are always its own.

Does not do: finding what is marked (`stale`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digests import wording, words
from digests.escape import find_link, markdown, plain
from monitor.compare.alignment.words import SegmentOp, mark_words
from monitor.drafting.patch import apply_edits
from monitor.model import DEADLINE_KINDS, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.drafting.marks import Mark
    from monitor.drafting.places import Place
    from monitor.model import Change, Impact, Passage, Section, Sop

_BACKTICKS = re.compile(r"`+")
_LEGEND = {
    True: "`>>` marks what quotes or restates what changed, `^` says why, and `++` is how the line would read with the "
    "publisher's words; where it is missing, the words are for a person to find.",
    False: "Nothing here quotes or restates the old wording, as far as words can tell: read the section as a whole.",
}
_NOT_FOUND = "The file has no such section any more: this is the text as it was last read, and there is no patch."


@dataclass(frozen=True, slots=True)
class Facts:
    """What a draft is about; `is_found` = the Section stands in its file as it is now, or that is no Markdown."""

    change: Change
    publisher: str
    sop: Sop
    section: Section
    impact: Impact | None
    is_found: bool


def write_sheet(facts: Facts, passages: Sequence[Passage], text: str, place: Place, marks: Sequence[Mark]) -> str:
    """The file, with the Section as it stands at this place of the text."""
    section = facts.section
    title = words.path([facts.sop.title, *(each for each in section.heading if each != facts.sop.title)])
    parts = [
        f"# {escape(title)}",
        "Draft of an edit. Nothing was changed in the SOP: what to make of this is for its editor to say.",
        "\n".join(_iter_facts(facts)),
        "## What changed",
        *_iter_passages(passages),
        *_iter_left_out(facts.change, passages),
        *_iter_dates(facts.change),
        "## The section as it stands",
        *([] if facts.is_found else [_NOT_FOUND]),
        _LEGEND[bool(marks)],
        fence("\n".join(_iter_listing(text, place, marks))),
        "## Notes",
        "*What was decided, and why. This part is the editor's.*",
    ]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """A text from outside on one line, as Markdown in which it is nothing but text."""
    return markdown(plain(text))


def fence(text: str) -> str:
    """A text as a block of code, whatever it holds."""
    longest = max((len(each) for each in _BACKTICKS.findall(text)), default=0)
    mark = "`" * max(3, longest + 1)
    return f"{mark}text\n{text}\n{mark}"


def _iter_facts(facts: Facts) -> Iterator[str]:
    change = facts.change
    link = find_link(change.url)
    yield f"- **Owner:** {escape(facts.sop.owner)}"
    yield f"- **SOP:** {escape(facts.sop.id)}, {escape(facts.sop.path)}"
    yield f"- **Section:** {escape(facts.section.id)}"
    yield f"- **Change {change.id}:** {escape(change.judgement.summary or change.judgement.reason)}"
    yield f"- **Severity:** {change.judgement.severity}"
    yield f"- **Publisher:** {escape(words.path([facts.publisher, change.title]))}"
    yield f"- **Address:** {f'<{link}>' if link else escape(change.url)}"
    yield f"- **Detected:** {change.detected_at:%Y-%m-%d %H:%M} UTC"
    if facts.impact:
        why = wording.evidence(facts.impact.evidence, change.judgement.citations)
        yield f"- **Tagged:** {escape(f'{wording.likelihood(facts.impact.probability)}; {why}')}"


def _iter_passages(passages: Sequence[Passage]) -> Iterator[str]:
    for number, passage in enumerate(passages, start=1):
        where = f": {escape(words.path(passage.heading))}" if passage.heading else ""
        yield f"### {number}. {wording.OPS[passage.op]}{where}"
        if passage.op is PassageOp.REWORDED:
            yield "Old and new wording:"
            yield _quote(_mark_lines(passage))
            yield "New wording:"
        yield _quote(map(escape, (passage.after or passage.before).split("\n")))


def _quote(lines: Iterator[str]) -> str:
    """Each line as a paragraph of one quotation."""
    return "\n>\n".join(f"> {line}" for line in lines if line)


def _mark_lines(passage: Passage) -> Iterator[str]:
    """The passage with what was removed ~~struck~~ and what was added **strong**, line by line."""
    lines = [""]
    for segment in mark_words(passage.before, passage.after):
        for number, stretch in enumerate(segment.text.split("\n")):
            if number:
                lines.append("")
            lines[-1] = _append(lines[-1], segment.op, stretch)
    return (line.strip() for line in lines)


def _append(line: str, op: SegmentOp, stretch: str) -> str:
    """The marks go close around the words, as Markdown wants them, and two marks never touch."""
    words = escape(f"x{plain(stretch)}")[1:] if line else escape(stretch)
    ahead = " " if stretch[:1].isspace() or (op is not SegmentOp.SAME and line.endswith(("~~", "**"))) else ""
    behind = " " if stretch[-1:].isspace() and words else ""
    if op is SegmentOp.SAME or not words:
        return line + ahead + words + behind
    mark = "~~" if op is SegmentOp.REMOVED else "**"
    return f"{line}{ahead}{mark}{words}{mark}{behind}"


def _iter_left_out(change: Change, passages: Sequence[Passage]) -> Iterator[str]:
    more = len(change.judgement.passages) - len(passages)
    if more:
        yield f"{words.count(more, 'more passage')} of this change: `monitor show {change.id}`."


def _iter_dates(change: Change) -> Iterator[str]:
    dates = [each for each in change.judgement.dates if each.kind in DEADLINE_KINDS]
    if dates:
        yield "## Dates"
        yield "\n".join(f"- {wording.deadlines([each])[0]}: “{escape(each.sentence)}”" for each in dates)


def _iter_listing(text: str, place: Place, marks: Sequence[Mark]) -> Iterator[str]:
    """The lines of the Section with their numbers in the file, the marked ones with the reasons below them."""
    number = text.count("\n", 0, place.start) + 1
    start = place.start
    for line in text[place.start : place.end].rstrip().split("\n"):
        end = start + len(line) + 1
        here = [each for each in marks if each.start < end and each.end > start]
        yield f"{'>>' if here else '  '} {number:>4} | {_printable(line)}".rstrip()
        yield from (f"           ^ {_printable(each.why)}" for each in here if each.end <= end)
        edits = [edit for each in here for edit in each.edits if start <= edit.start and edit.end <= end]
        if edits:
            yield f"++ {number:>4} | {_printable(apply_edits(text[:end], edits)[start:])}"
        start, number = end, number + 1


def _printable(line: str) -> str:
    """The line without what would break or bend it; its indentation stays."""
    return "".join(sign if sign.isprintable() else " " for sign in line).rstrip()
