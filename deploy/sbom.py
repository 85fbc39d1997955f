"""The bill of materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): what a lock of requirements holds.

    python deploy/sbom.py requirements.lock deploy/requirements.lock sbom.cdx.json

Names, versions and hashes are those of the first lock, so that nothing is in one and not in the other. What the second
one holds as well is in the container (`required`), the rest is not (`optional`). Licences and what needs what are read
from the packages that are installed here; of a package for another system neither is known. The same locks and packages
give the same bytes.

Why our own: cyclonedx-py reads hashes from a lock or licences from what is installed, never both, and writes down the
address of a package index for each.

Does not do: looking anything up, vulnerabilities.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable

PRODUCT = "policy-monitor"


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock."""

    name: str
    version: str
    hashes: tuple[str, ...]
    """SHA-256 of each file that may be installed for it."""

    @property
    def ref(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"

    def find_installed(self) -> Distribution | None:
        """What is installed of it here; None for a package of another system, or another version of it."""
        try:
            found = distribution(self.name)
        except PackageNotFoundError:
            return None
        return found if found.version == self.version else None


def read_lock(path: Path) -> list[Pin]:
    """What is pinned, in the order of the lock. Raises ValueError for a line that is no pin with hashes."""
    lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [_read_pin(line) for line in lines if line.strip()]


def _read_pin(line: str) -> Pin:
    asked = Requirement(line.partition(" --hash=")[0])
    hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", line)
    if not hashes or not str(asked.specifier).startswith("=="):
        raise ValueError(f"{line[:80]}: a lock pins one version, with its hashes")
    return Pin(canonicalize_name(asked.name), str(asked.specifier).removeprefix("=="), tuple(hashes))


def make_sbom(pins: list[Pin], shipped: list[Pin], product: Distribution) -> dict[str, Any]:
    """The document. `product` is what needs the pinned packages."""
    here = {pin: found for pin in pins if (found := pin.find_installed())}
    root = {"type": "application", "bom-ref": PRODUCT, "name": PRODUCT, "version": product.version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root | {"licenses": _find_licences(product)}},
        "components": [_to_component(pin, here.get(pin), is_shipped=pin in shipped) for pin in pins],
        "dependencies": [
            {"ref": PRODUCT, "dependsOn": _find_needed(product, here)},
            *({"ref": pin.ref, "dependsOn": _find_needed(found, here)} for pin, found in here.items()),
        ],
    }


def _to_component(pin: Pin, found: Distribution | None, *, is_shipped: bool) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": pin.ref,
        "name": pin.name,
        "version": pin.version,
        "scope": "required" if is_shipped else "optional",
        "purl": pin.ref,
        # Not `hashes`, which are those of the component itself: a package is one of several files.
        "externalReferences": [
            {
                "type": "distribution",
                "url": pin.ref,
                "hashes": [{"alg": "SHA-256", "content": each} for each in pin.hashes],
            }
        ],
        "licenses": _find_licences(found) if found else [],
    }


def _find_licences(installed: Distribution) -> list[dict[str, Any]]:
    """As the package says it: an SPDX expression, else the last words of its classifiers, else one line of text."""
    facts = installed.metadata
    if expression := facts.get("License-Expression"):
        return [{"expression": expression}]
    classifiers = [each for each in facts.get_all("Classifier", []) if each.startswith("License ::")]
    names = [each.rpartition(" :: ")[2] for each in classifiers] or (facts.get("License") or "").splitlines()[:1]
    return [{"license": {"name": each}} for each in names if each]


def _find_needed(installed: Distribution, here: Iterable[Pin]) -> list[str]:
    """What of the packages that are installed here it needs; of the product with every extra."""
    wanted = [Requirement(each) for each in installed.requires or []]
    extras = installed.metadata.get_all("Provides-Extra", []) if installed.name == PRODUCT else [""]
    names = {
        canonicalize_name(each.name)
        for each in wanted
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras)
    }
    return sorted(pin.ref for pin in here if pin.name in names)


if __name__ == "__main__":
    lock, of_container, target = map(Path, sys.argv[1:])
    document = make_sbom(read_lock(lock), read_lock(of_container), distribution(PRODUCT))
    target.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
