"""The customer's procedures: a folder of Markdown files with YAML front matter → a Library of Sops with their Sections.

    ---
    id: age-assurance                  required, unique in the folder
    title: Age assurance               required
    owner: "@child-safety"             required
    topics: [child-safety]             as in sources.yaml
    jurisdictions: [EU, GB]            none = everywhere
    cites: ["eu:reg:2022/2065#art28"]  legal citations in normal form
    ---
    Text in Markdown, with headings.

Other keys are the customer's own and are not looked at. A file that cannot be used is named in `mistakes` with what to
write; the others load.

A Section is what stands between two headings, as plain text. Its heading is the path of headings above it, or the title
of the SOP where there is none. A first-level heading that repeats the title is left out of the path, because it says
nothing that the title does not. Headings with nothing of their own below them make no Section.

Does not do: matching (`monitor.impact`), storing, other formats than Markdown.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass, replace
from itertools import chain, count
from typing import TYPE_CHECKING

import yaml
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from monitor.errors import SopsError
from monitor.model import Section, Sop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it.token import Token

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?P<facts>.*?)^(?:---|\.\.\.)[ \t]*$\n?(?P<body>.*)\Z", re.DOTALL | re.MULTILINE
)
_CITATION = re.compile(r"[a-z]{2}(-[a-z]+)?:\S+")
_HOW_TO_SET = "Make the folder, or set MONITOR_SOPS (or --sops) to where your SOPs are."
_HOW_TO_BEGIN = 'Begin the file with a line "---", then id:, title: and owner: on lines of their own, then "---" again.'
_NULL = "tag:yaml.org,2002:null"
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(frozen=True, slots=True)
class Library:
    """Every SOP that could be read, in the order of their paths, and a line of text for each mistake in the others."""

    sops: tuple[Sop, ...]
    mistakes: tuple[str, ...]


def load_sops(folder: Path) -> Library:
    """The Library of all `*.md` files below `folder`.

    A folder that is not there gives an empty Library that says so: monitoring is useful before the first SOP is
    written. Raises SopsError where `folder` is a file or cannot be read.
    """
    try:
        next(folder.iterdir(), None)
    except FileNotFoundError:
        return Library((), (f"{folder}: there is no such folder, so no SOP is tagged. {_HOW_TO_SET}",))
    except NotADirectoryError as error:
        raise SopsError(f"{folder}: a file, where a folder of Markdown files should be. {_HOW_TO_SET}") from error
    except OSError as error:
        raise SopsError(f"{folder}: the SOP folder cannot be read ({error.strerror}). {_HOW_TO_SET}") from error
    return _load_files(folder, sorted(folder.rglob("*.md")))


def fingerprint(sop: Sop) -> str:
    """The sha256 of the facts and the text of an SOP, in hexadecimal; where its file lies is no part of it."""
    facts = json.dumps(asdict(replace(sop, path="")), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()


def _load_files(folder: Path, paths: list[Path]) -> Library:
    sops: dict[str, Sop] = {}
    mistakes: list[str] = []
    for path in paths:
        file = _File(path)
        sop = _read_sop(file, path.relative_to(folder).as_posix())
        if sop and sop.id in sops:
            file.add_mistake(f'the id "{sop.id}" is that of {sops[sop.id].path}. Give each SOP an id of its own.')
        elif sop:
            sops[sop.id] = sop
        mistakes += file.mistakes
    return Library(tuple(sops.values()), tuple(mistakes))


class _File:
    """One file on its way to become an SOP, with the mistakes found so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mistakes: list[str] = []

    def add_mistake(self, text: str, line: int | None = None) -> None:
        self.mistakes.append(f"{self.path}:{line}: {text}" if line else f"{self.path}: {text}")


def _read_sop(file: _File, name: str) -> Sop | None:
    """The SOP in `file`, which is called `name`; None with mistakes added to `file`."""
    text = _read_text(file)
    if text is None:
        return None
    parts = _FRONT_MATTER.match(text)
    if not parts:
        file.add_mistake(f"no front matter, or not closed. {_HOW_TO_BEGIN}", 1)
        return None
    fields = _read_fields(file, parts["facts"])
    if fields is None:
        return None
    sop = Sop(
        id=_read_word(file, fields, "id", "age-checks"),
        title=_read_word(file, fields, "title", "Age checks"),
        owner=_read_word(file, fields, "owner", '"@child-safety"'),
        path=name,
        topics=_read_list(file, fields, "topics", "child-safety"),
        jurisdictions=_read_list(file, fields, "jurisdictions", "EU, GB"),
        cites=_read_citations(file, fields),
    )
    return None if file.mistakes else replace(sop, sections=tuple(_iter_sections(sop, parts["body"])))


def _read_text(file: _File) -> str | None:
    try:
        text = file.path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        file.add_mistake(f"not UTF-8 (byte {error.start} is {error.object[error.start]:#04x}). Save it as UTF-8.")
        return None
    except OSError as error:
        file.add_mistake(f"cannot be read ({error.strerror}). Check the link or the permissions of the file.")
        return None
    return unicodedata.normalize("NFC", "\n".join(text.splitlines()))


