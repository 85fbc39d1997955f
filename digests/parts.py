"""Units of blocks, put together into as few messages as Slack's limits allow.

50 blocks are documented (https://docs.slack.dev/reference/block-kit/blocks). The limit on all characters of a message
is not; `msg_blocks_too_long` was met from 11,341 characters on (https://github.com/slackapi/bolt-js/issues/2867), so a
part ends at 8,000, containers counted, and with room for what a revision may put in.

Does not do: anything with what the blocks say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digests import states

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digests.kit import Block

MAX_BLOCKS = 45
MAX_CHARACTERS = 8_000

_ROOM_BLOCKS = MAX_BLOCKS - 2
_ROOM_CHARACTERS = MAX_CHARACTERS - 600
"""The rest is for the top of a part, which is known only when the number of parts is."""


def pack(units: Iterable[Sequence[Block]]) -> list[list[Block]]:
    """Units, never torn apart, into as few parts as their order allows."""
    parts: list[list[Block]] = [[]]
    for unit in units:
        together = [*parts[-1], *unit]
        if not parts[-1] or has_room(together):
            parts[-1] = together
        else:
            parts.append(list(unit))
    return parts


def has_room(blocks: Sequence[Block]) -> bool:
    """Whether one part can hold them, and still can whatever is decided about them later."""
    later = states.LIMIT * sum(map(states.is_state, blocks))
    return len(blocks) <= _ROOM_BLOCKS and size(blocks) + later <= _ROOM_CHARACTERS


def size(blocks: Iterable[Block]) -> int:
    """The characters of every text and name in the blocks; what weighs against MAX_CHARACTERS."""
    return sum(_weight(block) for block in blocks)


def _weight(node: object) -> int:
    if isinstance(node, str):
        return len(node)
    if isinstance(node, dict):
        return sum(_weight(each) for each in node.values())
    return sum(_weight(each) for each in node) if isinstance(node, list) else 0
