"""A Digest as Markdown (the file, and what `monitor digest --format markdown` prints) and as plain text for a terminal.

Does not do: choosing what is told, colours, buttons.
"""

from __future__ import annotations

import textwrap
from types import MappingProxyType
from typing import TYPE_CHECKING

from digests import lists, quotes, wording, words
from digests.escape import find_link, markdown, markdown_with_code, plain
from digests.grouping import group_changes
from monitor.compare.alignment.words import SegmentOp
from monitor.model import PassageOp, Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from digests.grouping import Item
    from digests.lists import Due, Line
    from digests.quotes import Quote
    from monitor.model import Digest, DigestChange, Impact, Person, Problem

COLUMNS = 100

_FENCES = {SegmentOp.SAME: "", SegmentOp.REMOVED: "~~", SegmentOp.ADDED: "**"}
_PLAIN = _FENCES | {SegmentOp.ADDED: ""}

_RULE = ("", "─" * COLUMNS)

_UNKNOWN: Mapping[int, str] = MappingProxyType({})


def to_markdown(digest: Digest, people: Sequence[Person] = (), states: Mapping[int, str] = _UNKNOWN) -> str:
    """CommonMark, with `~~` for removed words as on GitHub; ends with a line break.

    `people` and `states` as for `digests.blocks.messages`; a state is said only where it is known.
    """
    blocks = [
        f"# {_md(wording.title(digest))}",
        " · ".join([f"**{_md(wording.headline(digest))}**", *map(_md, _facts(digest))]),
        *("\n\n".join(_markdown_item(each)) for each in _items(digest)),
        *(_markdown_due(each) for each in lists.handed_over(digest)),
        *(f"## {name}\n\n" + "\n".join(map(_markdown_line, lines)) for name, lines in _lists(digest, people, states)),
        *_markdown_problems(digest),
        lists.closing(digest),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _facts(digest: Digest) -> list[str]:
    """What stands beside the headline."""
    ahead = lists.next_deadline(digest) if lists.is_quiet(digest) else ""
    return [each for each in (wording.coverage(digest), ahead) if each]


def _items(digest: Digest) -> tuple[Item, ...]:
    """What is told in full."""
    return () if digest.period is Period.WEEKLY else group_changes(digest.changes)


def _lists(digest: Digest, people: Sequence[Person], states: Mapping[int, str]) -> list[tuple[str, tuple[Line, ...]]]:
    """What is told in one line each, under its headings."""
    week = lists.roll_up(digest, states) if digest.period is Period.WEEKLY else ()
    before = tuple(lists.told_before(each, states.get(each.change.id, "")) for each in digest.alerted)
    told = [(lists.ROLL_UP, week), (lists.ALERTED, before)]
    rest = [] if lists.is_quiet(digest) else lists.listings(digest, people)
    return [*(each for each in told if each[1]), *rest]


def _markdown_line(line: Line) -> str:
    return f"- {_markdown_words(line)}" + (f"  \n  *{_md(line.note)}*" if line.note else "")


def _markdown_words(line: Line) -> str:
    parts = [
        f"**{_md(line.lead)}**" if line.lead else "",
        _markdown_link(line.url, line.name) if line.name else "",
        _md(line.rest),
    ]
    mark = f"{wording.MARKS[line.severity]} " if line.severity else ""
    return mark + " · ".join(filter(None, parts))


def _markdown_due(due: Due) -> str:
    return "\n".join([f"## {_markdown_words(due.about)}", "", *map(_markdown_line, due.lines)])


def _markdown_item(item: Item) -> Iterator[str]:
    told = item.told
    passages = told.change.judgement.passages
    mark = wording.MARKS[told.change.judgement.severity]
    yield f"## {mark} {_markdown_title(item)}"
    yield _md(wording.about(item))
    if deadlines := wording.deadlines(told.change.judgement.dates):
        yield f"**{_md(' · '.join(deadlines))}**"
    if item.is_group:
        yield "\n".join(_markdown_member(each) for each in item.members)
    for each in quotes.quote(passages):
        yield from _markdown_quote(each)
    if more := quotes.more_passages(passages):
        yield f"*{more}*"
    if touched := wording.touched(told):
        yield "\n".join([f"**{touched.heading}**", "", *(_markdown_impact(each, told) for each in touched.impacts)])
        yield from [f"*{touched.more}*"] if touched.more else []


def _markdown_title(item: Item) -> str:
    told = item.told
    if item.is_group:
        return f"{_md(told.publisher)}{words.STEP}{wording.same_in(item)}"
    return f"{_md(wording.place(told))}{words.STEP}{_markdown_link(told.change.url, wording.document_name(told))}"


def _markdown_member(told: DigestChange) -> str:
    return f"- {_markdown_link(told.change.url, wording.document_name(told))} · change {told.change.id}"


def _markdown_quote(quote: Quote) -> Iterator[str]:
    passage = quote.passage
    if quote.is_labelled:
        heading = f" · *{_md(words.path(passage.heading))}*" if passage.heading else ""
        yield f"{wording.OPS[passage.op]}{heading}"
    fences = _FENCES if passage.op is PassageOp.REWORDED else _PLAIN
    if quote.segments:
        yield "> " + "".join(fences[each.op] + markdown(each.text) + fences[each.op] for each in quote.segments)


def _markdown_impact(impact: Impact, told: DigestChange) -> str:
    name = _md(wording.section_name(impact) + wording.owner(impact))
    reasons = _md(wording.evidence(impact.evidence, told.change.judgement.citations))
    return f"- **{wording.likelihood(impact.probability)}** · {name}" + (f"  \n  *{reasons}*" if reasons else "")


def _markdown_problems(digest: Digest) -> Iterator[str]:
    for heading, problems in lists.troubles(digest):
        yield f"## ⚠️ {heading}"
        yield "\n".join(map(_markdown_problem, problems))


def _markdown_problem(problem: Problem) -> str:
    name = _markdown_link(problem.url, problem.source_id)
    cause, advice = (markdown_with_code(plain(each)) for each in (wording.cause(problem), problem.advice))
    return f"- {name} · **{wording.unreadable(problem)}** · {cause}" + (f"  \n  *{advice}*" if advice else "")


def _markdown_link(url: str, text: str) -> str:
    address = find_link(url)
    return f"[{_md(text)}](<{address}>)" if address else _md(text)


def _md(text: str) -> str:
    return markdown(plain(text))


def to_text(digest: Digest, people: Sequence[Person] = (), states: Mapping[int, str] = _UNKNOWN) -> str:
    """At most COLUMNS wide, except where an address or a word is longer; ends with a line break. See `to_markdown`."""
    lines = [wording.title(digest), *_wrap(" · ".join([wording.headline(digest), *_facts(digest)]), "")]
    for item in _items(digest):
        lines += [*_RULE, *_text_item(item)]
    for due in lists.handed_over(digest):
        lines += [*_RULE, *_text_due(due)]
    for heading, listed in _lists(digest, people, states):
        lines += [*_RULE, heading, ""]
        lines += [each for line in listed for each in _text_line(line)]
    for heading, problems in lists.troubles(digest):
        lines += [*_RULE, heading]
        for problem in problems:
            lines += ["", *_text_problem(problem)]
    lines += ["", *_wrap(lists.closing(digest), "")]
    return "\n".join(lines).rstrip() + "\n"


def _text_due(due: Due) -> Iterator[str]:
    yield from _wrap(_text_words(due.about), "", "   ")
    yield f"   {plain(due.about.url)}"
    for line in due.lines:
        yield from _text_line(line)


def _text_line(line: Line) -> list[str]:
    address = [f"     {plain(line.url)}"] if line.url else []
    return [*_wrap(_text_words(line), "   • ", "     "), *address]


def _text_words(line: Line) -> str:
    mark = f"{wording.MARKS[line.severity]} " if line.severity else ""
    return mark + " · ".join(filter(None, [line.lead, line.name, line.rest, line.note]))


def _text_item(item: Item) -> Iterator[str]:
    told = item.told
    passages = told.change.judgement.passages
    mark = wording.MARKS[told.change.judgement.severity]
    names = [told.publisher, wording.same_in(item)] if item.is_group else _text_names(told)
    yield from _wrap(f"{mark} {words.path(names)}", "", "   ")
    yield from _wrap(wording.about(item), "   ")
    yield from _wrap(" · ".join(wording.deadlines(told.change.judgement.dates)), "   ")
    if not item.is_group:
        yield f"   {plain(told.change.url)}"
    for each in item.documents:
        yield from _wrap(f"{wording.document_name(each)} · change {each.change.id}", "   - ", "     ")
        yield f"     {plain(each.change.url)}"
    for quoted in quotes.quote(passages):
        yield from _text_quote(quoted)
    if more := quotes.more_passages(passages):
        yield from ["", f"   {more}"]
    if touched := wording.touched(told):
        yield from ["", f"   {touched.heading}"]
        for impact in touched.impacts:
            yield from _text_impact(impact, told)
        yield from [f"   {touched.more}"] if touched.more else []


def _text_names(told: DigestChange) -> list[str]:
    return [wording.place(told), wording.document_name(told)]


def _text_quote(quote: Quote) -> Iterator[str]:
    passage = quote.passage
    if quote.is_labelled:
        heading = f" · {words.path(passage.heading)}" if passage.heading else ""
        yield from ["", *_wrap(f"{wording.OPS[passage.op]}{heading}", "   ")]
    before, after = quote.sides
    if before == after:
        yield from _wrap(after, "     = ", "       ")
        return
    yield from _wrap(before, "     - ", "       ") if before else ()
    yield from _wrap(after, "     + ", "       ") if after else ()


def _text_impact(impact: Impact, told: DigestChange) -> Iterator[str]:
    name = wording.section_name(impact) + wording.owner(impact)
    yield from _wrap(f"{wording.likelihood(impact.probability)} · {name}", "     • ", "       ")
    yield from _wrap(wording.evidence(impact.evidence, told.change.judgement.citations), "       ")


def _text_problem(problem: Problem) -> Iterator[str]:
    what = f"{wording.unreadable(problem)} · {wording.cause(problem)}"
    yield from _wrap(f"⚠ {problem.source_id} · {what}", "", "  ")
    if problem.advice:
        yield from _wrap(problem.advice, "  ")


def _wrap(text: str, first: str, rest: str | None = None) -> list[str]:
    return textwrap.wrap(
        plain(text),
        COLUMNS,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
