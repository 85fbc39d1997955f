"""The description for Datasette fits the database: what it names exists, what it asks works, what is secret is shut."""

from __future__ import annotations

from collections import Counter
from contextlib import closing

import pytest
import yaml

from deploy.packed import DEPLOY, read_yaml
from monitor.store import open_store

(METADATA,) = read_yaml("datasette/metadata.yaml")
MONITOR = METADATA["databases"]["monitor"]
TABLES = MONITOR["tables"]


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    with closing(open_store(tmp_path_factory.mktemp("datasette") / "monitor.db")) as opened:
        yield opened


@pytest.fixture(scope="module")
def schema(db):
    """Table → its columns, without those that SQLite and the search keep for themselves."""
    inner = ("search_text_", "search_change_")
    return {
        name: {column.name for column in db.table(name).columns}
        for name in db.table_names()
        if not name.startswith(inner)
    }


def name_keys(node, path=""):
    """The path of each key, as often as it is written: YAML itself takes the last of several in silence."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        yield f"{path}/{key.value}"
        yield from name_keys(value, f"{path}/{key.value}")


def test_nothing_is_said_twice():
    written = Counter(name_keys(yaml.compose((DEPLOY / "datasette/metadata.yaml").read_text(encoding="utf-8"))))
    assert [path for path, times in written.items() if times > 1] == []


def test_every_table_is_described_or_kept_back_and_nothing_else_is(schema):
    assert TABLES.keys() == schema.keys()
    assert [name for name, each in TABLES.items() if not each.keys() & {"description", "hidden", "allow"}] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_column_that_is_named_exists(schema, name):
    table = TABLES[name]
    ways = {each for key in ("label_column", "sort", "sort_desc") if (each := table.get(key))}
    assert (ways | set(table.get("facets", [])) | table.get("columns", {}).keys()) - schema[name] == set()


@pytest.mark.parametrize("name", ["pass", "delivery", "slack_event"])
def test_what_could_let_somebody_in_is_shown_to_nobody(name):
    assert TABLES[name]["allow"] is False
    assert MONITOR["allow_sql"] is False, "else SQL would show the same"


def test_tables_of_bytes_are_hidden(db):
    """One that has only a few of them beside facts would be no reason."""
    heavy = {"snapshot", "version", "section_vector"}
    assert all(TABLES[name]["hidden"] for name in heavy)
    blobs = {name for name in TABLES if any(column.type == "BLOB" for column in db.table(name).columns)}
    assert {name for name in blobs if not TABLES[name].get("hidden")} == set()


@pytest.mark.parametrize("name", MONITOR["queries"])
def test_every_question_can_be_asked_and_touches_nothing_that_is_shut(db, name):
    sql = MONITOR["queries"][name]["sql"]
    assert list(db.query(sql)) == []
    assert not any(f" {shut}" in sql for shut in ("pass", "delivery", "slack_event"))
