"""The channel that is always there: each Digest as Markdown, and as Slack would show it, in the folder `digests`.

Writing is idempotent: the same names, the same content, each put in place whole by a rename.

Does not do: composing, rendering beyond calling it.
"""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING

from digests.outcomes import Later, Outcome, Posted
from digests.preview import to_html
from digests.text import to_markdown
from digests.wording import title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from digests.blocks import Message
    from monitor.model import Digest, Person

FILE = "file"

FOLDER = "digests"


def to_payload(
    digest: Digest,
    parts: Sequence[Message],
    clock: str,
    people: Sequence[Person] = (),
    states: Mapping[int, str] = MappingProxyType({}),
) -> dict[str, object]:
    """File names and their texts. `clock` is the local time of day that the preview shows."""
    return {
        f"{digest.id}.md": to_markdown(digest, people, states),
        f"{digest.id}.html": to_html(parts, title=title(digest), clock=clock, people=people),
    }


def write_files(folder: Path, payload: Mapping[str, object]) -> Outcome:
    """Put every file of the payload into the folder, which is made where needed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in payload.items():
            _write_whole(folder / name, str(text))
    except OSError as error:
        return Later(f"{folder}: the digest cannot be written ({error}). Make room, or make the folder writable.")
    return Posted()


def _write_whole(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.tmp")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
