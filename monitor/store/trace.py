"""What people ask about the work done: the path of one Document from its Source to the messages sent, who was asked.

Does not do: printing (`monitor.cli.trace`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.store.versions import get_document

if TYPE_CHECKING:
    from monitor.store import Database

Row = dict[str, Any]

_STEPS = {
    "source": """
        SELECT source.id, source.name, source.publisher, source.kind, source.due_at
        FROM source JOIN document ON document.source_id = source.id WHERE document.id = :document""",
    "overrule": """
        SELECT overrule.mark, overrule.accepted_at, overrule.note
        FROM overrule JOIN document ON document.source_id = overrule.source_id
        WHERE document.id = :document ORDER BY overrule.accepted_at, overrule.mark""",
    "fetch": """
        SELECT fetch.id, fetch.at, resource.url, fetch.outcome, fetch.status, fetch.state, fetch.duration_ms,
            fetch.snapshot_id, fetch.detail
        FROM fetch JOIN resource ON resource.id = fetch.resource_id
        JOIN document ON document.source_id = resource.source_id
        WHERE document.id = :document ORDER BY fetch.at, fetch.id""",
    "snapshot": """
        SELECT DISTINCT snapshot.id, snapshot.received_at, snapshot.sha256, snapshot.length,
            length(snapshot.body) AS stored, snapshot.base_id
        FROM snapshot JOIN resource ON resource.id = snapshot.resource_id
        JOIN document ON document.source_id = resource.source_id
        WHERE document.id = :document ORDER BY snapshot.id""",
    "version": """
        SELECT version.id, version.observed_at, version.text_sha256, version.title, version.recipe,
            (SELECT group_concat(snapshot_id) FROM version_snapshot WHERE version_id = version.id) AS snapshots
        FROM version WHERE version.document_id = :document ORDER BY version.id""",
    "change": """
        SELECT change.id, change.detected_at, change.kind, change.status, change.severity, change.reason,
            change.from_version_id, change.to_version_id, change.confirmed_at, change.rules, change.returns_to,
            change.matcher,
            (SELECT count(*) FROM passage WHERE change_id = change.id) AS passages
        FROM change WHERE change.document_id = :document ORDER BY change.to_version_id""",
    "impact": """
        SELECT impact.change_id, impact.section_id, impact.probability, impact.evidence
        FROM impact JOIN change ON change.id = impact.change_id
        WHERE change.document_id = :document ORDER BY impact.change_id, impact.probability DESC""",
    "delivery": """
        SELECT delivery.id, digest_change.change_id, delivery.digest_id, delivery.channel, delivery.part,
            delivery.parts, delivery.state, delivery.attempts, delivery.sent_at, delivery.ts, delivery.error
        FROM digest_change JOIN delivery ON delivery.digest_id = digest_change.digest_id
        JOIN change ON change.id = digest_change.change_id
        WHERE change.document_id = :document ORDER BY delivery.digest_id, delivery.channel, delivery.part""",
    "problem": """
        SELECT problem.id, problem.opened_at, problem.kind, problem.detail, problem.mark, problem.closed_at,
            problem.closed_by
        FROM problem JOIN resource ON resource.id = problem.resource_id
        JOIN document ON document.source_id = resource.source_id
        WHERE document.id = :document ORDER BY problem.id""",
}


def trace_document(db: Database, document_id: str) -> dict[str, list[Row]]:
    """The rows of each step, oldest first, keyed by the noun. Raises NotFoundError."""
    get_document(db, document_id)
    return {step: list(db.query(sql, {"document": document_id})) for step, sql in _STEPS.items()}


def get_source_ids(db: Database) -> tuple[str, ...]:
    """Every Source ever declared, those switched off included."""
    return tuple(row["id"] for row in db.query("SELECT id FROM source ORDER BY id"))


def has_fetches(db: Database) -> bool:
    """Whether anything was ever asked for."""
    return bool(db.table("fetch").count)


def count_same_text(db: Database) -> int:
    """Fetches that brought other bytes than before, but no other text: no Version was read from them."""
    rows = db.query(
        """
        SELECT count(*) AS number FROM fetch WHERE fetch.state = 'good' AND NOT EXISTS (
            SELECT 1 FROM version_snapshot JOIN version ON version.id = version_snapshot.version_id
            WHERE version_snapshot.snapshot_id = fetch.snapshot_id AND version.observed_at >= fetch.at)
        """
    )
    return int(next(rows)["number"])
