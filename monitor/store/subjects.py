"""Which Changes somebody asks for by what they are about, as conditions for any query that names the table `change`.

Does not do: what waits and what is in hand (`monitor.store.inbox`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.impact import WORTH_SHOWING

if TYPE_CHECKING:
    from monitor.store import Database

OF_SOURCES = """
(:jurisdiction = '' AND :topic = '' OR change.document_id IN (
    SELECT document.id FROM source CROSS JOIN document ON document.source_id = source.id
    WHERE (:jurisdiction = '' OR source.jurisdiction = :jurisdiction)
      AND (:topic = '' OR EXISTS (SELECT 1 FROM json_each(source.topics) WHERE value = :topic))
))
"""
_OWN = """
(:owners = '[]' OR change.id IN (
    SELECT impact.change_id FROM sop CROSS JOIN section ON section.sop_id = sop.id
    CROSS JOIN impact INDEXED BY impact_by_section
        ON impact.section_id = section.id AND impact.probability >= :worth
    WHERE sop.owner COLLATE NOCASE IN (SELECT value FROM json_each(:owners))
))
"""
GIVEN_TO = """change.id IN (
    SELECT decision.change_id FROM decision INDEXED BY decision_given
    WHERE decision.assignee COLLATE NOCASE IN (SELECT value FROM json_each(:owners)))"""
"""Given to one of them at some time."""
TOUCHING = f"{OF_SOURCES} AND {_OWN}"
"""Of those Sources, and touching an SOP of theirs. Each condition takes the values of `Subject.values`."""
GIVEN = f"{OF_SOURCES} AND (:owners = '[]' OR {GIVEN_TO})"
"""Of those Sources, and given to one of them, if they are asked for."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked for; "" and () = all."""

    jurisdiction: str = ""
    topic: str = ""
    owners: tuple[str, ...] = ()
    """Names under which somebody is known: only what touches an SOP of theirs, or was given to them."""

    @property
    def values(self) -> dict[str, object]:
        owners = json.dumps(self.owners)
        return {"jurisdiction": self.jurisdiction, "topic": self.topic, "owners": owners, "worth": WORTH_SHOWING}


def get_spellings(db: Database, names: tuple[str, ...]) -> tuple[str, ...]:
    """These names, and those who own an SOP or were given something under one of them, in any case.

    SQLite compares letters outside of ASCII as they are; the conditions above need no more than this to find them.
    """
    if all(map(str.isascii, names)):
        return names
    wanted = {each.casefold() for each in names}
    rows = db.query("SELECT owner AS name FROM sop UNION SELECT assignee FROM decision WHERE assignee IS NOT NULL")
    return (*names, *(row["name"] for row in rows if row["name"].casefold() in wanted))


def get_subjects(db: Database) -> dict[str, tuple[str, ...]]:
    """What can be asked for: `jurisdiction` and `topic` of the Sources that are watched, in their order."""
    rows = db.query(
        """
        SELECT DISTINCT 'jurisdiction' AS name, jurisdiction AS value FROM source WHERE enabled = 1
        UNION SELECT 'topic', topic.value FROM source, json_each(source.topics) AS topic WHERE enabled = 1
        ORDER BY 1, 2
        """
    )
    found: dict[str, tuple[str, ...]] = {"jurisdiction": (), "topic": ()}
    for row in rows:
        found[row["name"]] = (*found[row["name"]], row["value"])
    return found
