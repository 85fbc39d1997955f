"""The bill of materials says what the locks say, no more and no less, and names nobody's index."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from deploy.packed import DEPLOY, ROOT

LOCK, SHIPPED = ROOT / "requirements.lock", DEPLOY / "requirements.lock"


def read(lock):
    """(name, version) → hashes, read line by line, which is not how the script does it."""
    found = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if pin := re.match(r"(\S+)==(\S+)", line):
            hashes = found[pin.groups()] = set()
        hashes |= set(re.findall(r"--hash=sha256:(\w+)", line))
    return found


def make(target, lock=LOCK):
    words = [sys.executable, str(DEPLOY / "sbom.py"), str(lock), str(SHIPPED), str(target)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def sbom(tmp_path_factory):
    target = tmp_path_factory.mktemp("sbom") / "sbom.cdx.json"
    done = make(target)
    assert done.returncode == 0, done.stderr
    return json.loads(target.read_text(encoding="utf-8"))


def test_it_has_the_packages_versions_and_hashes_of_the_lock(sbom):
    listed = {
        (each["name"], each["version"]): {
            found["content"] for where in each["externalReferences"] for found in where["hashes"]
        }
        for each in sbom["components"]
    }
    assert len(listed) > 100
    assert listed == read(LOCK)
    assert all(listed.values())


def test_what_is_in_the_container_is_required_and_pinned_by_the_same_hashes(sbom):
    required = {(each["name"], each["version"]) for each in sbom["components"] if each["scope"] == "required"}
    shipped = read(SHIPPED)
    assert required == shipped.keys()
    assert shipped.items() <= read(LOCK).items()
    assert not {"pytest", "ruff", "mypy"} & {name for name, _ in required}


def test_it_names_licences_and_what_needs_what(sbom):
    licences = {each["name"]: each["licenses"] for each in sbom["components"]}
    assert licences["scrapy"] == [{"expression": "BSD-3-Clause"}]
    assert sum(bool(each) for each in licences.values()) > 0.9 * len(licences)
    needs = {each["ref"]: each["dependsOn"] for each in sbom["dependencies"]}
    assert any(each.startswith("pkg:pypi/scrapy@") for each in needs["policy-monitor"])
    known = {each["bom-ref"] for each in sbom["components"]} | {"policy-monitor"}
    assert {each for refs in needs.values() for each in refs} <= known
    assert needs.keys() <= known


def test_it_is_cyclonedx_and_looks_up_nothing(sbom):
    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.6")
    assert sbom["metadata"]["component"]["licenses"] == [{"expression": "Apache-2.0"}]
    assert "://" not in json.dumps(sbom)


def test_a_line_without_hashes_is_refused(tmp_path):
    (tmp_path / "lock").write_text("click==8.3.0\n")
    done = make(tmp_path / "sbom.json", tmp_path / "lock")
    assert done.returncode == 1
    assert "click==8.3.0: a lock pins one version, with its hashes" in done.stderr
    assert not (tmp_path / "sbom.json").exists()
