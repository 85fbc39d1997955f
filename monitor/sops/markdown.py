"""Markdown (CommonMark with tables) and its front matter → facts and lines.

Does not do: judging the facts, cutting sections.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import yaml
from markdown_it import MarkdownIt

from monitor.sops.draft import Draft, UnusableError
from monitor.sops.facts import NoFactsError, compose, read_facts
from monitor.sops.sections import MARKS, Line, mark_implements

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from markdown_it.token import Token

    from monitor.sops.facts import Facts

HOW_TO_BEGIN = 'Begin the file with a line "---", then id:, title: and owner: on lines of their own, then "---" again.'

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?P<facts>.*?)^(?:---|\.\.\.)[ \t]*$\n?(?P<body>.*)\Z", re.DOTALL | re.MULTILINE
)
_FIRST_LINE = 2
"""On which the facts begin, below the line of hyphens."""
_MARKDOWN = MarkdownIt("commonmark").enable("table").disable(["inline"])
MAX_PARAGRAPH = 30_000
"""Characters. The parser needs time in the square of them where all are brackets: a quarter of a second for these."""
_MARKED_UP = re.compile(r"[\\`*_\[\]<>&]|[^\S ]|  ")
"""Without any of these, a line is its own text: most lines are, and parsing them takes a fifth of the time."""


def read_markdown(body: bytes, path: str) -> Draft:
    """The Draft of the Markdown file at `path`. Raises UnusableError."""
    text = _decode(body)
    parts = _FRONT_MATTER.match(text)
    if not parts:
        return Draft(None, tuple(_iter_lines(text)))
    return Draft(_read_front_matter(parts["facts"], path), tuple(_iter_lines(parts["body"])))


def _decode(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = f"not UTF-8 (byte {error.start} is {error.object[error.start]:#04x}). Save it as UTF-8."
        raise UnusableError(why) from error
    return unicodedata.normalize("NFC", "\n".join(text.splitlines()))


def _read_front_matter(facts: str, path: str) -> Facts:
    try:
        node = compose(facts)
    except NoFactsError as error:
        why = f"the front matter is no YAML ({error.why}). Quote texts that contain a colon or an @."
        raise UnusableError(why, error.line and error.line + _FIRST_LINE - 1) from error
    if not isinstance(node, yaml.MappingNode):
        raise UnusableError(f"the front matter has no keys. {HOW_TO_BEGIN}", 1)
    return read_facts(node, path, _FIRST_LINE)


def _iter_lines(body: str) -> Iterator[Line]:
    """A heading inside a list or a quote heads nothing and is text."""
    env: MutableMapping[str, Any] = {}
    level = 0
    cells: list[str] | None = None
    for token in _MARKDOWN.parse(body.translate(dict.fromkeys(map(ord, MARKS))), env):
        text = _plain_text(token, env) if token.content else ""
        if token.type == "heading_open" and token.level == 0:
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield Line(0, " | ".join(cells or ()))
            cells = None
        elif cells is not None and token.type == "inline":
            cells.append(text)
        elif (level and token.type == "inline") or text:
            yield Line(level, text)


def _plain_text(token: Token, env: MutableMapping[str, Any]) -> str:
    """The text of one block without markup, white space folded, line breaks that were meant kept."""
    text = token.content  # of code; blocks that hold other blocks have none of their own
    if token.type == "inline":
        if not _MARKED_UP.search(text):
            return text
        if len(text) > MAX_PARAGRAPH:
            raise UnusableError(
                f"a paragraph of {len(text):,} characters, of at most {MAX_PARAGRAPH:,}. Part it; "
                "keep a picture in a file of its own."
            )
        children: list[Token] = []
        _MARKDOWN.inline.parse(text, _MARKDOWN, env, children)
        text = "".join(map(_inline_text, children))
    elif token.type == "html_block":
        text = _html_text(text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _html_text(markup: str) -> str:
    from selectolax.lexbor import LexborHTMLParser  # here, because few SOPs have HTML in them

    return LexborHTMLParser(mark_implements(markup)).text(separator=" ")


def _inline_text(token: Token) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "html_inline":
            marked = mark_implements(token.content)
            return f" {marked}" if marked.startswith(MARKS[0]) else " "
        case "hardbreak":
            return "\n"
        case _:
            return token.content  # of text, code and the alternative text of images; of marks it is empty
