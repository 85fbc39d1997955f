"""A Digest as Markdown (the file, and what `monitor digest --format markdown` prints) and as plain text for a terminal.

Does not do: choosing what is told, colours.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from digests import wording
from digests.escape import find_link, markdown, markdown_with_code, plain
from digests.grouping import group_changes
from digests.quotes import quote, sides
from monitor.compare.alignment.words import SegmentOp
from monitor.model import PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digests.grouping import Item
    from monitor.model import Digest, DigestChange, Impact, Passage, Problem

COLUMNS = 100

_FENCES = {SegmentOp.SAME: "", SegmentOp.REMOVED: "~~", SegmentOp.ADDED: "**"}
_PLAIN = _FENCES | {SegmentOp.ADDED: ""}


def to_markdown(digest: Digest) -> str:
    """CommonMark, with `~~` for removed words as on GitHub; ends with a line break."""
    blocks = [
        f"# {_md(wording.title(digest))}",
        f"**{wording.headline(digest)}** · {wording.coverage(digest)}",
        *("\n\n".join(_markdown_item(each)) for each in group_changes(digest.changes)),
        *_markdown_problems(digest),
        wording.closing(digest),
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _markdown_item(item: Item) -> Iterator[str]:
    told = item.told
    mark = wording.MARKS[told.change.judgement.severity]
    yield f"## {mark} {_markdown_title(item)}"
    yield _md(wording.about(item))
    if deadlines := wording.deadlines(told.change.judgement.dates):
        yield f"**{_md(' · '.join(deadlines))}**"
    if item.is_group:
        yield "\n".join(_markdown_member(each) for each in item.members)
    passages, more_passages = wording.shown(told)
    for passage, labelled in wording.labelled(passages):
        yield from _markdown_passage(passage, labelled=labelled)
    if more_passages:
        yield f"*{more_passages}*"
    if touched := wording.touched(told):
        yield "\n".join([f"**{touched.heading}**", "", *(_markdown_impact(each, told) for each in touched.impacts)])
        yield from [f"*{touched.more}*"] if touched.more else []


def _markdown_title(item: Item) -> str:
    told = item.told
    if item.is_group:
        return f"{_md(told.publisher)}{wording.STEP}{wording.same_in(item)}"
    return f"{_md(wording.place(told))}{wording.STEP}{_markdown_link(told.change.url, wording.document_name(told))}"


def _markdown_member(told: DigestChange) -> str:
    return f"- {_markdown_link(told.change.url, wording.document_name(told))} · change {told.change.id}"


def _markdown_passage(passage: Passage, *, labelled: bool) -> Iterator[str]:
    if labelled:
        heading = f" · *{_md(wording.path(passage.heading))}*" if passage.heading else ""
        yield f"{wording.OPS[passage.op]}{heading}"
    fences = _FENCES if passage.op is PassageOp.REWORDED else _PLAIN
    yield "> " + "".join(fences[each.op] + markdown(each.text) + fences[each.op] for each in quote(passage))


def _markdown_impact(impact: Impact, told: DigestChange) -> str:
    name = _md(wording.section_name(impact) + wording.owner(impact))
    reasons = _md(wording.evidence(impact.evidence, told.change.judgement.citations))
    return f"- **{wording.likelihood(impact.probability)}** · {name}" + (f"  \n  *{reasons}*" if reasons else "")


def _markdown_problems(digest: Digest) -> Iterator[str]:
    for heading, problems in wording.troubles(digest):
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


def to_text(digest: Digest) -> str:
    """At most COLUMNS wide, except where an address or a word is longer; ends with a line break."""
    lines = [wording.title(digest), f"{wording.headline(digest)} · {wording.coverage(digest)}"]
    for item in group_changes(digest.changes):
        lines += ["", "─" * COLUMNS, *_text_item(item)]
    for heading, problems in wording.troubles(digest):
        lines += ["", "─" * COLUMNS, heading]
        for problem in problems:
            lines += ["", *_text_problem(problem)]
    lines += ["", *_wrap(wording.closing(digest), "")]
    return "\n".join(lines).rstrip() + "\n"


def _text_item(item: Item) -> Iterator[str]:
    told = item.told
    mark = wording.MARKS[told.change.judgement.severity]
    names = [told.publisher, wording.same_in(item)] if item.is_group else _text_names(told)
    yield from _wrap(f"{mark} {wording.path(names)}", "", "   ")
    yield from _wrap(wording.about(item), "   ")
    yield from _wrap(" · ".join(wording.deadlines(told.change.judgement.dates)), "   ")
    if not item.is_group:
        yield f"   {plain(told.change.url)}"
    for each in item.members if item.is_group else ():
        yield from _wrap(f"{wording.document_name(each)} · change {each.change.id}", "   - ", "     ")
        yield f"     {plain(each.change.url)}"
    passages, more_passages = wording.shown(told)
    for passage, labelled in wording.labelled(passages):
        yield from _text_passage(passage, labelled=labelled)
    if more_passages:
        yield from ["", f"   {more_passages}"]
    if touched := wording.touched(told):
        yield from ["", f"   {touched.heading}"]
        for impact in touched.impacts:
            yield from _text_impact(impact, told)
        yield from [f"   {touched.more}"] if touched.more else []


def _text_names(told: DigestChange) -> list[str]:
    return [wording.place(told), wording.document_name(told)]


def _text_passage(passage: Passage, *, labelled: bool) -> Iterator[str]:
    if labelled:
        heading = f" · {wording.path(passage.heading)}" if passage.heading else ""
        yield from ["", *_wrap(f"{wording.OPS[passage.op]}{heading}", "   ")]
    before, after = sides(passage)
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
