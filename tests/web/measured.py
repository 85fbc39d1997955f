"""What `/metrics` tells, by name: NAMES as the parser gives them, TOLD as they are asked for."""

from __future__ import annotations

NAMES = {
    "build_info": "gauge",
    "database_size_bytes": "gauge",
    "fetches": "counter",
    "changes": "counter",
    "deliveries_sent": "counter",
    "hold_seconds": "histogram",
    "decision_seconds": "histogram",
    "answers_last_day": "gauge",
    "deliveries_unsent": "gauge",
    "problems_open": "gauge",
    "sources_enabled": "gauge",
    "sources_due": "gauge",
    "sources_overdue": "gauge",
    "oldest_unsent_timestamp_seconds": "gauge",
    "last_good_fetch_timestamp_seconds": "gauge",
    "part_restarts": "counter",
    "standing_by": "gauge",
    "last_tick_timestamp_seconds": "gauge",
    "last_tick_duration_seconds": "gauge",
    "last_tick_success": "gauge",
}
"""The parser takes `_total` away from counters."""

TOLD = {f"policy_monitor_{name}{'_total' * (sort == 'counter')}": sort for name, sort in NAMES.items()}
