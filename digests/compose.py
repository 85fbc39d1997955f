"""Which Changes one Audience is told of, and when: one Digest for each of its own days, exactly once.

    daily       at the Audience's `digest_at`: what it was not told yet; a day with nothing new is told as well
    alert       at once: what is grave or must be acted on soon, unless the daily Digest just tells it
    weekly      on the Audience's weekday: what it was told since the weekly Digest before, and what became of it
    reminder    to a Person in the morning: what is in their hands and urgent
    escalation  to the Audience's lead: what it was told and nobody took up in time

Each Change is told in full once, as an alert or in a daily Digest; whatever else names it, names it once. A Digest is
made, its texts included, before the transaction that stores it with its Deliveries and what it tells; where another
process has told any of that meanwhile, it is dropped, and the next call makes it anew of what is left.

Does not do: sending (`digests.send`), any network, clocks (`digests.due`), choosing open items (`digests.reminding`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

from digests.channels import channels_of, to_deliveries
from digests.due import find_day, find_told_by, find_week_end, local, may_remind
from digests.reminding import choose_due, choose_unanswered, find_strangers, is_overdue
from digests.wording import UNDECIDED, find_person, standing, worth_showing
from monitor.failing import attempt, tolerate
from monitor.impact import WORTH_SHOWING
from monitor.model import Audience, Digest, DigestChange, Period, Severity
from monitor.store import transaction
from monitor.store.agenda import get_deadlines
from monitor.store.changes import get_change
from monitor.store.coverage import count_held, count_quiet, get_readings, has_sections
from monitor.store.deliveries import add_deliveries, name_channel
from monitor.store.digests import (
    add_digest,
    ensure_audiences,
    find_digest,
    find_last_composed_at,
    find_since,
    get_alerted,
    get_assignees,
    get_confirmed,
    get_owned,
    get_pressing,
    get_refused,
    get_source_facts,
    get_unanswered,
    get_unrolled,
    get_untold,
    get_watched,
    has_digest,
    is_overtaken,
)
from monitor.store.impacts import get_impacts
from monitor.store.items import get_decided_of, get_last_decision, get_open_items
from monitor.store.problems import get_open
from monitor.store.seals import get_short_head
from monitor.triage import get_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from monitor.config import Config
    from monitor.model import Delivery, OpenItem, Person
    from monitor.store import Database
    from monitor.store.digests import Watched

WEEK = timedelta(days=7)

GATHER = timedelta(minutes=10)
"""So long after an alert the next one waits, for what a publisher changes in one go comes in one by one."""

ESCALATED = timedelta(days=7)
"""What has waited for longer than this beyond its time is not escalated: whoever sets an `sla` where there is a history
wants to hear of what waits from now on, and not of each old Change that nobody cared to decide."""

PRESSING = timedelta(days=14)
"""A deadline so near, or nearer, cannot wait for the next daily Digest."""

AHEAD = timedelta(days=30)
"""So far a Digest looks for deadlines."""

MEMORY = timedelta(days=30)
"""A reminder longer ago than this is as good as none."""

_MOMENT = timedelta(seconds=1)
"""The grain of stored times: "at or after t" is "after t - _MOMENT"."""

_RANKS = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


@dataclass(frozen=True, slots=True)
class _Concern:
    """What concerns an Audience."""

    watched: Mapping[str, Watched]
    owned: frozenset[int] | None
    """The Changes that touch SOPs of the owners it names; None = it names none."""

    def reaches(self, change_id: int, source_id: str) -> bool:
        return source_id in self.watched and (self.owned is None or change_id in self.owned)


def compose_due(
    db: Database, audiences: Sequence[Audience], config: Config, now: datetime, people: Sequence[Person] = ()
) -> list[Digest]:
    """Compose and store, with its Deliveries, every Digest that is due now, to Audiences, their leads and people."""
    composed = []
    for audience, make in product(audiences, (_compose_daily, _compose_alert, _compose_weekly, _compose_escalation)):
        with tolerate("digest not composed", f"{audience.id}: a digest cannot be composed", audience=audience.id):
            digest = make(db, audience, people, now)
            if digest and _keep(db, digest, _write_to(db, digest, audience, config, people), audiences):
                composed.append(digest)
    with tolerate("reminders not composed", "nobody can be reminded"):
        composed += _compose_reminders(db, people, config, now)
    return composed


def _compose_daily(db: Database, audience: Audience, people: Sequence[Person], now: datetime) -> Digest | None:
    day = find_day(audience, find_since(db, audience.id) or now, now)
    if not day or has_digest(db, audience.id, Period.DAILY, day):
        return None
    return compose(db, audience, now, people=people, local_date=day)


def _compose_weekly(db: Database, audience: Audience, people: Sequence[Person], now: datetime) -> Digest | None:
    week_end = find_week_end(audience, find_since(db, audience.id) or now, now)
    if not week_end or has_digest(db, audience.id, Period.WEEKLY, week_end, days=WEEK.days):
        return None
    return compose(db, audience, now, period=Period.WEEKLY, people=people, local_date=week_end)


def _write_to(
    db: Database, digest: Digest, audience: Audience, config: Config, people: Sequence[Person]
) -> list[Delivery]:
    """To the Audience; what is escalated to its lead, where the lead can be reached."""
    lead = find_person(audience.lead or "", people) if digest.period is Period.ESCALATION else None
    channels = (channels_of(lead, config) if lead else ()) or channels_of(audience, config)
    return _write(db, digest, lead or audience, channels, people)


def _write(
    db: Database, digest: Digest, to: Audience | Person, channels: Sequence[str], people: Sequence[Person]
) -> list[Delivery]:
    """What is sent. Made before the transaction: a long Digest takes seconds, and nobody else can write meanwhile."""
    last, clock = get_last_decision(db), f"{local(to, digest.composed_at):%H:%M}"
    states = get_states(db, digest, people)
    return [replace(each, shown_decision=last) for each in to_deliveries(digest, channels, people, clock, states)]


def get_states(db: Database, digest: Digest, people: Sequence[Person] = ()) -> dict[int, str]:
    """What stands now for each Change that the Digest names, in words."""
    ids = [*(each.change.id for each in (*digest.changes, *digest.alerted)), *(each.change_id for each in digest.items)]
    decided = get_decided_of(db, ids)
    return {each: _name_state(db, each, people) if each in decided else UNDECIDED for each in ids}


def _name_state(db: Database, change_id: int, people: Sequence[Person]) -> str:
    what = f"change {change_id}: what was decided about it cannot be read, so it is told as undecided"
    return attempt("decision not read", what, lambda: standing(get_state(db, change_id), people), UNDECIDED)


def _keep(db: Database, digest: Digest, deliveries: Sequence[Delivery], audiences: Sequence[Audience] = ()) -> bool:
    """Store Digest, told Changes and Deliveries together; False where another process was first."""
    with transaction(db):
        if is_overtaken(db, digest):
            return False
        ensure_audiences(db, audiences, digest.composed_at)
        add_digest(db, digest)
        add_deliveries(db, deliveries)
    return True


def compose(
    db: Database,
    audience: Audience,
    now: datetime,
    *,
    period: Period = Period.DAILY,
    since: datetime | None = None,
    people: Sequence[Person] = (),
    local_date: date | None = None,
) -> Digest:
    """The daily or weekly Digest as it would be now, of `local_date` (default: today there). Stores nothing.

    Daily: what the Audience was not told yet; with `since` everything confirmed since then, told or not. Weekly: what
    it was told and no weekly Digest has rolled up yet. In `order`.
    """
    concern, today = _get_concern(db, audience, people), local(audience, now).date()
    found, alerted, after = _choose(db, audience, now, period, since)
    changes, told_before = _tell(db, found, concern), _tell(db, alerted, concern)
    readings = get_readings(db)
    read_ats = [readings[id_] for id_, each in concern.watched.items() if each.enabled and id_ in readings]
    return replace(
        _begin(audience, period, local_date or today, now),
        changes=changes,
        alerted=told_before,
        deadlines=attempt(
            "deadlines not read",
            f"{audience.id}: dates ahead cannot be read, so the digest goes without them",
            lambda: get_deadlines(db, today, today + AHEAD, concern.reaches),
            (),
        ),
        items=attempt(
            "open items not read",
            f"{audience.id}: what is open cannot be read, so the digest does not say what is overdue",
            lambda: _find_overdue(db, concern, today, now),
            (),
        ),
        problems=tuple(each for each in get_open(db) if each.source_id in concern.watched and not each.acknowledged),
        undelivered=tuple(f"{name_channel(channel)}: {why}" for channel, why in get_refused(db, audience.id).items()),
        quiet=_quiet(count_quiet(db, after, now), concern.watched),
        watched=sum(each.enabled for each in concern.watched.values()),
        read=sum(read_at > after for read_at in read_ats),
        last_read_at=max(read_ats, default=None),
        held=sum(number for source_id, number in count_held(db).items() if source_id in concern.watched),
        has_sops=has_sections(db),
        head=str(get_short_head(db)) if period is Period.DAILY else "",
        unreadable=sum(concern.reaches(*each) for each in [*found, *alerted]) - len(changes) - len(told_before),
    )


Found = list[tuple[int, str]]
"""(change id, source id)"""


def _choose(
    db: Database, audience: Audience, now: datetime, period: Period, since: datetime | None
) -> tuple[Found, Found, datetime]:
    """What is told, what alerts have told before, and since when quiet changes are counted."""
    if since:
        return get_confirmed(db, since), [], since - _MOMENT
    before = find_last_composed_at(db, audience.id, period, now)
    if period is Period.WEEKLY:
        start = min(before or now, now - WEEK)
        return get_unrolled(db, audience.id, start), [], before or start - _MOMENT
    start = find_since(db, audience.id) or now
    return get_untold(db, audience.id, start), get_alerted(db, audience.id), before or start - _MOMENT


def _compose_alert(db: Database, audience: Audience, people: Sequence[Person], now: datetime) -> Digest | None:
    """All that cannot wait in one Digest, named by the first Change in it; None where nothing is so urgent.

    What was there before the last daily Digest and was not told then is no news: the next one tells it.
    """
    last = find_last_composed_at(db, audience.id, Period.ALERT, now)
    if not audience.alerts or (last and now - last < GATHER):
        return None
    today, since = local(audience, now).date(), find_since(db, audience.id) or now
    since = max(since, find_last_composed_at(db, audience.id, Period.DAILY, now) or since)
    pressing = get_pressing(db, audience.id, since, first=today, last=today + PRESSING)
    told = _tell(db, pressing, _get_concern(db, audience, people)) if pressing else ()
    if not told:
        return None
    first = min(each.change.id for each in told)
    digest = _begin(audience, Period.ALERT, today, now, f"-{first}")
    return replace(digest, changes=told, has_sops=has_sections(db))


def _compose_escalation(db: Database, audience: Audience, _: Sequence[Person], now: datetime) -> Digest | None:
    """What the Audience was told long enough ago and nobody took up, named by the first Change in it."""
    told_by = find_told_by(audience, audience.sla, now) if audience.sla else None
    if not told_by:
        return None
    today = local(audience, now).date()
    told = get_unanswered(db, audience.id, told_by - ESCALATED, told_by)
    items = choose_unanswered(get_open_items(db, now), told, today) if told else ()
    if not items:
        return None
    first = min(each.change_id for each in items)
    return replace(_begin(audience, Period.ESCALATION, today, now, f"-{first}"), items=items)


def _compose_reminders(db: Database, people: Sequence[Person], config: Config, now: datetime) -> list[Digest]:
    """Compose and store one for everybody who can be reached, had none today and has a reason."""
    known = [*people, *find_strangers(get_assignees(db), people)]
    asked = [
        each
        for each in known
        if may_remind(each, now)
        and channels_of(each, config)
        and not has_digest(db, _id_of(each), Period.REMINDER, local(each, now).date())
    ]
    items = get_open_items(db, now) if asked else ()
    composed: list[Digest] = []
    for person in asked:
        with tolerate("digest not composed", f"{person.name}: the reminder cannot be composed"):
            digest = _compose_reminder(db, person, items, known, now)
            if digest and _keep(db, digest, _write(db, digest, person, channels_of(person, config), people)):
                composed.append(digest)
    return composed


def _compose_reminder(
    db: Database, person: Person, items: Sequence[OpenItem], known: Sequence[Person], now: datetime
) -> Digest | None:
    """None without a reason. Where the reminder before cannot be read, twice is better than never."""
    today = local(person, now).date()
    before = attempt(
        "row not read",
        f"{person.name}: the reminder before cannot be read, so it counts as none",
        lambda: find_digest(db, _id_of(person), Period.REMINDER, today, days=MEMORY.days),
        None,
    )
    due = choose_due(items, person, known, today, before)
    return replace(_begin(person, Period.REMINDER, today, now), items=due) if due else None


def _id_of(recipient: Audience | Person) -> str:
    """As `Digest.audience_id` has it."""
    return recipient.id if isinstance(recipient, Audience) else f"@{recipient.name}"


def _begin(recipient: Audience | Person, period: Period, day: date, now: datetime, which: str = "") -> Digest:
    """With nothing to tell yet."""
    return Digest(
        id=f"{day}-{period}-{_id_of(recipient)}{which}",
        audience_id=_id_of(recipient),
        audience_name=recipient.name,
        period=period,
        local_date=day,
        composed_at=local(recipient, now),
        changes=(),
        problems=(),
        quiet={},
        watched=0,
        read=0,
        last_read_at=None,
        held=0,
        has_sops=False,
    )


def _get_concern(db: Database, audience: Audience, people: Sequence[Person]) -> _Concern:
    """Owners are known by any name that `people` gives them."""
    known = [(owner, find_person(owner, people)) for owner in audience.owners]
    names = {name for owner, each in known for name in (owner, *([each.name, each.email] if each else [])) if name}
    owned = get_owned(db, {name.casefold() for name in names}, WORTH_SHOWING) if names else None
    return _Concern(get_watched(db, audience), owned)


def _tell(db: Database, found: Iterable[tuple[int, str]], concern: _Concern) -> tuple[DigestChange, ...]:
    """One that cannot be read is not told with the others, nor is it told now: it stays due."""
    told = []
    for change_id, source_id in found:
        if concern.reaches(change_id, source_id):
            what = f"change {change_id} of {source_id}: what is stored of it cannot be read, so nobody is told of it"
            with tolerate("change not told", what, change=change_id):
                told.append(describe(db, change_id))
    return order(told)


def describe(db: Database, change_id: int) -> DigestChange:
    """One Change as a Digest tells it. Raises NotFoundError."""
    change = get_change(db, change_id)
    source = get_source_facts(db, change.source_id)
    return DigestChange(
        change=change,
        source_name=source.name,
        publisher=source.publisher,
        jurisdiction=source.jurisdiction,
        topics=source.topics,
        impacts=get_impacts(db, change_id),
    )


def order(changes: Iterable[DigestChange]) -> tuple[DigestChange, ...]:
    """The gravest first. Those of one severity and publisher stand together, where the first of them belongs."""
    found = sorted(changes, key=gravity)
    first: dict[tuple[Severity, str], tuple[int, float, str, str, int]] = {}
    for each in found:
        first.setdefault((each.change.judgement.severity, each.publisher), gravity(each))
    return tuple(sorted(found, key=lambda each: first[each.change.judgement.severity, each.publisher]))


def gravity(told: DigestChange) -> tuple[int, float, str, str, int]:
    """By what people see, so that another order of arrival changes nothing; the id is the last resort."""
    best = max((each.probability for each in worth_showing(told)), default=0.0)
    severity = _RANKS[told.change.judgement.severity]
    return severity, -best, told.publisher.casefold(), told.source_name.casefold(), told.change.id


def _find_overdue(db: Database, concern: _Concern, today: date, now: datetime) -> tuple[OpenItem, ...]:
    items = get_open_items(db, now)
    late = [each for each in items if is_overdue(each, today) and concern.reaches(each.change_id, each.source_id)]
    return tuple(sorted(late, key=lambda each: each.due or ""))


def _quiet(counts: dict[tuple[str, str], int], watched: Mapping[str, Watched]) -> dict[str, int]:
    kinds: Counter[str] = Counter()
    for (source_id, kind), number in counts.items():
        kinds[kind] += number if source_id in watched else 0
    return dict(sorted((+kinds).items()))
