"""The entries of a Slack message: a Change as it is told, what is left to do about one, one line of a list.

What can be decided ends with its state (`digests.states`) and an actions block `act:ID`. The value of each button, and
of each option of the menu behind its colon, is the ids of the Changes that it decides about, joined with commas. Where
those are more than an option can carry, it has the first and a plus, "snooze:12+", and the button `confirm` has all.

Does not do: several entries in one message (`digests.blocks`), answering buttons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from digests import kit, lists, quotes, wording, words
from digests.escape import plain
from digests.parts import has_room
from digests.quotes import ELLIPSIS
from digests.states import state_block
from digests.wording import find_person
from monitor.compare.alignment.words import SegmentOp
from monitor.model import PassageOp, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digests.grouping import Item
    from digests.kit import Block
    from digests.lists import Due, Line
    from digests.quotes import Quote
    from monitor.model import DigestChange, Impact, Person, Problem

Thing = TypeVar("Thing")

_MEMBERS_A_BLOCK = 5
"""Of a group. Their names and the longest addresses fit into one part."""

_EMOJI = {Severity.HIGH: "red_circle", Severity.MEDIUM: "large_orange_circle", Severity.LOW: "white_circle"}

_STYLES: dict[SegmentOp, dict[str, bool]] = {
    SegmentOp.SAME: {},
    SegmentOp.REMOVED: {"strike": True},
    SegmentOp.ADDED: {"bold": True},
}
_PLAIN = _STYLES | {SegmentOp.ADDED: {}}
"""For a passage that is new as a whole: its label says so, and a block of bold text is hard to read."""

_SHOW = "/policy show"
"""Who reads it in Slack has no command line."""

_BUTTONS = {"confirm": "Confirm", "reject": "Not applicable…", "assign": "Assign…"}
_MENU = {"due": "Due date…", "snooze": "Snooze…", "sections": "Decide per section…", "undo": "Take back"}
_ROOM_OF_OPTION = kit.OPTION_VALUE_LIMIT - len("sections:")


def tell(item: Item, people: Sequence[Person], states: Mapping[int, str]) -> list[list[Block]]:
    """One unit. The documents of a group are in it where there is room, else in units of a few after it."""
    told = item.told
    head = [kit.DIVIDER, kit.rich(kit.section(_title(item))), kit.context(wording.about(item)), *_body(told, people)]
    decision = _decide([each.change.id for each in item.members], states, "" if item.is_group else told.change.url)
    documents = [kit.rich(kit.bullets(map(_document, few))) for few in in_fews(item.documents, _MEMBERS_A_BLOCK)]
    if has_room(together := [*head, *documents, *decision]):
        return [together]
    return [[*head, *decision], *([each] for each in documents)]


def _title(item: Item) -> list[Block]:
    told = item.told
    mark, step = kit.emoji(_EMOJI[told.change.judgement.severity]), words.STEP
    if item.is_group:
        return [mark, kit.text(f" {plain(told.publisher, 140)}{step}{wording.same_in(item)}", bold=True)]
    name = plain(wording.document_name(told), 140)
    return [mark, kit.text(f" {plain(wording.place(told), 140)}{step}", bold=True), kit.link(told.change.url, name)]


def _document(told: DigestChange) -> Block:
    name = plain(wording.document_name(told), 140)
    return kit.section([kit.link(told.change.url, name), kit.text(f" · change {told.change.id}")])


def _body(told: DigestChange, people: Sequence[Person]) -> list[Block]:
    judgement = told.change.judgement
    quoted = [part for each in quotes.quote(judgement.passages) for part in _quote(each)]
    if more := quotes.more_passages(judgement.passages):
        quoted.append(kit.section([kit.text(more, italic=True)]))
    deadlines = " · ".join(wording.deadlines(judgement.dates))
    dated = [kit.section([kit.text(deadlines, bold=True)])] if deadlines else []
    return [kit.rich(*each) for each in (dated, quoted, _touched(told, people)) if each]


def _quote(quote: Quote) -> list[Block]:
    styles = _STYLES if quote.passage.op is PassageOp.REWORDED else _PLAIN
    words = [kit.text(each.text, **styles[each.op]) for each in quote.segments if each.text]
    return [*([_label(quote)] if quote.is_labelled else []), *([kit.quotation(words)] if words else [])]


def _label(quote: Quote) -> Block:
    heading = plain(words.path(quote.passage.heading), 160)
    where = [kit.text(" · "), kit.text(heading, italic=True)] if heading else []
    return kit.section([kit.text(wording.OPS[quote.passage.op]), *where])


def _touched(told: DigestChange, people: Sequence[Person]) -> list[Block]:
    touched = wording.touched(told, _SHOW)
    if not touched:
        return []
    lines = [kit.section(_impact(each, told, people)) for each in touched.impacts]
    if touched.more:
        lines.append(kit.section([kit.text(touched.more, italic=True)]))
    return [kit.section([kit.text(touched.heading, bold=True)]), kit.bullets(lines)]


def _impact(impact: Impact, told: DigestChange, people: Sequence[Person]) -> list[Block]:
    reasons = plain(wording.evidence(impact.evidence, told.change.judgement.citations), 160)
    return [
        kit.text(wording.likelihood(impact.probability), bold=True),
        kit.text(f" · {plain(wording.section_name(impact), 200)}"),
        *_owner(plain(impact.owner, 80), people),
        kit.text(f"\n{reasons}" if reasons else "", italic=True),
    ]


def _owner(owner: str, people: Sequence[Person]) -> list[Block]:
    """Mentioned where `people` knows the member, else in plain words."""
    if not owner:
        return []
    person = find_person(owner, people)
    return [kit.text(wording.OWNER), kit.user(person.slack) if person and person.slack else kit.text(owner)]


def hand_over(due: Due, states: Mapping[int, str]) -> list[Block]:
    """What one Change still asks of people, as one unit."""
    lines = kit.bullets(kit.section(to_rich(each)) for each in due.lines)
    return [
        kit.DIVIDER,
        kit.rich(kit.section(to_rich(due.about)), lines),
        *_decide([due.change_id], states, due.about.url),
    ]


def name_again(told: DigestChange, states: Mapping[int, str]) -> list[Block]:
    """A Change that was told before, and what stands for it; its buttons are in the message that told it."""
    return [to_block(lists.told_before(told)), state_block([told.change.id], states)]


def to_block(line: Line) -> Block:
    """A Line that stands by itself: its mark is bullet enough."""
    return kit.rich(kit.section(to_rich(line)))


def to_rich(line: Line) -> list[Block]:
    """A Line as rich text, never empty: at most about 1,500 characters with its address."""
    mark = [kit.emoji(_EMOJI[line.severity]), kit.text(" ")] if line.severity else []
    lead, name, rest, note = plain(line.lead, 80), plain(line.name, 280), plain(line.rest, 400), plain(line.note, 200)
    parts = [
        *([kit.text(lead, bold=True)] if lead else []),
        *([kit.link(line.url, name)] if name else []),
        *([kit.text(rest)] if rest else []),
    ] or [kit.text(ELLIPSIS)]
    joined = [each for part in parts for each in (kit.text(" · "), part)]
    return [*mark, *joined[1:], *([kit.text(f"\n{note}", italic=True)] if note else [])]


def tell_problem(problem: Problem) -> Block:
    """What we cannot see, since when, and what to do: one section of a list."""
    return kit.section(
        [
            kit.link(problem.url, plain(problem.source_id, 80)),
            kit.text(f" · {wording.unreadable(problem)}", bold=True),
            *kit.with_code(f" · {plain(wording.cause(problem), 260)}"),
            *(kit.with_code(f"\n{plain(problem.advice, 240)}", italic=True) if problem.advice else ()),
        ]
    )


def _decide(ids: Sequence[int], states: Mapping[int, str], url: str) -> list[Block]:
    """What stands, and the buttons."""
    value = ",".join(map(str, ids))
    elements = [kit.button(action_id, words, value) for action_id, words in _BUTTONS.items()]
    if address := kit.find_short_link(url):
        elements.append(kit.link_button("open", "Open", address))
    about = value if len(value) <= _ROOM_OF_OPTION else f"{ids[0]}+"
    elements.append(kit.overflow("more", {f"{what}:{about}": words for what, words in _MENU.items()}))
    return [state_block(ids, states), kit.actions(f"act:{ids[0]}", elements)]


def in_fews(things: Sequence[Thing], most: int) -> list[Sequence[Thing]]:
    """In their order, at most so many together."""
    return [things[start : start + most] for start in range(0, len(things), most)]
