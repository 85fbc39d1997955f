"""Somebody has seen a Problem: digests no longer repeat it, and it stays open and listed until it is over.

What holds is the Problem as it was seen. If it turns into one of another kind, it is told again.

Does not do: mending, or setting a doubt aside (`monitor.tracking.accept`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from monitor.model import Acknowledgement
from monitor.store import transaction
from monitor.store.problems import claim_acknowledgement, get_open_problem

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.model import Problem
    from monitor.store import Database

log = structlog.get_logger()


def acknowledge(db: Database, problem_id: int, *, by: str, note: str, now: datetime) -> Problem:
    """The Problem as it stands then; where somebody had acknowledged it before, that holds.

    Raises NotFoundError where no such Problem is open.
    """
    problem = get_open_problem(db, problem_id)
    with transaction(db):
        is_new = claim_acknowledgement(db, problem, Acknowledgement(by, now, note))
    if is_new:
        log.info("problem acknowledged", problem=problem.id, source=problem.source_id, kind=str(problem.kind))
    return get_open_problem(db, problem_id)
