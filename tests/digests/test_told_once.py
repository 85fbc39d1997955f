"""Whatever happens in whatever order: each told change is told in full exactly once to each audience."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.compose import compose_due
from monitor.config import read_config
from monitor.model import Audience, Period, Severity
from new_store import new_store
from told import at, ids

START = at("2026-11-22T00:00Z")
DESKS = [
    Audience("plain", "Plain", "Europe/Brussels", "09:00", weekly_on="mon", sla=timedelta(hours=6), lead="Sam"),
    Audience("quiet", "Quiet", "Pacific/Honolulu", "18:00", alerts=False),
    Audience("late", "Late", "Pacific/Kiritimati", "23:30", weekly_on="wed"),
]

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.integers(1, 40)),
        st.tuples(st.just("jump"), st.integers(-60, 60)),
        st.tuples(st.just("change"), st.sampled_from(list(Severity))),
        st.tuples(st.just("run"), st.sets(st.sampled_from([0, 1, 2]), min_size=1)),
    ),
    max_size=25,
)
"""Hours that pass, a clock that jumps, a Change that is confirmed, a run that serves some of the Audiences."""


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_each_change_is_told_in_full_exactly_once_to_each_audience(world_of, steps):
    world, config = world_of()
    world.see(*DESKS, at=START)
    now, changes, found = START, [], []
    for what, value in steps:
        if what in {"pass", "jump"}:
            now = max(START, now + timedelta(hours=value))
        elif what == "change":
            changes.append(world.change(now, severity=value))
        else:
            found += compose_due(world.db, [DESKS[each] for each in sorted(value)], config, now)
    for number in range(3):
        found += compose_due(world.db, DESKS, config, START + timedelta(days=200 + number))
    world.db.close()
    for desk in DESKS:
        own = [each for each in found if each.audience_id == desk.id]
        assert sorted(_told(own, Period.DAILY, Period.ALERT)) == changes
        alerted = _told(own, Period.ALERT)
        assert sorted(id_ for each in own for id_ in ids(each.alerted)) == sorted(alerted)
        assert not (alerted and not desk.alerts)
        rolled_up = _told(own, Period.WEEKLY)
        assert len(rolled_up) == len(set(rolled_up))
        escalated = [each.change_id for digest in own for each in digest.items if digest.period is Period.ESCALATION]
        assert len(escalated) == len(set(escalated))
        assert desk.sla or not escalated
        days = [each.local_date for each in own if each.period is Period.DAILY]
        assert len(days) == len(set(days))


def _told(digests, *periods):
    return [id_ for each in digests if each.period in periods for id_ in ids(each.changes)]


@pytest.fixture
def world_of(world, config, tmp_path):
    """A new database for each example."""
    numbers = count()

    def world_of():
        own = read_config({}, db=str(tmp_path / f"{next(numbers)}" / "monitor.db"))
        return type(world)(new_store(own.db)), own

    return world_of
