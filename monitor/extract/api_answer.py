"""JSON → blocks: the document in the answer of a publisher's API.

Every string is read in the order in which it stands, unless it is there for programs: addresses, identifiers, hashes,
points in time, what the API says about itself and what it links to. Numbers, true and false are not read.

    heading     the title of an object (`title`, `name`, `heading` …); else its key, where the object or list holds text
                and the key is no mere wrapper (`data`, `results`, `details` …). It heads what is inside, no more.
    blocks      a string with HTML in it is read as HTML, its headings below those of the object; one with several lines
                as plain text; one under a key that only says "text" (`body`, `description` …) as a paragraph
    item        any other string, with its key: "status: In force". So a value that changes can be told from the others
    item        a string in a list

Keys are read as words: `commentsCloseOn` and `comments_close_on` are "comments close on".

Does not do: asking for further pages of an answer; selectors.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monitor.errors import ExtractionError
from monitor.extract.html import read_fragment
from monitor.extract.normalise import fold, spell_language
from monitor.extract.outline import MAX_HEADING_WORDS
from monitor.extract.plain import read_plain
from monitor.model import Block, BlockKind, Extract, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_DEPTH = 60
"""Of objects within objects. Documents have about ten."""

_TITLES = ("title", "headline", "heading", "subject", "name", "label")
_LANGUAGES = ("locale", "language", "lang", "inLanguage")
_TEXTS = re.compile(
    "body|contents?|text|html|markdown|rendered|value|description|summary|abstract|excerpt|intro(?:duction)?|lead|notes?"
    "|message|details|paragraph|answer|govspeak|plain|copy"
)
"""Keys that only say that here is text."""
_WRAPPERS = re.compile(
    "data|attributes|results?|items?|documents?|entry|entries|pages?|articles?|response|payload|records?|list|parts"
    "|sections|children|fields?|values|nodes?|blocks|props"
)
_SKIPPED = re.compile(
    r"(?:.+ )?(?:ids?|uuid|guid|slug|sha ?\d*|hash|md5|etag|checksum|digest|urls?|uri|href|links?|permalink|paths?"
    r"|tokens?|nonce|signature|cursor|locale|lang|language|(?:mime|media|content) type|encoding|charset)"
    r"|(?:(?:public|first|last) )?"
    r"(?:created|updated|modified|published|indexed|retrieved|fetched|generated|cached|crawled)"
    r"(?: (?:at|on|by|date|time|datetime|timestamp))?|timestamp|date (?:created|modified|gmt)|modified gmt"
    r"|(?:schema|document|post|content|page|entity|object|template|field|node|resource|mime) (?:name|type|format|class)"
    r"|self|next|previous|prev|first|last|breadcrumbs?|navigation|nav|menu|headers|toc|table of contents|pagination"
    r"|meta|metadata|(?:related|recommended|similar|analytics|tracking|seo|yoast|og)(?: .*)?|class list|type"
    r"|kind|format|template|revision|version id|query|facets|debug|image|images|thumbnail|icon|logo|css"
    r"|publishing app|rendering app|phase|schema"
)
"""Keys, as words, whose values are there for programs."""
_TOKEN = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?//\S+|/\S*|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{16,}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*|[\w+/=-]{40,}|\d+",
    re.IGNORECASE,
)
"""Values that are one word for programs: an address, an identifier, a hash, a point in time, something encoded."""
_MARKUP = re.compile(
    r"</?(?:p|div|span|h[1-6]|ul|ol|li|dl|dt|dd|table|tr|td|br|hr|a|b|i|em|strong|u|sup|sub|section|article|blockquote)"
    r"(?:\s[^<>]*)?/?>|&(?:[a-z]{2,8}|#\d{2,5});",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-.\s]+")


def read_json(text: str) -> Extract:
    """The blocks of an API's answer; its title and its language are those of the outermost object that has one.

    Raises ExtractionError (UNREADABLE) where it is no JSON, or nests deeper than MAX_DEPTH.
    """
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"the answer is no JSON ({error})") from error
    return Extract(_find_title(answer), tuple(_iter_blocks(answer, "", (), 1)), _find_language(answer))


def _iter_blocks(value: Any, key: str, path: tuple[str, ...], depth: int) -> Iterator[Block]:
    """The blocks of a value that stands under `key`, `path` being the headings above it."""
    if depth > MAX_DEPTH:
        raise _unreadable(f"the JSON nests deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        title_key = _title_key(value)
        path, heading = _head(path, _text_of(value[title_key]) if title_key else _heading_of(key, value))
        yield from heading
        for name, inner in value.items():
            if name != title_key and not _SKIPPED.fullmatch(_words(name)):
                yield from _iter_blocks(inner, name, path, depth + 1)
    elif isinstance(value, list):
        path, heading = _head(path, _heading_of(key, value))
        yield from heading
        for inner in value:
            yield from _iter_blocks(inner, "", path, depth + 1)
    elif isinstance(value, str) and not _is_token(value):
        yield from _iter_string_blocks(value, _words(key), path)


def _head(path: tuple[str, ...], heading: str) -> tuple[tuple[str, ...], list[Block]]:
    """The path below a heading, and its block; both as before where there is none."""
    if not heading:
        return path, []
    if heading.count(" ") >= MAX_HEADING_WORDS:
        return path, [Block(BlockKind.PARAGRAPH, heading, path)]
    return (*path, heading), [Block(BlockKind.HEADING, heading, (*path, heading))]


def _iter_string_blocks(value: str, words: str, path: tuple[str, ...]) -> Iterator[Block]:
    if _MARKUP.search(value):
        blocks = read_fragment(value)
    elif "\n" in value.strip():
        blocks = read_plain(value).blocks
    elif _TEXTS.fullmatch(words):
        blocks = (Block(BlockKind.PARAGRAPH, fold(value)),)
    else:
        blocks = (Block(BlockKind.ITEM, fold(f"{words}: {value}" if words else value)),)
    yield from (replace(block, heading=(*path, *block.heading)) for block in blocks if block.text)


def _title_key(value: dict[str, Any]) -> str:
    """The key of the object's title; "" where it has none."""
    return next((key for key in _TITLES if key in value and _text_of(value[key])), "")


