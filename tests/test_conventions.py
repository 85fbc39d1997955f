"""Rules that no linter checks: sizes, how many warnings are silenced, and that files speak of the project alone."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("monitor", "spiders", "digests")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def iter_functions():
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.end_lineno - node.lineno + 1, f"{path.name}:{node.name}"


def test_functions_are_short():
    sizes = sorted(iter_functions())
    assert len(sizes) > 300
    assert sizes[-1][0] <= 80, sizes[-1]
    assert sizes[int(len(sizes) * 0.95)][0] <= 40


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_begins_with_its_contract(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    if path.name != "__main__.py":
        assert ast.get_docstring(ast.parse(text))


def tracked_files():
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("the files that belong to the project are known to git only, and this is no checkout")
    return [ROOT / name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def test_few_warnings_are_silenced_and_each_says_why():
    lines = [line for path in tracked_files() if path.suffix == ".py" for line in path.read_text("utf-8").splitlines()]
    silenced = [line for line in lines if re.search(r"# (?:noqa|type: ignore)", line)]
    assert len(silenced) <= 10, silenced
    reasoned = re.compile(r"# (?:noqa: [A-Z0-9]+ +-? *\w|type: ignore\[[\w-]+\]  # \w)")
    assert [line for line in silenced if not reasoned.search(line)] == []


def test_no_file_names_the_host_of_a_package_index():
    hosts = re.compile(rb"(?:pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org)")
    own = Path(__file__)
    assert [path for path in tracked_files() if path != own and hosts.search(path.read_bytes())] == []
