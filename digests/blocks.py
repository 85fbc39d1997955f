"""A Digest as Slack messages in Block Kit, and what is decided about it later.

A Digest that is too long for one message becomes several parts (`digests.parts`). No Change is left out, and what
belongs to one Change is never torn apart, but for the list of documents of a large group.

Does not do: sending, choosing what is told, answering buttons.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from digests import entries, kit, lists, wording
from digests.entries import in_fews, tell_problem, to_rich
from digests.escape import mrkdwn, plain
from digests.grouping import group_changes
from digests.kit import Block
from digests.parts import MAX_BLOCKS, MAX_CHARACTERS, pack, size
from digests.states import revise_block
from monitor.model import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from monitor.model import Digest, Person

__all__ = ["MAX_BLOCKS", "MAX_CHARACTERS", "Block", "Message", "messages", "revise", "size"]

_PROBLEMS_A_BLOCK = 6
_LINES_A_BLOCK = 4

_UNKNOWN: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Message:
    """One part of a Digest: the blocks, and the text for notifications and screen readers."""

    text: str
    blocks: tuple[Block, ...]


def messages(
    digest: Digest, people: Sequence[Person] = (), states: Mapping[int, str] = _UNKNOWN
) -> tuple[Message, ...]:
    """The parts in their order, each within the limits; a day with nothing to tell is one line.

    `people`: as whom the owners of SOPs are mentioned. `states`: what stands for each Change, by its id, as
    `wording.standing` says it; nobody has decided about one that is not there.
    """
    if lists.is_quiet(digest):
        return (Message(_fallback(digest, 1, 1), (_quiet_day(digest),)),)
    parts = pack([*_told(digest, people, states), *_listed(digest, people, states), *_problems(digest), *_end(digest)])
    return tuple(
        Message(_fallback(digest, number, len(parts)), (*_top(digest, number, len(parts)), *blocks))
        for number, blocks in enumerate(parts, start=1)
    )


def revise(blocks: Iterable[Block], states: Mapping[int, str]) -> list[Block]:
    """The blocks of a message with what stands now for the Changes that `states` knows; all else stays as it is.

    Of Changes that are told as one, `states` names every one that somebody decided about.
    """
    return [revise_block(block, states) for block in blocks]


def _fallback(digest: Digest, part: int, parts: int) -> str:
    """Slack reads this text as mrkdwn, so what comes from outside is escaped."""
    which = f" (part {part} of {parts})" if parts > 1 else ""
    more = f" and {len(digest.changes) - 1} more" if len(digest.changes) > 1 else ""
    names = [wording.document_name(each) for each in digest.changes[:1] if digest.period is Period.ALERT]
    name = ", ".join(mrkdwn(plain(each, 120)) for each in (wording.title(digest), *names)) + (more if names else "")
    sort = "Policy digest, " if digest.period in {Period.DAILY, Period.WEEKLY} else ""
    return f"{sort}{name}: {wording.headline(digest)}{which}"


def _top(digest: Digest, part: int, parts: int) -> list[Block]:
    title = plain(wording.title(digest), 120)
    if part > 1:
        return [kit.context(f"{title} · part {part} of {parts}")]
    facts = [wording.headline(digest), wording.coverage(digest), f"part 1 of {parts}" if parts > 1 else ""]
    return [kit.header(title), kit.context(" · ".join(filter(None, facts)))]


def _quiet_day(digest: Digest) -> Block:
    facts = [wording.headline(digest), wording.coverage(digest), lists.next_deadline(digest), lists.closing(digest)]
    mark = kit.emoji("white_check_mark" if digest.read and not digest.unreadable else "warning")
    name = kit.text(" " + plain(wording.title(digest), 120), bold=True)
    return kit.rich(kit.section([mark, name, kit.text(f" · {plain(' · '.join(filter(None, facts)), 1_500)}")]))


def _told(digest: Digest, people: Sequence[Person], states: Mapping[int, str]) -> Iterator[list[Block]]:
    """What the Digest is about: Changes in full, those of a week in one line each, or what somebody has to do."""
    if digest.period is Period.WEEKLY:
        yield from _headed(lists.ROLL_UP, [[entries.to_block(each)] for each in lists.roll_up(digest, states)])
        return
    for item in group_changes(digest.changes):
        yield from entries.tell(item, people, states)
    for due in lists.handed_over(digest):
        yield entries.hand_over(due, states)


def _listed(digest: Digest, people: Sequence[Person], states: Mapping[int, str]) -> Iterator[list[Block]]:
    """What follows in short, each list under its heading."""
    yield from _headed(lists.ALERTED, [entries.name_again(each, states) for each in digest.alerted])
    for heading, lines in lists.listings(digest, people):
        bullets = (kit.bullets(kit.section(to_rich(each)) for each in few) for few in in_fews(lines, _LINES_A_BLOCK))
        yield from _headed(heading, [[kit.rich(each)] for each in bullets])


def _headed(heading: str, units: Sequence[list[Block]], *mark: Block) -> Iterator[list[Block]]:
    """Units with a heading that is not torn from the first; any number of them can be spread over parts."""
    title = [kit.DIVIDER, kit.rich(kit.section([*mark, kit.text(heading, bold=True)]))]
    yield from ([*([] if number else title), *unit] for number, unit in enumerate(units))


def _problems(digest: Digest) -> Iterator[list[Block]]:
    for heading, problems in lists.troubles(digest):
        bullets = (kit.bullets(map(tell_problem, few)) for few in in_fews(problems, _PROBLEMS_A_BLOCK))
        yield from _headed(heading, [[kit.rich(each)] for each in bullets], kit.emoji("warning"), kit.text(" "))


def _end(digest: Digest) -> list[list[Block]]:
    line = lists.closing(digest)
    return [[kit.DIVIDER, kit.context(line)]] if line else []
