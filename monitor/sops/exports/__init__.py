"""`monitor sops import`: a Confluence or Notion export → files in a folder that `monitor.sops` reads.

Each page becomes one file called by the id that the page has where it came from. So the next export of the same pages
updates the files in place, also where a page was renamed or moved. Pages that left the export are named and their files
stay: people decide whether a procedure has ended. What people want to say of a page they say in `sops.yaml`, because
its file is written anew.

Everything is read before anything is written; files are written beside the folder first and then moved in one by one,
so that no file is ever half written.

Does not do: attachments, pictures, comments; judging whether a page is a procedure.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import SopsError
from monitor.sops.exports import confluence, notion
from monitor.sops.exports.archive import read_texts

__all__ = ["Imported", "import_export"]

_SUFFIXES = (".md", ".html")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did to the folder, by names of files."""

    made_by: str
    """Confluence or Notion."""
    new: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    gone: tuple[str, ...]
    """Imported earlier and not in this export. They are still there."""


def import_export(path: Path, folder: Path) -> Imported:
    """Bring the pages of the export at `path` into `folder`, which is made where it is not there.

    Raises SopsError where the file is no export that can be used, or the folder cannot be written; then nothing has
    changed, or, if the disk fails in the midst, some files are as they were and the others as in the export.
    """
    made_by, prefix, files = _read_export(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        earlier = {each.name for suffix in _SUFFIXES for each in folder.glob(f"{prefix}*{suffix}")}
        changed = [name for name in files if name not in earlier or (folder / name).read_bytes() != files[name]]
        _write({name: files[name] for name in changed}, folder)
        replaced = _remove_other_formats(files, earlier, folder)
    except OSError as error:
        raise SopsError(
            f"{folder}: the pages cannot be written there ({error.strerror}). Name a folder that can be, with --to."
        ) from error
    return Imported(
        made_by,
        new=tuple(name for name in changed if name not in earlier),
        updated=tuple(name for name in changed if name in earlier),
        unchanged=tuple(name for name in files if name not in changed),
        gone=tuple(sorted(earlier - files.keys() - replaced)),
    )


def _read_export(path: Path) -> tuple[str, str, dict[str, bytes]]:
    """Whose export it is, how its files begin, and the files by name."""
    texts = read_texts(path)
    if notion.is_notion(texts):
        made_by, prefix, pages = "Notion", notion.PREFIX, notion.iter_pages(texts)
    elif confluence.is_confluence(texts):
        made_by, prefix, pages = "Confluence", confluence.PREFIX, confluence.iter_pages(texts)
    else:
        raise SopsError(
            f"{path}: neither a Confluence space exported as HTML nor a Notion export as Markdown or HTML. "
            "Other folders of Markdown, HTML or DOCX need no import: name them with --sops."
        )
    files = {page.file_name: page.as_file() for page in pages}
    if not files:
        raise SopsError(f"{path}: a {made_by} export without a page that has a text. Export the pages themselves.")
    return made_by, prefix, files


def _write(files: dict[str, bytes], folder: Path) -> None:
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, body in files.items():
            (beside / name).write_bytes(body)
        for name in files:
            (beside / name).replace(folder / name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _remove_other_formats(files: dict[str, bytes], earlier: set[str], folder: Path) -> set[str]:
    """Remove the HTML of a page that now comes as Markdown, or the other way round: two would have one id."""
    stems = {Path(name).stem for name in files}
    replaced = {name for name in earlier - files.keys() if Path(name).stem in stems}
    for name in replaced:
        (folder / name).unlink()
    return replaced