def _read_fields(file: _File, facts: str) -> dict[str, yaml.Node] | None:
    """The values of the front matter by key, not yet made into Python objects.

    So a country code that YAML takes for a truth value (NO) stays what was written, and a customer's own key cannot
    spoil the file.
    """
    try:
        node = yaml.compose(facts, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        why = error.problem if isinstance(error, yaml.MarkedYAMLError) else "a character that YAML forbids"
        file.add_mistake(f"the front matter is no YAML ({why}). Quote texts that contain a colon or an @.", _line(mark))
        return None
    if not isinstance(node, yaml.MappingNode):
        file.add_mistake(f"the front matter has no keys. {_HOW_TO_BEGIN}", 1)
        return None
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _read_word(file: _File, fields: dict[str, yaml.Node], key: str, example: str) -> str:
    node = fields.get(key)
    if node is None or node.tag == _NULL:
        file.add_mistake(f"{key} is missing. Write: {key}: {example}", _line(node.start_mark if node else None))
    elif not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        file.add_mistake(f"{key} must be one text. Write: {key}: {example}", _line(node.start_mark))
    else:
        return str(node.value).strip()
    return ""


def _read_list(file: _File, fields: dict[str, yaml.Node], key: str, example: str) -> tuple[str, ...]:
    node = fields.get(key)
    if node is None or node.tag == _NULL:
        return ()
    if isinstance(node, yaml.SequenceNode) and all(isinstance(each, yaml.ScalarNode) for each in node.value):
        return tuple(each.value.strip() for each in node.value)
    file.add_mistake(f"{key} must be a list of texts. Write: {key}: [{example}]", _line(node.start_mark))
    return ()


def _read_citations(file: _File, fields: dict[str, yaml.Node]) -> tuple[str, ...]:
    cites = _read_list(file, fields, "cites", '"eu:reg:2022/2065#art16"')
    for each in cites:
        if not _CITATION.fullmatch(each):
            advice = 'Write it like "eu:reg:2022/2065#art16" or "us:usc:18/2258A".'
            file.add_mistake(
                f'cites: "{each}" is no citation in normal form. {advice}', _line(fields["cites"].start_mark)
            )
    return cites


def _line(mark: yaml.Mark | None) -> int | None:
    """The line of the file, counted from 1; the front matter begins on the second."""
    return mark.line + 2 if mark else None


def _iter_sections(sop: Sop, body: str) -> Iterator[Section]:
    taken: set[str] = set()
    for heading, text in _iter_stretches(body, sop.title):
        section_id = _free_id(f"{sop.id}#{_slug(' '.join(heading))}", taken)
        taken.add(section_id)
        yield Section(section_id, sop.id, heading, text)


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-") or "section"


def _free_id(wanted: str, taken: set[str]) -> str:
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(each for each in chain([wanted], numbered) if each not in taken)


def _iter_stretches(body: str, title: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path of headings and the text of each stretch between two headings that has a text."""
    above: list[tuple[int, str]] = []
    lines: list[str] = []
    for level, text in _iter_lines(_MARKDOWN.parse(body)):
        if not level:
            lines.append(text)
            continue
        if lines:
            yield _path(above, title), "\n".join(lines)
        above, lines = [each for each in above if each[0] < level] + [(level, text)], []
    if lines:
        yield _path(above, title), "\n".join(lines)


def _path(above: list[tuple[int, str]], title: str) -> tuple[str, ...]:
    """The headings above a text without the one that repeats the title; the title where there is none."""
    path = (text for level, text in above if level > 1 or text.casefold() != title.casefold())
    return tuple(text for text in path if text) or (title,)


def _iter_lines(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Each block of text, or row of a table, with its level if it is a heading, else 0.

    A heading inside a list or a quote heads nothing and is text.
    """
    level = 0
    cells: list[str] | None = None
    for token in tokens:
        text = _plain_text(token)
        if token.type == "heading_open" and token.level == 0:
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield 0, " | ".join(cells or ())
            cells = None
        elif cells is not None and token.type == "inline":
            cells.append(text)
        elif level and token.type == "inline":
            yield level, text
        elif text:
            yield 0, text


def _plain_text(token: Token) -> str:
    """The text of one block without markup, white space folded, line breaks that were meant kept."""
    if token.type == "inline":
        text = "".join(_inline_text(child) for child in token.children or ())
    elif token.type == "html_block":
        text = LexborHTMLParser(token.content).text(separator=" ")
    else:
        text = token.content  # of code; other blocks have none of their own
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _inline_text(token: Token) -> str:
    match token.type:
        case "softbreak" | "html_inline":
            return " "
        case "hardbreak":
            return "\n"
        case _:
            return token.content  # of text, code and the alternative text of images; of marks it is empty
