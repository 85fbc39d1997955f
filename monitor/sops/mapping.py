"""`sops.yaml` in the SOP folder: facts of files that cannot carry them, and what holds for whole subfolders.

    privacy/:                    every file below this folder that does not say otherwise itself
      owner: privacy-desk
      jurisdictions: [EU]
    privacy/retention.docx:      this file, whatever it says itself
      id: SOP-041
      title: Retention of user data

Does not do: reading the files it names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from monitor.sops.facts import Facts, NoFactsError, compose, join_facts, read_facts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MAPPING_FILE = "sops.yaml"
WHOLE_FOLDER = "./"
_OF_ONE_FILE = ("id", "title")
_HOW_TO_MAP = 'Write paths with facts below them: "privacy/": {owner: privacy-desk}'


@dataclass(slots=True)
class FileMapping:
    """What `sops.yaml` says, by path as seen from the SOP folder, with the place of each entry."""

    files: dict[str, Facts] = field(default_factory=dict)
    folders: dict[str, Facts] = field(default_factory=dict)
    """By path with its closing slash; `./` is the whole SOP folder."""
    places: dict[str, str] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)

    def of_file(self, name: str) -> Facts:
        """What is said of exactly this file."""
        return self.files.get(name, {})

    def of_folders(self, name: str) -> Facts:
        """What is said of the folders around the file, the nearest first."""
        around = [f"{name.rsplit('/', depth)[0]}/" for depth in range(1, name.count("/") + 1)]
        return join_facts(*(self.folders.get(folder, {}) for folder in [*around, WHOLE_FOLDER]))

    def iter_lost(self, names: Collection[str]) -> Iterator[str]:
        """A mistake for each entry that names no file of the SOP folder, which has `names`."""
        for path in self.files:
            if path not in names:
                yield f'{self.places[path]}: there is no SOP file "{path}". Correct the path or take the entry out.'
        for path in self.folders:
            if path != WHOLE_FOLDER and not any(name.startswith(path) for name in names):
                yield f'{self.places[path]}: there is no SOP file below "{path}". Correct the path or take it out.'


def read_mapping(body: bytes, path: str) -> FileMapping:
    """The mapping in the file at `path`; what cannot be used of it is named in `mistakes`."""
    mapping = FileMapping()
    try:
        root = compose(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        mapping.mistakes.append(f"{path}:{line}: not UTF-8. Save it as UTF-8.")
        return mapping
    except NoFactsError as error:
        where = f"{path}:{error.line}" if error.line else path
        mapping.mistakes.append(f"{where}: this is no YAML ({error.why}). Quote paths that contain a colon.")
        return mapping
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            _add_entry(mapping, key, value, path)
    elif root is not None:
        mapping.mistakes.append(f"{path}:1: no paths stand here. {_HOW_TO_MAP}")
    return mapping


def _add_entry(mapping: FileMapping, key: yaml.Node, value: yaml.Node, path: str) -> None:
    where = f"{path}:{key.start_mark.line + 1}"
    if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.MappingNode):
        mapping.mistakes.append(f"{where}: an entry is a path with facts below it. {_HOW_TO_MAP}")
        return
    name = key.value if key.value == WHOLE_FOLDER else key.value.removeprefix(WHOLE_FOLDER)
    facts = read_facts(value, path)
    if name in mapping.places:
        mapping.mistakes.append(f'{where}: "{name}" stands twice, first in {mapping.places[name]}. Keep one.')
    elif name.endswith("/"):
        for each in set(_OF_ONE_FILE) & facts.keys():
            mapping.mistakes.append(f"{facts.pop(each).where}: {each} is of one file. Write it below the path of one.")
        mapping.folders[name] = facts
    else:
        mapping.files[name] = facts
    mapping.places.setdefault(name, where)
