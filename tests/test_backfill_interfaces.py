"""History from publishers who date what they say: its days are theirs, its bytes are real, and nobody is told of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from asked import Asked
from digests.compose import compose
from monitor.backfill import Place
from monitor.backfill.interfaces import backfill_interface
from monitor.backfill.spans import Span, list_spans, narrow
from monitor.envelope import MEDIA_TYPE, Answer, pack, unpack
from monitor.errors import ConfigurationError
from monitor.model import Audience, Period, ProblemKind
from monitor.store import changes, fetches, problems, read_time, sources, transaction, versions
from monitor.store.agenda import get_deadlines
from monitor.store.coverage import get_readings
from monitor.store.digests import ensure_audiences
from monitor.store.trace import trace_document
from publishers import british, european
from publishers.interfaces import Interface, answered, federal_register
from publishers.register import CORRECTION, DELAY, EXTENSION, FINAL, PROPOSED, WITHDRAWAL, page
from spiders.cellar import CellarSpider
from spiders.federal_register import FederalRegisterSpider
from spiders.legislation_gov_uk import LegislationGovUkSpider
from store.conftest import HOUR, NOON

REGISTER = (
    "https://www.federalregister.gov/api/v1/documents.json"
    "?conditions[agencies][]=invented-rules-office&conditions[publication_date][gte]={since:180d}"
)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 12, 1, tzinfo=UTC)
DESK = Audience("desk", "Desk")
OLD = PROPOSED | {"document_number": "2025-00001", "publication_date": "2025-05-05", "docket_ids": []}


def day(year, month, day_):
    return datetime(year, month, day_, 23, tzinfo=UTC)


class Register:
    """The desk with a query to the Federal Register, and what its publisher holds."""

    def __init__(self, desk, *documents):
        self.desk, self.db = desk, desk.db
        self.publish(*documents)
        desk.declare(kind="federal-register", jurisdiction="US", urls=(REGISTER,))

    def publish(self, *documents):
        self.publisher = Asked(FederalRegisterSpider, federal_register(list(documents)))

    def bring_in(self, *, since=YEAR, now=LATER, reader=None):
        self.publisher.questions.clear()
        reader = reader or self.desk.reader
        return backfill_interface(self.db, self.desk.source, reader, self.publisher, since=since, now=now)

    def see(self, hour, *documents):
        """Our own look."""
        url = "https://www.federalregister.gov/api/v1/documents.json"
        body = pack([Answer(url, 200, "", json.dumps(page(*documents)).encode())])
        return self.desk.see(body.decode(), hour, url=REGISTER, headers={"content-type": MEDIA_TYPE})

    @property
    def ids(self):
        """By number, the Documents."""
        return {row["identity"]: row["id"] for row in self.db.query("SELECT id, identity FROM document")}

    def says(self, number, at):
        """The text of that day, under its title."""
        version = versions.find_version_at(self.db, self.ids[number], at)
        return version and [block.text for block in version.blocks[1:]]

    @property
    def found(self):
        """(day, kind, title) of each Change, the oldest first."""
        rows = changes.iter_changes(self.db, everything=True)
        return sorted((f"{each.detected_at:%Y-%m-%d}", str(each.judgement.kind), each.title) for each in rows)

    @property
    def stored(self):
        return {number: trace_document(self.db, id_)["version"] for number, id_ in self.ids.items()}

    @property
    def fetched(self):
        """(address, state) of each Fetch."""
        rows = self.db.query(
            "SELECT url, state FROM fetch JOIN resource ON resource.id = fetch.resource_id ORDER BY fetch.id"
        )
        return [(row["url"], row["state"]) for row in rows]


@pytest.fixture
def register(desk):
    return Register(desk, PROPOSED, EXTENSION, CORRECTION, FINAL, DELAY)


# The days are the publisher's


def test_each_document_is_there_from_the_day_on_which_it_was_published(register):
    done = register.bring_in()
    assert register.says("2026-05003", day(2026, 3, 31)) is None
    assert register.says("2026-05003", day(2026, 4, 1))[0] == "Proposed rule; correction."
    assert (len(done.documents), done.places) == (5, {Place.NEXT: 7})
    assert {entry[0] for entry in register.found} == {
        "2026-03-02", "2026-04-01", "2026-04-20", "2026-06-30", "2026-08-20",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("number", "at", "sentence"),
    [
        ("2026-04001", day(2026, 4, 19), "Comments close on 1 May 2026 (Federal Register, comments_close_on)"),
        ("2026-04001", day(2026, 4, 20), "Comments close on 1 June 2026 (Federal Register, comments_close_on)"),
        ("2026-08005", day(2026, 8, 19), "Effective on 1 September 2026 (Federal Register, effective_on)"),
        ("2026-08005", day(2026, 8, 20), "Effective on 1 December 2026 (Federal Register, effective_on)"),
    ],
)
def test_a_deadline_stands_as_it_stood_until_the_day_on_which_it_was_moved(register, number, at, sentence):
    register.bring_in()
    assert sentence in register.says(number, at)


def test_a_deadline_that_is_moved_twice_stands_as_it_stood_on_each_day(desk):
    again = EXTENSION | {"document_number": "2026-07003", "publication_date": "2026-05-20"}
    register = Register(desk, PROPOSED, EXTENSION, again | {"comments_close_on": "2026-07-15"})
    register.bring_in()
    closes = [
        next(text for text in register.says("2026-04001", at) if text.startswith("Comments close"))[18:30].strip()
        for at in (day(2026, 3, 2), day(2026, 4, 20), day(2026, 5, 20))
    ]
    assert closes == ["1 May 2026 (", "1 June 2026", "15 July 2026"]


def test_what_moved_is_judged_as_ever_with_where_it_moved_from(register):
    register.bring_in()
    moved = [
        (each.title, mention.date, mention.moved_from)
        for each in changes.iter_changes(register.db, everything=True)
        for mention in each.judgement.dates
        if mention.moved_from
    ]
    assert sorted(moved) == sorted(
        [
            (PROPOSED["title"], "2026-06-01", "2026-05-01"),
            (EXTENSION["title"], "2026-06-01", "2026-05-01"),
            (FINAL["title"], "2026-12-01", "2026-09-01"),
            (DELAY["title"], "2026-12-01", "2026-09-01"),
        ]
    )


def test_a_withdrawal_is_one_on_its_day(desk):
    register = Register(desk, WITHDRAWAL)
    register.bring_in()
    (change,) = changes.iter_changes(register.db, everything=True)
    assert change.judgement.summary == f"Withdrawn: {WITHDRAWAL['title']}"
    assert change.detected_at == datetime(2026, 7, 6, tzinfo=UTC)


def test_the_bytes_are_kept_as_they_came_with_the_time_at_which_they_were_fetched(register):
    register.bring_in()
    (row,) = register.db.query("SELECT * FROM fetch")
    assert (read_time(row["at"]), row["state"]) == (NOON, "good")
    answers = unpack(fetches.read_body(register.db, row["snapshot_id"]))
    assert json.loads(answers[0].body)["count"] == 5
    assert "conditions[publication_date][gte]=2026-01-01" in answers[0].url
    (version,) = register.stored["2026-05003"]
    assert read_time(version["observed_at"]) == datetime(2026, 4, 1, tzinfo=UTC)


def test_a_document_without_a_day_is_left_out(desk):
    register = Register(desk, OLD)
    register.publisher = Asked(
        FederalRegisterSpider, lambda *_: answered(page(PROPOSED | {"publication_date": None}, OLD))
    )
    done = register.bring_in(since=datetime(2026, 6, 1, tzinfo=UTC), now=datetime(2026, 12, 1, tzinfo=UTC))
    assert (done.undated, list(register.ids)) == (1, ["2025-00001"])


# What is asked


def test_each_calendar_year_is_a_question_of_its_own(desk):
    register = Register(desk, OLD, PROPOSED)
    register.bring_in(since=datetime(2024, 6, 1, 12, tzinfo=UTC))
    spans = [("2024-06-01", "2024-12-31"), ("2025-01-01", "2025-12-31"), ("2026-01-01", "2026-11-30")]
    for question, (first, last) in zip(register.publisher.questions, spans, strict=True):
        assert f"[gte]={first}&" in question
        assert f"[lte]={last}&" in question


def test_a_span_ends_where_our_own_looks_begin(register):
    register.see(0)
    register.bring_in()
    assert "[lte]=2026-03-01" in register.publisher.questions[0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "conditions[publication_date][gte]=2025-01-01&conditions[publication_date][lte]=2025-12-31"),
        ("conditions[publication_date][is]={date}&a=b", "a=b&conditions[publication_date][gte]=2025-01-01&"),
        ("conditions[effective_date][gte]={since:90d}", "conditions[effective_date][gte]=2025-01-01&"),
        ("conditions[effective_date][lte]={date}", "conditions[effective_date][lte]=2025-12-31&"),
        ("conditions[term]=trial%20accounts%26more", "conditions[term]=trial%20accounts%26more&"),
        ("conditions[type][]=RULE&conditions[type][]=PRORULE", "conditions[type][]=RULE&conditions[type][]=PRORULE&"),
    ],
)
def test_the_query_stays_but_for_its_days(query, expected):
    span = Span(date(2025, 1, 1), date(2025, 12, 31))
    asked = narrow(f"https://register.example/documents.json?{query}", span)
    assert asked.startswith(f"https://register.example/documents.json?{expected}")
    assert asked.count("publication_date") == 2


def test_the_spans_of_the_past_are_the_same_whenever_they_are_asked_for():
    assert list_spans(date(2024, 3, 1), date(2026, 2, 1))[1] == list_spans(date(2025, 1, 1), date(2026, 9, 9))[0]


def test_a_span_of_more_than_the_interface_gives_is_halved_until_it_fits(desk, monkeypatch):
    monkeypatch.setattr("spiders.interface.MAX_PAGES", 1)
    monkeypatch.setattr("spiders.federal_register.PER_PAGE", 4)
    days = [f"2026-0{month}-1{at}" for month in range(1, 5) for at in range(3)]
    many = [OLD | {"document_number": f"2026-{at:05}", "publication_date": each} for at, each in enumerate(days)]
    register = Register(desk, *many)
    done = register.bring_in(now=datetime(2026, 5, 1, tzinfo=UTC))
    assert (len(done.documents), done.refused, done.failed) == (12, [], [])


def test_a_single_day_of_more_than_the_interface_gives_is_named(desk, monkeypatch):
    monkeypatch.setattr("spiders.interface.MAX_PAGES", 1)
    monkeypatch.setattr("spiders.federal_register.PER_PAGE", 4)
    many = [OLD | {"document_number": f"2025-{at:05}"} for at in range(5)]
    register = Register(desk, *many)
    may = datetime(2025, 5, 5, 12, tzinfo=UTC)
    done = register.bring_in(since=may, now=may + 3 * HOUR)
    assert [(each.problem, "has 5 results" in each.detail) for each in done.refused] == [(ProblemKind.INCOMPLETE, True)]
    assert [state for _, state in register.fetched] == ["rejected"]
    assert problems.get_open(register.db) == ()


def test_history_does_not_come_from_kinds_that_date_no_texts(desk):
    desk.declare(kind="atom")
    publisher = Asked(FederalRegisterSpider, federal_register([]))
    expected = (
        "rules: history comes from sources of kind cellar, federal-register, legislation-gov-uk, and this is atom"
    )
    with pytest.raises(ConfigurationError, match=expected):
        backfill_interface(desk.db, desk.source, desk.reader, publisher, since=YEAR, now=LATER)


# Again, and after a kill


def test_brought_in_twice_it_is_there_once_and_what_is_over_is_not_asked_again(desk):
    register = Register(desk, OLD, PROPOSED, EXTENSION)
    first = datetime(2025, 1, 1, tzinfo=UTC)
    register.bring_in(since=first)
    before = register.stored
    done = register.bring_in(since=first, now=LATER + timedelta(days=1))
    assert [question.count("2025") for question in register.publisher.questions] == [0]
    assert (register.stored, done.days, done.places) == (before, [], {Place.KNOWN: 3})


def test_what_was_published_since_then_is_added(register):
    register.bring_in(now=datetime(2026, 4, 10, tzinfo=UTC))
    assert sorted(register.ids) == ["2026-04001", "2026-05003"]
    done = register.bring_in()
    assert sorted(register.ids) == ["2026-04001", "2026-05003", "2026-06002", "2026-08005", "2026-08990"]
    assert "Comments close on 1 May 2026" in register.says("2026-04001", day(2026, 4, 19))[3]
    assert "Comments close on 1 June 2026" in register.says("2026-04001", day(2026, 4, 20))[3]
    assert done.places[Place.KNOWN] == 2


def test_documents_of_before_can_be_added_later(desk):
    register = Register(desk, OLD, PROPOSED)
    register.bring_in()
    register.bring_in(since=datetime(2025, 1, 1, tzinfo=UTC))
    assert [at for at, _, _ in register.found] == ["2025-05-05", "2026-03-02"]


class KilledError(BaseException):
    """The process is gone."""


class Killing:
    """Does what `function` does, but the `fails_at`-th time the process is killed."""

    def __init__(self, function, fails_at):
        self.function, self.left = function, fails_at

    def __call__(self, *args, **facts):
        self.left -= 1
        if self.left == 0:
            raise KilledError
        return self.function(*args, **facts)


@pytest.mark.parametrize("fails_at", range(1, 5))
@pytest.mark.parametrize(
    "where", ["backfill.work.write_text", "backfill.work.fetches.add_fetch", "store.history.mark_recorded"]
)
def test_killed_anywhere_the_next_call_goes_on_with_nothing_twice(desk, monkeypatch, where, fails_at):
    documents = [OLD, PROPOSED, EXTENSION, FINAL | {"document_number": "2024-00009", "publication_date": "2024-07-07"}]
    register = Register(desk, *documents)
    since = datetime(2024, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("monitor.backfill.work.BATCH", 2)
    with monkeypatch.context() as patch:
        name = f"monitor.{where}"
        module, _, function = name.rpartition(".")
        patch.setattr(name, Killing(getattr(__import__("pkgutil").resolve_name(module), function), fails_at))
        try:
            register.bring_in(since=since)
        except KilledError:
            desk.db.rollback()
    register.bring_in(since=since)
    assert [(at, kind) for at, kind, _ in register.found] == [
        ("2024-07-07", "substantive"),
        ("2025-05-05", "substantive"),
        ("2026-03-02", "substantive"),
        ("2026-04-20", "substantive"),
        ("2026-04-20", "substantive"),
    ]


def test_what_did_not_arrive_is_named_and_asked_for_again(desk):
    register = Register(desk, OLD, PROPOSED)
    register.publisher.fails = {"2025-01-01"}
    since = datetime(2025, 1, 1, tzinfo=UTC)
    done = register.bring_in(since=since)
    assert [(each.problem, each.detail) for each in done.failed] == [("timeout", "no answer in 60 s")]
    assert sorted(register.ids) == ["2026-04001"]
    register.publisher.fails = set()
    assert register.bring_in(since=since).failed == []
    assert sorted(register.ids) == ["2025-00001", "2026-04001"]


def test_what_cannot_be_read_is_named_and_kept_as_evidence(register):
    register.publisher = Asked(FederalRegisterSpider, lambda *_: answered({"errors": "maintenance"}))
    done = register.bring_in()
    assert [each.problem for each in done.refused] == [ProblemKind.UNREADABLE]
    assert [state for _, state in register.fetched] == ["rejected"]
    assert problems.get_open(register.db) == ()
    register.publish(PROPOSED)
    assert len(register.bring_in().documents) == 1


# Nobody is told


def test_only_everything_shows_history(register):
    register.bring_in()
    assert list(changes.iter_changes(register.db)) == []
    assert {each.status for each in changes.iter_changes(register.db, everything=True)} == {"history"}


@pytest.mark.parametrize("period", list(Period))
def test_no_digest_tells_history_nor_counts_it(register, period):
    register.bring_in()
    with transaction(register.db):
        ensure_audiences(register.db, [DESK], YEAR)
    for since in (None, YEAR):
        digest = compose(register.db, DESK, LATER, period=period, since=since)
        assert (digest.changes, digest.deadlines, digest.quiet, digest.held, digest.read) == ((), (), {}, 0, 0)


def test_a_deadline_of_history_reminds_nobody(register):
    register.bring_in()
    assert get_deadlines(register.db, date(2026, 1, 1), date(2027, 1, 1), lambda *_: True) == ()


def test_history_alone_does_not_make_a_source_one_that_was_read_and_is_never_due(register):
    register.bring_in()
    assert get_readings(register.db) == {}
    assert [each.url for each in sources.get_requests(register.db, register.desk.source)] == [REGISTER]


# Beside our own looks


def test_our_own_look_knows_the_document_under_the_same_id_and_is_a_first_look(desk):
    register = Register(desk, OLD)
    register.bring_in(since=datetime(2025, 1, 1, tzinfo=UTC), now=NOON)
    before = register.ids
    register.see(1, OLD)
    assert register.ids == before
    assert [kind for _, kind, _ in register.found] == ["substantive", "first"]
    assert desk.told == []


def test_what_is_new_after_our_first_look_is_told_as_ever(desk):
    register = Register(desk, OLD)
    register.bring_in(since=datetime(2025, 1, 1, tzinfo=UTC), now=NOON)
    register.see(1, OLD)
    register.see(25, PROPOSED, OLD)
    assert [each.title for each in changes.iter_changes(desk.db)] == [PROPOSED["title"]]


def test_what_was_published_after_our_first_look_is_left_to_our_own_looks(desk):
    register = Register(desk, OLD, PROPOSED)
    register.see(0, OLD)
    register.publisher = Asked(FederalRegisterSpider, lambda *_: answered(page(PROPOSED, OLD)))
    done = register.bring_in(since=datetime(2026, 3, 1, tzinfo=UTC))
    assert done.places == {Place.NEXT: 1, Place.NEWER: 1}
    assert [at for at, _, _ in register.found] == ["2025-05-05", "2026-03-01"]


def test_the_text_of_our_own_look_stays_the_current_one(desk):
    register = Register(desk, OLD)
    register.see(0, OLD)
    current = versions.find_current(desk.db, register.ids["2025-00001"])
    register.bring_in(since=datetime(2025, 1, 1, tzinfo=UTC))
    assert versions.find_current(desk.db, register.ids["2025-00001"]) == current
    assert register.says("2025-00001", day(2025, 6, 1)) == register.says("2025-00001", NOON)


# The texts of one law of the United Kingdom

UK = "https://www.legislation.gov.uk"
SECTION = f"/{british.ACT}/section/12"


def section(days, valid, *listed):
    links = "".join(british.version(name, f"{SECTION[1:]}/{name}") for name in listed)
    return british.clml(british.SECTION % days, path=SECTION[1:], versions=links, valid=valid)


HELD = {
    f"{SECTION}/data.xml": section(30, "2032-05-01", "enacted", "2031-11-01", "2032-01-01", "2032-05-01", "2034-01-01"),
    f"{SECTION}/enacted/data.xml": section(7, ""),
    f"{SECTION}/2031-11-01/data.xml": section(7, "2031-11-01"),
    f"{SECTION}/2032-01-01/data.xml": section(14, "2032-01-01"),
    f"{SECTION}/2032-05-01/data.xml": section(30, "2032-05-01"),
}
"""Three texts, one of them on two days; one more is to come."""
ENACTED = datetime(2031, 10, 26, tzinfo=UTC)
SOON = datetime(2033, 1, 1, tzinfo=UTC)


class Law:
    """The desk with one law, and what its publisher holds."""

    def __init__(self, desk, kind, url, spider, respond):
        self.desk, self.db = desk, desk.db
        desk.declare(kind=kind, urls=(url,))
        self.publisher = Asked(spider, respond)

    def bring_in(self, *, since=ENACTED, now=SOON):
        self.publisher.questions.clear()
        return backfill_interface(self.db, self.desk.source, self.desk.reader, self.publisher, since=since, now=now)

    @property
    def id(self):
        (row,) = self.db.query("SELECT id FROM document")
        return row["id"]

    def says(self, at):
        version = versions.find_version_at(self.db, self.id, at)
        return version and " ".join(block.text for block in version.blocks)

    @property
    def found(self):
        rows = sorted(changes.iter_changes(self.db, everything=True), key=lambda each: each.detected_at)
        return [(f"{each.detected_at:%Y-%m-%d}", str(each.judgement.kind), str(each.status)) for each in rows]


@pytest.fixture
def act(desk):
    return Law(
        desk,
        "legislation-gov-uk",
        f"{UK}{SECTION}/data.xml",
        LegislationGovUkSpider,
        british.legislation([], documents=dict(HELD)),
    )


@pytest.mark.parametrize(
    ("at", "days"),
    [(day(2031, 10, 26), 7), (day(2031, 12, 31), 7), (day(2032, 1, 1), 14), (day(2032, 4, 30), 14), (SOON, 30)],
)
def test_a_law_says_on_each_day_what_it_said_then(act, at, days):
    act.bring_in()
    assert f"assess the risk within {days} days" in act.says(at)


def test_the_texts_of_a_law_are_one_document_and_each_change_is_history(act):
    done = act.bring_in()
    assert act.found == [
        ("2031-10-26", "first", "history"),
        ("2032-01-01", "substantive", "history"),
        ("2032-05-01", "substantive", "history"),
    ]
    assert (done.unchanged, len(done.documents), done.refused, done.failed) == (1, 1, [], [])


def test_a_text_that_is_yet_to_come_is_not_asked_for(act):
    act.bring_in()
    assert not any("2034" in question for question in act.publisher.questions)


def test_from_a_day_on_history_begins_with_the_text_that_stood_then(act):
    act.bring_in(since=datetime(2032, 3, 1, tzinfo=UTC))
    assert [at for at, _, _ in act.found] == ["2032-01-01", "2032-05-01"]
    assert "within 14 days" in act.says(day(2032, 3, 1))


def test_called_again_only_the_list_of_texts_is_asked_for(act):
    act.bring_in()
    before = act.found
    done = act.bring_in()
    assert [question.removeprefix(UK) for question in act.publisher.questions] == [f"{SECTION}/data.xml"]
    assert (act.found, done.days) == (before, [])


def test_a_text_that_did_not_arrive_ends_history_until_it_does(act):
    act.publisher.fails = {"2032-01-01"}
    done = act.bring_in()
    assert [each.problem for each in done.failed] == ["timeout"]
    assert [at for at, _, _ in act.found] == ["2031-10-26"]
    act.publisher.fails = set()
    act.bring_in()
    assert [at for at, _, _ in act.found] == ["2031-10-26", "2032-01-01", "2032-05-01"]
    assert len(act.publisher.questions) == 2


@pytest.mark.parametrize("text", [None, "<html><body>This is not the law</body></html>"])
def test_a_text_that_the_publisher_does_not_have_is_left_out_and_named(act, text):
    held = dict(HELD) | {f"{SECTION}/2032-01-01/data.xml": text}
    act.publisher.respond = british.legislation([], documents=held)
    done = act.bring_in()
    assert [f"{SECTION}/2032-01-01" in each.url for each in done.refused] == [True]
    assert [at for at, _, _ in act.found] == ["2031-10-26", "2032-05-01"]


@pytest.mark.parametrize("outcome", ["fails", "is no law"])
def test_a_law_that_cannot_be_read_has_no_history_for_now(act, outcome):
    if outcome == "fails":
        act.publisher.fails = {"data.xml"}
    else:
        act.publisher.respond = lambda *_: answered(b"<html/>", media_type="text/html")
    done = act.bring_in()
    assert (len(done.failed), len(done.refused)) == ((1, 0) if outcome == "fails" else (0, 1))
    assert done.days == []


def test_our_own_look_at_a_law_is_the_same_document_and_tells_nothing(act):
    act.bring_in()
    answer = Answer(f"{UK}{SECTION}/data.xml", 200, "application/xml", HELD[f"{SECTION}/data.xml"].encode())
    url = act.desk.source.urls[0]
    act.desk.see(pack([answer]).decode(), url=url, headers={"content-type": MEDIA_TYPE})
    assert act.says(SOON)  # one Document all the same
    assert act.desk.told == []


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("legislation-gov-uk", f"{UK}/new/data.feed"),
        ("cellar", f"https://publications.europa.eu{european.SPARQL}?types=REG"),
    ],
)
def test_a_list_of_laws_has_no_history(desk, kind, url):
    law = Law(desk, kind, url, CellarSpider, lambda *_: answered({}))
    with pytest.raises(ConfigurationError, match="is a list of laws, and history is that of one"):
        law.bring_in()
    assert law.publisher.questions == []


# The texts of one act of the European Union

EU = "https://publications.europa.eu"
"""The store of the Publications Office."""
LISTED = [
    european.text("32090R0901", european.item(1)),
    european.text("02090R0901-20910727", european.item(2)),
    european.text("02090R0901-20920301", european.item(3)),
]


def path(number):
    return european.item(number).removeprefix("http://publications.europa.eu")


@pytest.fixture
def regulation(desk):
    documents = {
        path(1): european.PUBLISHED,
        path(2): european.CONSOLIDATED % 30,
        path(3): european.CONSOLIDATED % 60,
    }
    repealed = european.act(in_force="0", repealers="32093R0001")
    respond = european.cellar([repealed], LISTED, documents)
    return Law(desk, "cellar", f"{EU}{european.CELEX}", CellarSpider, respond)


ADOPTED = datetime(2090, 1, 1, tzinfo=UTC)
CENTURY = datetime(2095, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("at", "days"), [(day(2090, 6, 13), 14), (day(2091, 7, 27), 30), (day(2092, 12, 1), 60)])
def test_an_act_says_on_each_day_what_it_said_then(regulation, at, days):
    done = regulation.bring_in(since=ADOPTED, now=CENTURY)
    assert (done.refused, done.failed) == ([], [])
    assert f"{days} days;" in regulation.says(at)


def test_what_is_known_of_an_act_today_is_not_said_of_its_earlier_texts(regulation):
    regulation.bring_in(since=ADOPTED, now=CENTURY)
    assert [kind for _, kind, _ in regulation.found] == ["first", "substantive", "substantive"]
    assert "No longer in force" not in regulation.says(day(2092, 12, 1))
    assert "Text as published (32090R0901)" in regulation.says(day(2090, 7, 1))


def test_a_consolidated_text_that_was_taken_down_is_left_out_and_named(regulation):
    regulation.publisher.fails = set()
    respond = regulation.publisher.respond
    regulation.publisher.respond = lambda at, *rest: answered(b"", 404) if at == path(2) else respond(at, *rest)
    done = regulation.bring_in(since=ADOPTED, now=CENTURY)
    assert [each.url for each in done.refused] == [f"{EU}{path(2)}"]
    assert [at for at, _, _ in regulation.found] == ["2090-06-13", "2092-03-01"]


# The command


@pytest.fixture
def asked(world):
    """A world with a query to a publisher that holds a document of the year before and one of the day after."""
    with Interface(federal_register([OLD, PROPOSED])) as publisher:
        url = publisher.url(REGISTER.removeprefix("https://www.federalregister.gov"))
        world.watch(id="fr", url=url, kind="federal-register", jurisdiction="US")
        world.publisher = publisher
        yield world


def call(world, *words, day=20):
    return world.call("backfill", "api", "--source", "fr", "--since", "2025-01-01", *words, day=day)


def test_the_command_says_what_came_in_and_where_to_look(asked):
    done = call(asked)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "fr: 2 versions of history, 2025-05-05 to 2026-03-02 (2 substantive)",
        "See: monitor changes --all --source fr",
        "     monitor show DOCUMENT --at DATE",
    ]
    again = call(asked).out.splitlines()
    assert again[0] == "fr: no version of history that is not stored already"


@pytest.mark.drill
def test_what_came_in_can_be_shown_and_is_told_to_nobody(asked):
    brought = call(asked, "--json").json
    assert (brought["versions"], brought["kinds"]) == (
        ["2025-05-05T00:00:00Z", "2026-03-02T00:00:00Z"],
        {"substantive": 2},
    )
    counts = ("unchanged", "known", "older", "newer", "undated", "refused", "failed")
    assert [brought[each] for each in counts] == [0, 0, 0, 0, 0, [], []]
    old = next(each for each in asked.changes() if each["detected_at"] == "2025-05-05T00:00:00Z")
    assert (old["status"], old["document"] in brought["documents"]) == ("history", True)
    assert PROPOSED["abstract"] in asked.call("show", old["document"], "--at", "2025-05-05").out
    assert asked.call("show", old["document"], "--at", "2025-05-04").status == 2
    listed = asked.call("changes", "--all").out.splitlines()
    assert len([line for line in listed if "substantive (history)" in line]) == len(listed) == 2
    assert asked.call("changes").out.startswith("Nothing to be told.")
    asked.run(day=21)
    digest = asked.call("digest", "--since", "2025-01-01", "--dry-run", "--format", "json", day=22).json
    assert [each["changes"] for each in digest] == [[]]
    assert {each["status"] for each in asked.changes(kind="substantive")} == {"history"}


def test_what_did_not_arrive_is_a_failure_that_the_command_names(asked):
    asked.publisher.respond = lambda *_: answered(b"busy", 400, "text/plain")
    done = call(asked)
    assert done.status == 1
    first, failed, *_ = done.out.splitlines()
    assert first == "fr: no version of history that is not stored already"
    assert failed.startswith(f"  did not arrive: {asked.publisher.url('/api/v1/documents.json')}?")
    assert "it says: busy" in failed
    assert "Call the command again: it goes on from there." in done.out


def test_a_source_that_is_not_declared_is_refused_with_a_near_one(asked):
    done = asked.call("backfill", "api", "--source", "fed", "--since", "2025-01-01")
    assert (done.status, "fed: sources.yaml declares no source with this id." in done.err) == (2, True)