def _text_of(value: Any) -> str:
    """A string without mark-up, also one that is wrapped as `{"rendered": "…"}`; "" for anything else."""
    if isinstance(value, dict) and isinstance(value.get("rendered"), str):
        value = value["rendered"]
    if not isinstance(value, str):
        return ""
    return " ".join(block.text for block in read_fragment(value)) if _MARKUP.search(value) else fold(value)


def _heading_of(key: str, value: Any) -> str:
    words = _words(key)
    wraps = _TEXTS.fullmatch(words) or _WRAPPERS.fullmatch(words)
    return words if words and not wraps and any(_iter_texts(value)) else ""


def _iter_texts(value: Any) -> Iterator[str]:
    """Strings that are read somewhere in a value."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            pending += [inner for name, inner in each.items() if not _SKIPPED.fullmatch(_words(name))]
        elif isinstance(each, list):
            pending += each
        elif isinstance(each, str) and not _is_token(each):
            yield each


def _is_token(value: str) -> bool:
    return bool(_TOKEN.fullmatch(value.strip())) or not value.strip()


def _words(key: str) -> str:
    return _HUMP.sub(" ", key).strip().lower()


def _find_title(answer: Any) -> str:
    return next((_text_of(each[key]) for each in _iter_objects(answer) if (key := _title_key(each))), "")


def _find_language(answer: Any) -> str:
    declared = (each[key] for each in _iter_objects(answer) for key in _LANGUAGES if isinstance(each.get(key), str))
    return next((tag for value in declared if (tag := spell_language(value))), "")


def _iter_objects(answer: Any) -> Iterator[dict[str, Any]]:
    """The objects of an answer, the outermost first."""
    level = [answer]
    while level:
        yield from (each for each in level if isinstance(each, dict))
        level = [inner for each in level for inner in _inside(each)]


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _unreadable(detail: str) -> ExtractionError:
    return ExtractionError(
        ProblemKind.UNREADABLE, detail, "Open the address and see what it serves now; it may have come cut short."
    )
