"""The schema, as the steps that led to it: `schema/` has the SQL of each.

A released step is never edited; a change of the schema is a new step. Tables are STRICT. Times are text,
`2026-11-22T09:00:00Z`. Lists and small mappings are JSON text. The reason for a column stands beside it.

Does not do: opening databases or reading rows.
"""

from __future__ import annotations

from importlib.resources import files

from sqlite_utils import Database, Migrations

from monitor.store.seals import mark_all

MIGRATIONS = Migrations("policy-monitor")


@MIGRATIONS()
def m0001_first_tables(db: Database) -> None:
    """Everything from a Source to its Deliveries."""
    _execute(db, "m0001_first_tables")


@MIGRATIONS()
def m0002_doubts_and_dates(db: Database) -> None:
    """Dates of Changes, who judged them, doubts that a person overrules, Documents that do not stand still."""
    _execute(db, "m0002_doubts_and_dates")


@MIGRATIONS()
def m0003_decisions_and_links(db: Database) -> None:
    """What people decided, and the clauses that sections put into practice."""
    _execute(db, "m0003_decisions_and_links")


@MIGRATIONS()
def m0004_more_to_tell(db: Database) -> None:
    """Digests that are no day's: alerts, reminders. What messages show of Decisions. What Slack sent us before."""
    _execute(db, "m0004_more_to_tell")


@MIGRATIONS()
def m0005_desk(db: Database) -> None:
    """What waits to be decided, full-text search, and who is let in."""
    from monitor.store.items import note_all

    _execute(db, "m0005_desk")
    note_all(db)  # what was decided before there were these columns


@MIGRATIONS()
def m0006_seals(db: Database) -> None:
    """The chain of hashes, over what there is already as well."""
    _execute(db, "m0006_seals")
    mark_all(db)


@MIGRATIONS()
def m0007_silence(db: Database) -> None:
    """The rhythm of what is watched, and Problems that somebody has seen."""
    _execute(db, "m0007_silence")


def _execute(db: Database, step: str) -> None:
    """Statement by statement, because `executescript` would commit the transaction that a migration runs in."""
    script = (files("monitor.store") / "schema" / f"{step}.sql").read_text(encoding="utf-8")
    for statement in script.split(";\n\n"):
        db.execute(statement)
