"""What a source is about, told from its title and address; only topics that `sources.yaml` uses already.

The words of each topic are in `topics.toml`. The text of the page is not read: a privacy policy speaks of children, of
advertising and of terms, and is about none of them.

Does not do: inventing topics.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_TOPICS = 3
_VAGUE = "terms"
"""Developer terms and terms of a creator fund are about something else than terms."""
_BETWEEN = re.compile(r"[\W_]+")


def guess_topics(title: str, url: str, used: Collection[str]) -> tuple[str, ...]:
    """The topics among those `used` that the title or the path of the address names, the first named first."""
    path = unquote(urlsplit(url).path)
    said = f" {title.lower()} | {_BETWEEN.sub(' ', path.lower())} "
    places = {topic: found.start() for topic in used if (found := _pattern_of(topic).search(said))}
    if len(places) > 1:
        places.pop(_VAGUE, None)
    return tuple(sorted(places, key=lambda topic: (places[topic], topic)))[:MOST_TOPICS]


@cache
def _pattern_of(topic: str) -> re.Pattern[str]:
    lines = _load_words().get(topic, topic.replace("-", "[- ]")).strip().splitlines()
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(lines)})(?![^\W_])")


@cache
def _load_words() -> dict[str, str]:
    words: dict[str, str] = tomllib.loads(files("monitor.discovery").joinpath("topics.toml").read_text("utf-8"))
    return words
