"""How Changes are shown to people in a terminal: a line each, their passages, the sections that they touch.

Does not do: what every command prints (`monitor.cli.output`), JSON (`digests.jsonform`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from digests import wording, words
from digests.jsonform import held_seconds
from monitor.compare.alignment.words import SegmentOp, mark_words
from monitor.model import ChangeStatus, PassageOp, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Change, Impact, Passage

SEVERITY_MARKS = {"high": "‼", "medium": "!", "low": "·"}
OP_MARKS = {PassageOp.ADDED: "+", PassageOp.REMOVED: "-", PassageOp.REWORDED: "~", PassageOp.MOVED: "↕"}
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))
STATUS_MARKS = {
    ChangeStatus.PROVISIONAL: " (held)",
    ChangeStatus.CONFIRMED: "",
    ChangeStatus.SUPERSEDED: " (superseded)",
    ChangeStatus.HISTORY: " (history)",
}


def say_held(change: Change) -> str:
    """As in "held 2 hours"; empty where it was told at once, or is not told yet."""
    seconds = held_seconds(change)
    if not seconds:
        return ""
    unit, length = next((each for each in _UNITS if seconds >= 2 * each[1]), _UNITS[-1])
    return f"held {words.count(max(1, round(seconds / length)), unit)}"


def change_lines(changes: Sequence[Change]) -> list[Text]:
    """A line each, in columns: id, severity, day, kind, document (its id begins with the source's), summary."""
    kinds = [change.judgement.kind + STATUS_MARKS[change.status] for change in changes]
    kind_width = max(map(len, kinds), default=0)
    id_width = max((len(change.document_id) for change in changes), default=0)
    return [
        Text.assemble(
            (f"{change.id:>5} ", "dim"),
            (f"{SEVERITY_MARKS[change.judgement.severity]:<2}", _severity_style(change)),
            (f"{change.detected_at:%Y-%m-%d} ", "dim"),
            (f"{kind:<{kind_width}}  ", "cyan"),
            (f"{change.document_id:<{id_width}}  ", "bold"),
            change.judgement.summary or change.judgement.reason,
            (f" · {held}" if (held := say_held(change)) else "", "dim"),
        )
        for change, kind in zip(changes, kinds, strict=True)
    ]


def _severity_style(change: Change) -> str:
    return "bold red" if change.judgement.severity is Severity.HIGH else ""


def passage_text(passage: Passage) -> Text:
    """A Passage with its heading path; in a reworded one the words are marked."""
    text = Text()
    if passage.heading:
        text.append(" › ".join(passage.heading) + "\n", style="dim")
    text.append(f"{OP_MARKS[passage.op]} ", style="bold")
    if passage.op is PassageOp.REWORDED:
        _append_marked(text, passage)
    else:
        style = {"added": "green", "removed": "red strike"}.get(passage.op, "")
        text.append(passage.after or passage.before, style=style)
    return text


def _append_marked(text: Text, passage: Passage) -> None:
    """Marks that survive without colour: [-removed-] and {+added+}, as word-level comparisons commonly show them."""
    for segment in mark_words(passage.before, passage.after):
        words = segment.text.strip()
        if segment.op is SegmentOp.SAME or not words:  # nobody marks a space
            text.append("" if segment.op is SegmentOp.REMOVED else segment.text)
            continue
        before, after = segment.text.split(words, 1)
        mark, style = ("[-{}-]", "red") if segment.op is SegmentOp.REMOVED else ("{{+{}+}}", "green")
        text.append(before)
        text.append(mark.format(words), style=style)
        text.append(after)


def impact_text(impact: Impact) -> Text:
    """Likelihood, section and owner on one line, the evidence below it."""
    return Text.assemble(
        f"  {wording.likelihood(impact.probability)}  ",
        (wording.section_name(impact), "bold"),
        wording.owner(impact),
        (f"\n    {wording.evidence(impact.evidence)}", "dim"),
    )
