"""Files that come with the program and are no Python.

Does not do: reading them.
"""

from __future__ import annotations

from pathlib import Path

from monitor.errors import NotFoundError


def find_shipped(name: str) -> Path:
    """The file or folder of this name: inside an installed package, or beside it in a checkout.

    Raises NotFoundError where it is in neither.
    """
    package = Path(__file__).parents[1]
    for folder in (package, package.parent):
        if (folder / name).exists():
            return folder / name
    raise NotFoundError(f"{name} is neither in {package} nor beside it. Reinstall policy-monitor.")
