"""Databases of earlier versions, kept as SQL: what a released program made and wrote, whatever the present one does.

    tests/store/schemas/m0003_decisions_and_links.sql      everything up to and with that step, and rows in each table

When a step is released, its dump is written from a database that the released program filled, with `write_dump`. A dump
is never edited.
"""

from __future__ import annotations

from pathlib import Path

from monitor.store import Database

FOLDER = Path(__file__).parent / "schemas"


def load_dump(step, path):
    """The database as the program of that step left it, at `path`."""
    db = Database(path)
    db.execute("PRAGMA journal_mode = WAL").fetchone()
    db.executescript((FOLDER / f"{step}.sql").read_text(encoding="utf-8"))
    db.close()
    return path


def write_dump(db):
    """All of it as SQL that `load_dump` reads: tables, rows, then indexes and triggers."""
    kinds = {row["name"]: row["type"] for row in db.query("PRAGMA table_list") if row["schema"] == "main"}
    made = [(row["name"], row["sql"]) for row in db.query("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")]
    tables = [sql for name, sql in made if kinds.get(name) in {"table", "virtual"}]
    rows = [line for name, kind in kinds.items() if kind != "virtual" for line in _iter_rows(db, name, kind)]
    others = [sql for name, sql in made if name not in kinds]
    lines = ["PRAGMA foreign_keys = OFF", "BEGIN", *tables, *sorted(rows), *others, "COMMIT"]
    return "".join(f"{line};\n" for line in lines)


def _iter_rows(db, name, kind):
    """SQLite has made the tables behind a full-text index, and their first rows, by itself."""
    if name.startswith("sqlite_"):
        return
    columns = [row["name"] for row in db.query(f'PRAGMA table_info("{name}")')]
    verb = "REPLACE" if kind == "shadow" else "INSERT"
    quoted = " || ', ' || ".join(f'quote("{column}")' for column in columns)
    for (values,) in db.execute(f'SELECT {quoted} FROM "{name}"'):
        yield f'{verb} INTO "{name}" VALUES ({values})'
