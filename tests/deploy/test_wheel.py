"""What `pipx` and `uvx` install is whole: the program runs from an unpacked wheel, far from any checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

import pytest

from deploy.packed import ROOT
from monitor import __version__

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """A folder with the program as the wheel holds it, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "program")
    return folder / "program"


@pytest.fixture
def run(unpacked, tmp_path):
    """A command of that program, in an empty folder."""

    def call(*words):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MONITOR_", "SLACK_"))}
        env = kept | {"PYTHONPATH": str(unpacked)}
        return subprocess.run(
            [sys.executable, "-P", *words], cwd=tmp_path, env=env, check=True, capture_output=True, text=True
        ).stdout

    return call


def test_it_is_the_unpacked_program_that_runs(run, unpacked):
    assert run("-c", "import monitor; print(monitor.__file__)").startswith(str(unpacked))
    assert run("-m", "monitor", "--version") == f"monitor, version {__version__}\n"


def test_it_begins_with_the_sources_that_come_along(run, tmp_path):
    (tmp_path / "sources.yaml").write_text(run("-m", "monitor", "sources", "catalogue"), encoding="utf-8")
    assert (tmp_path / "sources.yaml").read_bytes() == (ROOT / "sources.yaml").read_bytes()
    assert run("-m", "monitor", "sources", "check").endswith("no mistakes\n")


def test_it_has_every_file_that_is_no_python(unpacked):
    ours = {path.relative_to(ROOT) for part in ("monitor", "spiders", "digests") for path in (ROOT / part).rglob("*")}
    wanted = {path for path in ours if (ROOT / path).is_file() and "__pycache__" not in path.parts}
    assert {path for path in wanted if not (unpacked / path).is_file()} == set()
    assert any(path.suffix == ".html" for path in wanted)
    assert (unpacked / "monitor" / "slack-app.yaml").is_file()
    assert (unpacked / "monitor" / "demo").is_dir()
