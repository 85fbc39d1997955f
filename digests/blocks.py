"""A Digest as Slack messages in Block Kit: rich text, headers, contexts and dividers, and no mrkdwn at all.

Rich and plain text are shown as they are, so a hostile page title can neither mention anybody nor fake a link. A Digest
that is too long for one message becomes several parts; no Change is left out.

Limits: 50 blocks and 150 characters of a header are documented (https://docs.slack.dev/reference/block-kit/blocks). The
limit on all characters of a message is not; `msg_blocks_too_long` was met from 11,341 characters on
(https://github.com/slackapi/bolt-js/issues/2867), so a part ends at 8,000, containers counted.

Does not do: sending, choosing what is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from digests import wording
from digests.escape import code_spans, find_link, mrkdwn, plain
from digests.grouping import group_changes
from digests.quotes import quote
from monitor.compare.alignment.words import SegmentOp
from monitor.model import PassageOp, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digests.grouping import Item
    from monitor.model import Digest, DigestChange, Impact, Passage, Problem

Block: TypeAlias = dict[str, Any]
Thing = TypeVar("Thing")

MAX_BLOCKS = 45
MAX_CHARACTERS = 8_000

_ROOM_BLOCKS = MAX_BLOCKS - 2
_ROOM_CHARACTERS = MAX_CHARACTERS - 600
"""The rest is for the top of a part, which is known only when the number of parts is."""

_PROBLEMS_A_BLOCK = 6
_MEMBERS_A_BLOCK = 5
"""Their names and the longest addresses fit into one part."""

_LINK_LIMIT = 1_000
"""Longer addresses are left out here and stay in the Markdown file."""

_EMOJI = {Severity.HIGH: "red_circle", Severity.MEDIUM: "large_orange_circle", Severity.LOW: "white_circle"}

_STYLES: dict[SegmentOp, dict[str, bool]] = {
    SegmentOp.SAME: {},
    SegmentOp.REMOVED: {"strike": True},
    SegmentOp.ADDED: {"bold": True},
}
_PLAIN = _STYLES | {SegmentOp.ADDED: {}}
"""For a passage that is new as a whole: its label says so, and a block of bold text is hard to read."""


@dataclass(frozen=True, slots=True)
class Message:
    """One part of a Digest: the blocks, and the text for notifications and screen readers."""

    text: str
    blocks: tuple[Block, ...]


def messages(digest: Digest) -> tuple[Message, ...]:
    """The parts in their order, each within the limits; a day with nothing to tell is one line."""
    if not digest.changes and not digest.problems:
        return (Message(_fallback(digest, 1, 1), (_quiet_day(digest),)),)
    units = [unit for item in group_changes(digest.changes) for unit in _item(item)]
    parts = _pack([*units, *_problems(digest), *_closing(digest)])
    return tuple(
        Message(_fallback(digest, number, len(parts)), (*_top(digest, number, len(parts)), *blocks))
        for number, blocks in enumerate(parts, start=1)
    )


def size(blocks: Iterable[Block]) -> int:
    """The characters of every text and name in the blocks; what weighs against MAX_CHARACTERS."""
    return sum(_weight(block) for block in blocks)


def _weight(node: object) -> int:
    if isinstance(node, str):
        return len(node)
    if isinstance(node, dict):
        return sum(_weight(each) for each in node.values())
    return sum(_weight(each) for each in node) if isinstance(node, list) else 0


def _pack(units: Iterable[list[Block]]) -> list[list[Block]]:
    """Units, never torn apart, into as few parts as their order allows."""
    parts: list[list[Block]] = [[]]
    for unit in units:
        together = [*parts[-1], *unit]
        if not parts[-1] or (len(together) <= _ROOM_BLOCKS and size(together) <= _ROOM_CHARACTERS):
            parts[-1] = together
        else:
            parts.append(unit)
    return parts


def _fallback(digest: Digest, part: int, parts: int) -> str:
    """Slack reads this text as mrkdwn, so what comes from outside is escaped."""
    which = f" (part {part} of {parts})" if parts > 1 else ""
    name = mrkdwn(plain(wording.title(digest), 120))
    return f"Policy digest, {name}: {wording.headline(digest)}{which}"


def _top(digest: Digest, part: int, parts: int) -> list[Block]:
    title = plain(wording.title(digest), 120)
    if part > 1:
        return [_context(f"{title} · part {part} of {parts}")]
    facts = [wording.headline(digest), wording.coverage(digest), *([f"part 1 of {parts}"] if parts > 1 else [])]
    return [_header(title), _context(" · ".join(facts))]


def _quiet_day(digest: Digest) -> Block:
    facts = filter(None, [wording.headline(digest), wording.coverage(digest), wording.closing(digest)])
    mark = _emoji("white_check_mark" if digest.read else "warning")
    name = _text(" " + plain(wording.title(digest), 120), bold=True)
    return _rich(_section([mark, name, _text(" · " + " · ".join(facts))]))


def _item(item: Item) -> list[list[Block]]:
    """One unit; of a group the documents follow in units of a few, so that any number of them can be spread."""
    told = item.told
    passages, more_passages = wording.shown(told)
    quotes = [part for each, labelled in wording.labelled(passages) for part in _passage(each, labelled=labelled)]
    if more_passages:
        quotes.append(_section([_text(more_passages, italic=True)]))
    deadlines = " · ".join(wording.deadlines(told.change.judgement.dates))
    dated = [_section([_text(deadlines, bold=True)])] if deadlines else []
    parts = [_rich(*each) for each in (dated, quotes, _touched(told)) if each]
    head = [{"type": "divider"}, _rich(_section(_title(item))), _context(wording.about(item)), *parts]
    members = item.members if item.is_group else ()
    return [head, *([_rich(_list(_member(each) for each in few))] for few in _fews(members, _MEMBERS_A_BLOCK))]


def _title(item: Item) -> list[Block]:
    told = item.told
    mark, step = _emoji(_EMOJI[told.change.judgement.severity]), wording.STEP
    if item.is_group:
        return [mark, _text(f" {plain(told.publisher, 140)}{step}{wording.same_in(item)}", bold=True)]
    name = plain(wording.document_name(told), 140)
    return [mark, _text(f" {plain(wording.place(told), 140)}{step}", bold=True), _link(told.change.url, name)]


def _member(told: DigestChange) -> Block:
    name = plain(wording.document_name(told), 140)
    return _section([_link(told.change.url, name), _text(f" · change {told.change.id}")])


def _passage(passage: Passage, *, labelled: bool) -> list[Block]:
    styles = _STYLES if passage.op is PassageOp.REWORDED else _PLAIN
    words = [_text(each.text, **styles[each.op]) for each in quote(passage) if each.text]
    return [
        *([_label(passage)] if labelled else []),
        *([{"type": "rich_text_quote", "elements": words}] if words else []),
    ]


def _label(passage: Passage) -> Block:
    heading = plain(wording.path(passage.heading), 160)
    where = [_text(" · "), _text(heading, italic=True)] if heading else []
    return _section([_text(wording.OPS[passage.op]), *where])


def _touched(told: DigestChange) -> list[Block]:
    touched = wording.touched(told)
    if not touched:
        return []
    items = [_section(_impact(each, told)) for each in touched.impacts]
    if touched.more:
        items.append(_section([_text(touched.more, italic=True)]))
    return [_section([_text(touched.heading, bold=True)]), _list(items)]


def _impact(impact: Impact, told: DigestChange) -> list[Block]:
    reasons = plain(wording.evidence(impact.evidence, told.change.judgement.citations), 160)
    return [
        _text(wording.likelihood(impact.probability), bold=True),
        _text(f" · {plain(wording.section_name(impact), 200)} {plain(wording.owner(impact), 80)}".rstrip()),
        _text(f"\n{reasons}" if reasons else "", italic=True),
    ]


def _problems(digest: Digest) -> list[list[Block]]:
    """In units of a few, so that any number of them can be spread over parts."""
    units: list[list[Block]] = []
    for heading, problems in wording.troubles(digest):
        title = _section([_emoji("warning"), _text(f" {heading}", bold=True)])
        first, *others = ([_list(_problem(each) for each in few)] for few in _fews(problems, _PROBLEMS_A_BLOCK))
        units += [[{"type": "divider"}, _rich(title, *first)], *([_rich(*each)] for each in others)]
    return units


def _fews(things: Sequence[Thing], most: int) -> list[Sequence[Thing]]:
    return [things[start : start + most] for start in range(0, len(things), most)]


def _problem(problem: Problem) -> Block:
    return _section(
        [
            _link(problem.url, plain(problem.source_id, 80)),
            _text(f" · {wording.unreadable(problem)}", bold=True),
            *_with_code(f" · {plain(wording.cause(problem), 260)}"),
            *(_with_code(f"\n{plain(problem.advice, 240)}", italic=True) if problem.advice else ()),
        ]
    )


def _closing(digest: Digest) -> list[list[Block]]:
    line = wording.closing(digest)
    return [[{"type": "divider"}, _context(line)]] if line else []


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False}]}


def _rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _section(elements: Iterable[Block]) -> Block:
    """Slack refuses an empty text, so those are dropped here and nowhere else."""
    return {"type": "rich_text_section", "elements": [each for each in elements if each.get("text") != ""]}


def _list(items: Iterable[Block]) -> Block:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def _text(text: str, **style: bool) -> Block:
    return {"type": "text", "text": text, "style": style} if style else {"type": "text", "text": text}


def _with_code(text: str, **style: bool) -> list[Block]:
    return [_text(each, **style, **({"code": True} if code else {})) for each, code in code_spans(text)]


def _link(url: str, text: str) -> Block:
    address = find_link(url)
    if address is None or len(address) > _LINK_LIMIT:
        return _text(text, bold=True)
    return {"type": "link", "url": address, "text": text or address[:80], "style": {"bold": True}}


def _emoji(name: str) -> Block:
    return {"type": "emoji", "name": name}
