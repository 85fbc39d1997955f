"""The facts of an SOP: what is said about it, where that is said, and which of several statements holds.

Statements come from front matter, document properties, `<meta>` elements and the mapping file. Each keeps the place it
was read from, so that a mistake can be named there.

Does not do: reading files, cutting texts into sections.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.model import Sop

KEYS = ("id", "title", "owner", "audience", "topics", "jurisdictions", "cites", "implements")
"""What an SOP may say of itself. Other keys are the customer's own and are not looked at."""
AUTHOR = "author"
"""Who wrote the file, which is the owner where nobody else is named."""

_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_NULL = "tag:yaml.org,2002:null"
_SEPARATORS = re.compile(r"[,;]")
_CITATION = re.compile(r"[a-z]{2}(-[a-z]+)?:\S+")
_SOURCE_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOW_TO_CITE = 'Write it like "eu:reg:2022/2065#art16" or "us:usc:18/2258A".'


@dataclass(frozen=True, slots=True)
class Fact:
    """What is said under one key, and where: `sops/a.md:4`."""

    where: str
    value: str | tuple[str, ...] | None
    """One text ("" = nothing was written), several, or None for anything else."""
    is_line: bool = False
    """A property that can hold but one text: where several are wanted, commas and semicolons separate them."""


Facts = dict[str, Fact]


class NoFactsError(Exception):
    """A text that holds no mapping of keys to values: `line` counts from 1, None where YAML does not say."""

    def __init__(self, why: str, line: int | None) -> None:
        self.why = why
        self.line = line
        super().__init__(why)


def compose(text: str) -> yaml.Node | None:
    """YAML as nodes, not yet made into Python objects.

    So a country code that YAML takes for a truth value (NO) stays what was written, and a customer's own key cannot
    spoil the file. Raises NoFactsError where it is no YAML.
    """
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        why = error.problem if isinstance(error, yaml.MarkedYAMLError) else "a character that YAML forbids"
        raise NoFactsError(f"{why}", mark.line + 1 if mark else None) from error
    return node


def read_facts(node: yaml.MappingNode, path: str, first_line: int = 1) -> Facts:
    """The values of a YAML mapping that begins on line `first_line` of the file at `path`."""
    return {
        key.value: Fact(f"{path}:{value.start_mark.line + first_line}", _read_value(value))
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode)
    }


def _read_value(node: yaml.Node) -> str | tuple[str, ...] | None:
    if isinstance(node, yaml.ScalarNode):
        return "" if node.tag == _NULL else node.value.strip()
    if isinstance(node, yaml.SequenceNode) and all(isinstance(each, yaml.ScalarNode) for each in node.value):
        return tuple(each.value.strip() for each in node.value)
    return None


def join_facts(*layers: Mapping[str, Fact]) -> Facts:
    """Under each key the first statement that says something."""
    joined: Facts = {}
    for layer in layers:
        for key, fact in layer.items():
            if key not in joined or (joined[key].value == "" and fact.value != ""):
                joined[key] = fact
    return joined


class Reading:
    """One file on its way to become an SOP: its facts as an SOP has them, and the mistakes found so far.

    `name` is that of a file in which people cannot write facts as in front matter: what is missing goes into the
    mapping file.
    """

    def __init__(self, path: str, facts: Facts, name: str = "") -> None:
        self.path = path
        self._name = name
        self.mistakes: list[str] = []
        self._facts = facts

    def has(self, key: str) -> bool:
        return key in self._facts and self._facts[key].value != ""

    def word(self, key: str, example: str, *others: str) -> str:
        """The one text under `key`, else under the first of `others` that has one; a mistake where there is none."""
        named = next((each for each in (key, *others) if self.has(each)), key)
        fact = self._facts.get(named, Fact(self.path, ""))
        if fact.value == "":
            line = f"{key}: {example}"
            advice = f'Write in sops.yaml: "{self._name}": {{{line}}}' if self._name else f"Write: {line}"
            self.mistakes.append(f"{fact.where}: {key} is missing. {advice}")
        elif not isinstance(fact.value, str):
            self.mistakes.append(f"{fact.where}: {named} must be one text. Write: {key}: {example}")
        else:
            return fact.value
        return ""

    def several(self, key: str, example: str) -> tuple[str, ...]:
        """The list of texts under `key`; empty where there is none, or with a mistake."""
        fact = self._facts.get(key, Fact(self.path, ""))
        if isinstance(fact.value, tuple):
            return fact.value
        if fact.value == "":
            return ()
        if fact.is_line and fact.value is not None:
            return tuple(part.strip() for part in _SEPARATORS.split(fact.value) if part.strip())
        self.mistakes.append(f"{fact.where}: {key} must be a list of texts. Write: {key}: [{example}]")
        return ()

    def citations(self) -> tuple[str, ...]:
        cites = self.several("cites", '"eu:reg:2022/2065#art16"')
        for each in cites:
            if not _CITATION.fullmatch(each):
                where = self._facts["cites"].where
                self.mistakes.append(f'{where}: cites: "{each}" is no citation in normal form. {_HOW_TO_CITE}')
        return cites

    def implements(self) -> tuple[str, ...]:
        declared = self.several("implements", '"eu:reg:2022/2065#art16", eu-dsa-guidelines')
        if declared:
            self.check_implements(declared, self._facts["implements"].where)
        return declared

    def check_implements(self, declared: Sequence[str], where: str) -> None:
        """Add a mistake for each that is neither a citation nor could be the id of a Source."""
        for each in declared:
            if not (_CITATION.fullmatch(each) or _SOURCE_ID.fullmatch(each)):
                self.mistakes.append(
                    f'{where}: implements: "{each}" is neither a citation in normal form nor the id of a source. '
                    f"{_HOW_TO_CITE}"
                )


def stated_facts(sop: Sop) -> dict[str, list[str]]:
    """The facts of an SOP that are lists, by key: what is stored and shown beside its id, title and owner."""
    return {
        "audience": list(sop.audience),
        "topics": list(sop.topics),
        "jurisdictions": list(sop.jurisdictions),
        "cites": list(sop.cites),
        "implements": list(sop.implements),
    }
