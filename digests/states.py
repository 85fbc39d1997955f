"""The block of a message that says what stands for a Change; the only one that a revision touches.

It is a context block with the id `state:12`, or `state:12,13` where several Changes are told as one. Everything that
has to find it, or to know which Changes a message shows, goes by that id.

Does not do: the words for what stands (`digests.wording`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digests import kit
from digests.escape import plain
from digests.lists import sum_up
from digests.wording import UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digests.kit import Block

LIMIT = 200
"""Characters of what it says; a message keeps that much room for each."""

_PREFIX = "state:"
_ID_LIMIT = 255


def state_block(ids: Sequence[int], states: Mapping[int, str]) -> Block:
    """What stands for these Changes; of a large group, for as many as a block's id has room for."""
    while len(name := _PREFIX + ",".join(map(str, ids))) > _ID_LIMIT:
        ids = ids[:-1]
    return kit.context(plain(sum_up(ids, states), LIMIT) or UNDECIDED, name)


def is_state(block: Block) -> bool:
    return str(block.get("block_id", "")).startswith(_PREFIX)


def revise_block(block: Block, states: Mapping[int, str]) -> Block:
    """The block with what stands now, where it says so of a Change that `states` knows; else as it is."""
    ids = [int(each) for each in block["block_id"].removeprefix(_PREFIX).split(",")] if is_state(block) else []
    return state_block(ids, states) if states.keys() & ids else block
