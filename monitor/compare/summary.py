"""A change in one line that quotes the decisive words.

    Minimum age: "at least 13 years old" → "at least 16 years old" (+ 2 more passages)

Does not do: finding what is decisive (`severity.findings`), adding it up (`severity.scale`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.compare.alignment.words import fold, split_words
from monitor.compare.quoting import clean, cut_around, find_decisive_hunk, quote_span, shorten
from monitor.compare.severity.findings import find_gravest
from monitor.model import Aspect, Passage, PassageOp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.compare.severity.edits import Edit
    from monitor.compare.severity.findings import Finding

__all__ = ["LENGTH", "shorten", "summarise"]

LENGTH = 160
"""Characters: one line of a digest, of a terminal that is wide, of a notification."""
HEADING = 50
"""Characters of it that the heading may take, so that the words have room."""
MANY_WORDS = 4
"""From so many on, inserted words can be read without the sentence around them."""
SIDE = 75
"""Characters of each side of a reworded sentence; more is no more readable."""


def summarise(passages: Sequence[Passage]) -> str:
    """The heading and the decisive words, quoted, of what is gravest; "" where there are no passages."""
    if not passages:
        return ""
    others = len(passages) - 1
    suffix = f" (+ {others} more passage{'s' if others > 1 else ''})" if others else ""
    gravest = find_gravest(passages)
    if gravest is None:
        return _show(passages[0], suffix)
    edit, finding = gravest
    heading = _name(edit.passage, edit.after or edit.before)
    return heading + _tell(edit, finding, LENGTH - len(heading) - len(suffix)) + suffix


def _show(passage: Passage, suffix: str) -> str:
    """The first words of a passage in which no sentence changed: it moved."""
    text = passage.after or passage.before
    ahead = f"{_name(passage, text)}{passage.op} "
    return f'{ahead}"{shorten(clean(text), LENGTH - len(ahead) - len(suffix) - 2)}"{suffix}'


def _name(passage: Passage, quoted: str) -> str:
    """The last headings above the passage but not the one that is quoted itself: `Privacy › Your choices: `."""
    path = [clean(part).rstrip(" .:") for part in passage.heading if fold(part) != fold(quoted)]
    named = [part for part in path if any(map(str.isalpha, part))][-2:]
    name = " › ".join(named)
    if len(name) > HEADING:
        name = shorten(named[-1], HEADING)
    return f"{name}: " if name else ""


def _tell(edit: Edit, finding: Finding, room: int) -> str:
    if finding.aspect is Aspect.DATE and finding.is_told:
        return shorten(finding.says.removeprefix("the "), room)
    if edit.before and edit.after:
        return _tell_reworded(edit, finding.key, room)
    verb = _verb(edit)
    return f'{verb} "{cut_around(clean(edit.after or edit.before), finding.key, room - len(verb) - 3)}"'


def _verb(edit: Edit) -> str:
    """What happened to a sentence, or to the whole section that it stands in."""
    lines = (edit.passage.after or edit.passage.before).splitlines()
    is_section = len(lines) > 1 and fold(lines[0]) == fold("".join(edit.passage.heading[-1:]))
    if edit.passage.op is PassageOp.ADDED:
        return "new section" if is_section else "added"
    if edit.passage.op is PassageOp.REMOVED:
        return "section removed" if is_section else "removed"
    return "added" if edit.after else "removed"


def _tell_reworded(edit: Edit, key: str, room: int) -> str:
    """Both sides around the decisive words; of a long sentence into which words were put, or left out, just these."""
    hunk = find_decisive_hunk(edit, key)
    verb, only = ("added", hunk.added) if not hunk.removed.words else ("removed", hunk.removed)
    side = min(SIDE, (room - len('"" → ""')) // 2)
    is_long = max(len(edit.before), len(edit.after)) > side and len(split_words(only.words)) >= MANY_WORDS
    if is_long and not (hunk.removed.words and hunk.added.words):
        return f'{verb} "{cut_around(clean(only.words).strip(" ,;"), key, room - len(verb) - 3)}"'
    return f'"{quote_span(hunk.removed, key, side)}" → "{quote_span(hunk.added, key, side)}"'
