"""One database with everything in it, made once; each test gets a copy."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from types import SimpleNamespace

import pytest
import structlog

from evidence.witnessed import CHANGE, NOW, make_database
from monitor.evidence.bundle import pack
from monitor.evidence.dossier import gather
from monitor.store import open_store


@pytest.fixture(scope="session")
def original(tmp_path_factory):
    """The path of the database, and the ZIP of change 2."""
    folder = tmp_path_factory.mktemp("witnessed")
    make_database(folder / "monitor.db")
    db = open_store(folder / "monitor.db")
    data = pack(gather(db, CHANGE, NOW))
    db.close()
    return SimpleNamespace(path=folder / "monitor.db", zip=data)


@pytest.fixture
def path(original, tmp_path):
    return shutil.copy(original.path, tmp_path / "monitor.db")


@pytest.fixture
def db(path):
    database = open_store(path)
    yield database
    database.close()


@pytest.fixture(autouse=True)
def log_as_before():
    yield
    structlog.reset_defaults()


@pytest.fixture
def files(original):
    """What is in the evidence file, by name."""
    with zipfile.ZipFile(io.BytesIO(original.zip)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.fixture
def manifest(files):
    return json.loads(files["manifest.json"])
