"""The coverage page as Markdown that also reads well as it is: what is watched, blind and off, gaps, each last answer.

Does not do: finding any of it out (`monitor.coverage`).
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len

from digests.escape import markdown, markdown_with_code, plain
from digests.words import count, day
from monitor.coverage import SEEING, Cause, Standing, count_standings, cross, group_off

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from monitor.coverage import Coverage, Covered, Gap, WhyOff
    from monitor.model import Problem

COLUMNS = 8
"""Jurisdictions side by side: with the topics, 100 columns of a terminal."""

_STANDINGS = {
    Standing.WATCHED: "{} watched",
    Standing.BLIND: "{} blind now",
    Standing.LATE: "{} late",
    Standing.UNREAD: "{} not read yet",
    Standing.OFF: "{} off",
}
_ALWAYS = frozenset({Standing.WATCHED, Standing.BLIND, Standing.OFF})
_ANSWERED = ((1, "today or yesterday"), (7, "within a week"), (None, "before that"))
_PROVEN = ((92, "within three months"), (366, "within a year"), (None, "before that"))
"""Up to so many days ago, in words."""
_NOT_ASKED = "Nothing was read yet. Start with: `monitor run`"
_LATE = "Late: overdue for more than a day. Is `monitor run` still called, and does `monitor process` read what came?"
_LEGEND = (
    "How many sources are on, and in brackets how many are off; `!2` = two of those that are on are blind now. "
    "A source with two topics counts at both. Jurisdictions for which nothing is on are left out here."
)
_WITHIN_WORD = re.compile(r"(?<=\w)\\_(?=\w)")


def to_markdown(coverage: Coverage, packs: Mapping[str, str], sought: Sequence[str] = ()) -> str:
    """The whole page. `packs`: the name of each pack by its id; `sought`: what its sources were to be about."""
    on = [each for each in coverage.sources if each.standing is not Standing.OFF]
    sections = (
        ("Blind now", _list_blind(on)),
        ("Read, but look at it", _list_doubts(on)),
        ("Gaps", _list_gaps(coverage.gaps)),
        ("Jurisdictions and topics", _draw_matrix(coverage)),
        ("Off, and why", _list_off(coverage.sources, packs)),
        ("On, and when each last answered", _list_on(on)),
    )
    written = ((title, "\n".join(lines)) for title, lines in sections)
    parts = ["\n".join(_begin(coverage, on, sought)), *(f"## {title}\n\n{text}" for title, text in written if text)]
    return "\n\n".join(parts).rstrip() + "\n"


def _begin(coverage: Coverage, on: Sequence[Covered], sought: Sequence[str]) -> Iterator[str]:
    """The headline, and how fresh all of that is."""
    counts = count_standings(coverage.sources)
    said = [words.format(counts[each]) for each, words in _STANDINGS.items() if counts[each] or each in _ALWAYS]
    yield "# Coverage"
    yield ""
    yield f"**{', '.join(said)}.** As of {day(coverage.at)}, {coverage.at:%H:%M} UTC."
    answers = [each.answered_at.date() for each in on if each.answered_at]
    proofs = [each.source.checked for each in on if each.source.checked]
    if answers:
        yield ""
        yield f"- Last answers: {_say_ages(answers, coverage.at.date(), _ANSWERED, len(on), 'never')}"
    elif on:
        yield ""
        yield f"- {_NOT_ASKED}"
    elif not coverage.sources:
        yield ""
        yield f"No source is about {'all' if sought[2:] else 'both'}: {', '.join(sought)}."
    if counts[Standing.LATE]:
        yield f"- {_LATE}"
    if on:
        yield f"- Addresses last proven: {_say_ages(proofs, coverage.at.date(), _PROVEN, len(on), 'on no known day')}"


def _say_ages(
    days: Sequence[date], today: date, bounds: Iterable[tuple[int | None, str]], of: int, otherwise: str
) -> str:
    """How many of the days lie within which bound, and how many of the `of` have none."""
    left, said = list(days), []
    for most, words in bounds:
        within = [each for each in left if most is None or (today - each).days <= most]
        left = [each for each in left if each not in within]
        said.append((len(within), words))
    said.append((of - len(days), otherwise))
    return ", ".join(f"{number} {words}" for number, words in said if number) + "."


def _list_blind(on: Iterable[Covered]) -> Iterator[str]:
    blind = [(problem, each) for each in on for problem in each.problems if problem.is_blind]
    for problem, each in sorted(blind, key=lambda pair: pair[0].opened_at):
        last = f"last answer {day(each.answered_at)}" if each.answered_at else "it never answered"
        yield _say_problem(problem, each, f"; {last}")


def _list_doubts(on: Iterable[Covered]) -> Iterator[str]:
    for each in on:
        if each.standing is not Standing.BLIND:
            yield from (_say_problem(problem, each) for problem in each.problems)


def _say_problem(problem: Problem, covered: Covered, more: str = "") -> str:
    source = covered.source
    name = f"**{_escape(source.name)}** ({_escape(source.publisher)}, {source.jurisdiction}, `{source.id}`)"
    said = f"{markdown_with_code(plain(problem.detail))}  \n  → {markdown_with_code(plain(problem.advice))}"
    return f"- {name}: {problem.kind} since {day(problem.opened_at)}{more}.  \n  {said}"


def _list_gaps(gaps: Iterable[Gap]) -> Iterator[str]:
    """One line for each, the audiences first; jurisdictions of which all is off share a line."""
    silent = []
    for gap in gaps:
        if gap.audience is None and gap.jurisdiction and all(each.standing is Standing.OFF for each in gap.sources):
            silent.append(f"{gap.jurisdiction} ({len(gap.sources)})")
        else:
            yield f"- {_name_gap(gap)}: {_say_gap(gap.sources)}"
    if silent:
        yield f"- Nothing is on for {', '.join(silent)}; in brackets, how many sources are off."


def _name_gap(gap: Gap) -> str:
    what = gap.jurisdiction or gap.topic
    if gap.audience is None:
        return what or ""
    return f"**{_escape(gap.audience)}** wants {what}" if what else f"**{_escape(gap.audience)}** hears of nothing"


def _say_gap(sources: Sequence[Covered]) -> str:
    if not sources:
        return "no source is declared for that"
    seeing = _name_ids(each.source.id for each in sources if each.standing in SEEING)
    blind = _name_ids(each.source.id for each in sources if each.standing is Standing.BLIND)
    off = count_standings(sources)[Standing.OFF]
    said = [
        f"hangs on {seeing} alone" if seeing else "nothing is read",
        f"blind now: {blind}" if blind else "",
        f"{count(off, 'source')} off" if off else "",
    ]
    return "; ".join(filter(None, said))


def _name_ids(ids: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in ids)


def _draw_matrix(coverage: Coverage) -> Iterator[str]:
    """Topics below each other, jurisdictions side by side: those for which anything is on, the most first."""
    cells = cross(coverage.sources)
    places = _get_places(coverage.sources)
    if not (coverage.topics and places):
        return
    yield _LEGEND
    for start in range(0, len(places), COLUMNS):
        shown = places[start : start + COLUMNS]
        rows = [[topic, *(_say_cell(cells.get((place, topic), ())) for place in shown)] for topic in coverage.topics]
        whole = [_say_cell(_of_place(coverage.sources, place)) for place in shown]
        yield ""
        yield from _draw_table(["Topic", *shown], [*rows, ["**all sources**", *whole]], "<" + ">" * len(shown))


def _get_places(sources: Sequence[Covered]) -> list[str]:
    """The jurisdictions for which anything is on; all of them where nothing is."""
    counts = {place: count_standings(_of_place(sources, place)) for place in _name_places(sources)}
    on = [place for place, found in counts.items() if found.total() > found[Standing.OFF]]
    return sorted(on or counts, key=lambda place: counts[place][Standing.OFF] - counts[place].total())


def _name_places(sources: Iterable[Covered]) -> Iterable[str]:
    return dict.fromkeys(each.source.jurisdiction for each in sources)


def _of_place(sources: Iterable[Covered], place: str) -> list[Covered]:
    return [each for each in sources if each.source.jurisdiction == place]


def _say_cell(sources: Iterable[Covered]) -> str:
    """As in "12!2 (8)": 12 on, of which 2 are blind, and 8 off."""
    counts = count_standings(sources)
    on, blind, off = counts.total() - counts[Standing.OFF], counts[Standing.BLIND], counts[Standing.OFF]
    return " ".join(filter(None, [f"{on}{f'!{blind}' if blind else ''}" if on else "", f"({off})" if off else ""]))


def _list_off(sources: Iterable[Covered], packs: Mapping[str, str]) -> Iterator[str]:
    for why, found in group_off(sources).items():
        ids = "" if why.cause is Cause.PACK else f": {_name_ids(each.source.id for each in found)}"
        yield f"- {_say_why(why, packs)}: {count(len(found), 'source')}{ids}"


def _say_why(why: WhyOff, packs: Mapping[str, str]) -> str:
    if why.cause is Cause.PACK:
        return f"Pack `{why.detail}` is off ({_escape(packs[why.detail])})"
    if why.cause is Cause.NOTE:
        return _escape(why.detail)
    return "Switched off, and no note says why"


def _list_on(on: Sequence[Covered]) -> Iterator[str]:
    """A table for each jurisdiction, those with the most first."""
    order = {place: number for number, place in enumerate(_get_places(on))}
    ranked = sorted(on, key=lambda each: order[each.source.jurisdiction])
    for place, found in groupby(ranked, key=lambda each: each.source.jurisdiction):
        rows = [_say_row(each) for each in found]
        lines = _draw_table(["Source", "Publisher", "Id", "Last answer", "Address proven"], rows, "<<<<<")
        yield "\n".join([f"### {place}: {count(len(rows), 'source')}\n", *lines, ""])


def _say_row(covered: Covered) -> list[str]:
    source = covered.source
    last = f"{covered.answered_at:%Y-%m-%d %H:%M}" if covered.answered_at else "never"
    mark = f", {covered.standing}" if covered.standing in {Standing.BLIND, Standing.LATE} else ""
    proven = f"{source.checked:%Y-%m-%d}" if source.checked else "-"
    return [_escape(source.name), _escape(source.publisher), f"`{source.id}`", last + mark, proven]


def _draw_table(head: Sequence[str], rows: Sequence[Sequence[str]], sides: str) -> Iterator[str]:
    """A Markdown table whose columns stand in line as plain text; `sides`: < or > for each column."""
    cells = [[each.replace("|", r"\|") for each in row] for row in (head, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    rules = ["-" * (width + 1) + (":" if side == ">" else "-") for width, side in zip(widths, sides, strict=True)]
    first, *rest = (" | ".join(_pad(*each) for each in zip(row, widths, sides, strict=True)) for row in cells)
    yield f"| {first} |"
    yield f"|{'|'.join(rules)}|"
    yield from (f"| {row} |" for row in rest)


def _pad(text: str, width: int, side: str) -> str:
    room = " " * (width - cell_len(text))
    return room + text if side == ">" else text + room


def _escape(text: str) -> str:
    """Nothing in it is markup; an underscore within a word, as in A_B, never is."""
    return _WITHIN_WORD.sub("_", markdown(plain(text)))
