"""A feed written as JSON → what feedparser would make of the same feed.

JSON Feed 1.0 and 1.1 (jsonfeed.org), and Atom or RSS whose element names became keys, which some publishers serve.

Does not do: telling what is no feed, beyond saying that it found none.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LISTS = ("items", "entries")
_IDS = ("id", "guid", "url", "link", "external_url")
_CONTENTS = ("content_html", "content_text", "content")
_SUMMARIES = ("summary", "description")
_TEXTS = (*_CONTENTS, *_SUMMARIES)
_TAG = re.compile(r"</?[a-zA-Z]")


def read_json(text: str) -> Mapping[str, Any] | None:
    """As feedparser: `version`, `feed`, `entries`. None where it is no JSON, or no feed."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    entries = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    if entries is None or not all(_is_entry(each) for each in entries):
        return None
    if not entries and "jsonfeed" not in str(found.get("version")):
        return None
    feed = {"title_detail": _detail(found, ("title",)), "link": _first(found, ("home_page_url", "link"))}
    links = [{"rel": "self", "href": _first(found, ("feed_url",))}]
    return {"version": "json", "feed": {**feed, "links": links}, "entries": [_read(each) for each in entries]}


def _is_entry(found: object) -> bool:
    return isinstance(found, dict) and bool(_first(found, _IDS)) and bool(_first(found, ("title", *_TEXTS)))


def _read(found: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": _first(found, ("id", "guid")),
        "link": _first(found, ("url", "link", "external_url")),
        "title_detail": _detail(found, ("title",)),
        "content": [_detail(found, _CONTENTS)],
        "summary_detail": _detail(found, _SUMMARIES),
    }
    for name, keys in (("published", ("date_published", "published")), ("updated", ("date_modified", "updated"))):
        if written := _first(found, keys):
            entry |= {name: written, f"{name}_parsed": None}
    return entry


def _detail(found: Mapping[str, Any], keys: Sequence[str]) -> dict[str, str]:
    """The first text there is; plain unless it has tags."""
    value = _first(found, keys)
    is_plain = bool(_first(found, [key for key in keys if key.endswith("_text")]) == value) or not _TAG.search(value)
    return {"type": "text/plain" if is_plain else "text/html", "value": value}


def _first(found: Mapping[str, Any], keys: Sequence[str]) -> str:
    """The first of these keys that holds a text or number, as text."""
    values = (found.get(key) for key in keys)
    return next((str(each).strip() for each in values if isinstance(each, str | int | float) and str(each).strip()), "")
