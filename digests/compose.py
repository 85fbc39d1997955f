"""Which Changes one Audience is told of, and when: one Digest for each of its own days, exactly once.

A Digest is due when the Audience's local clock has passed its `digest_at` and no Digest of that local date exists. So
a process that was down over the due time makes it up when it comes back, the hour that a clock repeats in autumn brings
no second one, and a time that a clock skips in spring is passed an hour later. Digest, told Changes and Deliveries are
one transaction; of two processes one finds it done.

Does not do: sending (`digests.send`), any network. A weekly Digest is composed for reading and never stored.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from digests.blocks import messages
from digests.files import FILE, to_payload
from digests.slack import SLACK
from digests.wording import worth_showing
from monitor.model import Delivery, DeliveryState, Digest, DigestChange, Period, Severity
from monitor.store import transaction
from monitor.store.changes import get_change
from monitor.store.deliveries import add_deliveries
from monitor.store.digests import (
    add_digest,
    count_held,
    count_quiet,
    ensure_audiences,
    find_last_composed_at,
    find_since,
    get_confirmed,
    get_watched,
    has_digest,
    has_sections,
)
from monitor.store.impacts import get_impacts
from monitor.store.problems import get_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from monitor.config import Config
    from monitor.model import Audience
    from monitor.store import Database
    from monitor.store.digests import Watched

WEEK = timedelta(days=7)

_MOMENT = timedelta(seconds=1)
"""The grain of stored times: "at or after t" is "after t - _MOMENT"."""

_RANKS = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


def compose_due(db: Database, audiences: Sequence[Audience], config: Config, now: datetime) -> list[Digest]:
    """Compose and store, with its Deliveries, the daily Digest of every Audience for which it is due."""
    composed = []
    for audience in audiences:
        local_date = _local(audience, now).date()
        if not is_due(audience, now) or has_digest(db, audience.id, Period.DAILY, local_date):
            continue
        digest = compose(db, audience, now)
        if _keep(db, digest, audience, config):
            composed.append(digest)
    return composed


def _keep(db: Database, digest: Digest, audience: Audience, config: Config) -> bool:
    """Store Digest, told Changes and Deliveries together; False where another process was first.

    The texts are made before the transaction: a long Digest takes seconds, and nobody else can write meanwhile.
    """
    deliveries = list(_deliveries(digest, audience, config))
    with transaction(db):
        if has_digest(db, digest.audience_id, digest.period, digest.local_date):
            return False
        ensure_audiences(db, [audience], digest.composed_at)
        add_digest(db, digest)
        add_deliveries(db, deliveries)
    return True


def is_due(audience: Audience, now: datetime) -> bool:
    """Whether the Audience's local clock has passed its time of day."""
    return _local(audience, now).time() >= time.fromisoformat(audience.digest_at)


def compose(
    db: Database, audience: Audience, now: datetime, *, period: Period = Period.DAILY, since: datetime | None = None
) -> Digest:
    """The Digest as it would be now. Stores nothing.

    Daily: what the Audience was not told yet. Weekly, or with `since`: everything confirmed in the last seven days, or
    since then, told or not. Gravest first, then what most likely touches procedures, then by publisher and source.
    """
    watched = get_watched(db, audience)
    if since is None and period is Period.DAILY:
        found, after = _untold(db, audience, now)
    else:
        start = since or now - WEEK
        found, after = get_confirmed(db, start), start - _MOMENT
    local_date = _local(audience, now).date()
    read_ats = [each.read_at for each in watched.values() if each.enabled and each.read_at]
    return Digest(
        id=f"{local_date}-{period}-{audience.id}",
        audience_id=audience.id,
        audience_name=audience.name,
        period=period,
        local_date=local_date,
        composed_at=now,
        changes=tuple(sorted(_tell(db, found, watched), key=_gravity)),
        problems=tuple(each for each in get_open(db) if each.source_id in watched),
        quiet=_quiet(count_quiet(db, after, now), watched),
        watched=sum(each.enabled for each in watched.values()),
        read=sum(read_at > after for read_at in read_ats),
        last_read_at=max(read_ats, default=None),
        held=sum(number for source_id, number in count_held(db).items() if source_id in watched),
        has_sops=has_sections(db),
    )


def _untold(db: Database, audience: Audience, now: datetime) -> tuple[list[tuple[int, str]], datetime]:
    """(change id, source id) of what the Audience was not told yet, and when its Digest before was composed."""
    start = find_since(db, audience.id) or now
    found = get_confirmed(db, start, untold_to=audience.id)
    return found, find_last_composed_at(db, audience.id, Period.DAILY) or start - _MOMENT


def channels_of(audience: Audience, config: Config) -> tuple[str, ...]:
    """Where the Audience's Digests go: always a file; Slack where there is a token and a channel."""
    channel = audience.slack_channel or config.slack_channel
    return (FILE, SLACK + channel) if config.slack_bot_token and channel else (FILE,)


def _local(audience: Audience, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(audience.timezone))


def _tell(db: Database, found: Iterable[tuple[int, str]], watched: dict[str, Watched]) -> Iterator[DigestChange]:
    for change_id, source_id in found:
        if source := watched.get(source_id):
            yield DigestChange(
                change=get_change(db, change_id),
                source_name=source.name,
                publisher=source.publisher,
                jurisdiction=source.jurisdiction,
                topics=source.topics,
                impacts=get_impacts(db, change_id),
            )


def _gravity(told: DigestChange) -> tuple[int, float, str, str, int]:
    """By what people see, so that another order of arrival changes nothing; the id is the last resort."""
    best = max((each.probability for each in worth_showing(told)), default=0.0)
    severity = _RANKS[told.change.judgement.severity]
    return severity, -best, told.publisher.casefold(), told.source_name.casefold(), told.change.id


def _quiet(counts: dict[tuple[str, str], int], watched: dict[str, Watched]) -> dict[str, int]:
    kinds: Counter[str] = Counter()
    for (source_id, kind), number in counts.items():
        kinds[kind] += number if source_id in watched else 0
    return dict(sorted((+kinds).items()))


def _deliveries(digest: Digest, audience: Audience, config: Config) -> Iterator[Delivery]:
    """One for the file, one for each Slack message.

    Their ids are random: the same audience on the same day may have been told by another installation into the same
    channel, and its messages must not be taken for ours.
    """
    parts = messages(digest)
    clock = f"{_local(audience, digest.composed_at):%H:%M}"
    to_file = _delivery(digest, FILE, to_payload(digest, parts, clock))
    yield to_file
    for channel in channels_of(audience, config)[1:]:
        for number, part in enumerate(parts, start=1):
            payload: dict[str, object] = {"text": part.text, "blocks": list(part.blocks)}
            yield replace(_delivery(digest, channel, payload), part=number, parts=len(parts))


def _delivery(digest: Digest, channel: str, payload: dict[str, object]) -> Delivery:
    return Delivery(
        id=uuid4().hex,
        digest_id=digest.id,
        channel=channel,
        part=1,
        parts=1,
        payload=payload,
        state=DeliveryState.PENDING,
        attempts=0,
        first_attempt_at=None,
        next_attempt_at=None,
        sent_at=None,
        ts=None,
        error=None,
    )
