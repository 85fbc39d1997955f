"""A digest as Slack messages: complete, within Slack's limits, and immune to what pages say."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.blocks import MAX_CHARACTERS, messages, revise, size
from monitor.model import (
    DEADLINE_KINDS,
    Citation,
    DateKind,
    DateMention,
    Evidence,
    EvidenceKind,
    Passage,
    PassageOp,
    Period,
    Person,
    Severity,
)
from shown import HOSTILE, assert_accepted, mentions, visible


def assert_tells_every_change_in_order(parts, changes):
    found = [int(each) for part in parts for each in re.findall(r"· change (\d+)", visible(part))]
    assert found == [each.change.id for each in changes]


def test_an_ordinary_digest_is_one_message_that_says_it_all(make):
    told = make.told(17, impacts=[make.impact()])
    (message,) = messages(make.digest([told], [make.problem()], quiet={"links": 3, "whitespace": 1}))
    seen = visible(message)
    for expected in [
        "EU desk, Mon 23 Nov 2026",
        "1 change, 1 high, 1 touches procedures · 30 of 30 sources read, 1 problem",
        "Borealis Regulator \u203a ",
        "High · a duty became stricter · seen 22 Nov 2026 · change 17",
        "Duties \u203a Age assurance",
        "likely 72 %",
        "Handling reports about minors \u203a Age checks · owner Dana Lind",
        "words: age, verify; cites eu:reg:2022/2065#art28",
        "unreadable since 20 Nov 2026 · blocked: a bot wall answered with status 200",
        "Ask the publisher to let us in",
        "Kept quiet: 3 changes of links only, 1 change of white space.",
    ]:
        assert expected in seen
    assert message.text == "Policy digest, EU desk, Mon 23 Nov 2026: 1 change, 1 high, 1 touches procedures"
    assert_accepted([message])


def test_removed_words_are_struck_and_added_words_are_bold(make):
    (message,) = messages(make.digest([make.told()]))
    (quote,) = [
        each for block in message.blocks for each in block.get("elements", []) if each["type"] == "rich_text_quote"
    ]
    styles = {each["text"]: each.get("style") for each in quote["elements"]}
    assert styles["may"] == {"strike": True}
    assert styles["must"] == {"bold": True}
    assert styles["Providers "] is None


def test_the_link_leads_to_the_document(make):
    (message,) = messages(make.digest([make.told()]))
    assert '"url": "https://borealis.example/code", "text": "Safety code"' in json.dumps(message.blocks)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://long.example/" + "x" * 3_000])
def test_an_address_that_is_unsafe_or_endless_is_shown_as_a_name_without_link(make, url):
    (message,) = messages(make.digest([make.told(url=url)]))
    assert "Safety code" in visible(message)
    assert '"link"' not in json.dumps(message.blocks)


def test_an_entry_of_a_feed_goes_by_its_own_title(make):
    (message,) = messages(make.digest([make.told(document_id="code/1", title="Consultation opens")]))
    assert "Borealis Regulator \u203a Safety code \u203a Consultation opens" in visible(message)


def test_a_quiet_day_is_one_line(make):
    (message,) = messages(make.digest(quiet={"links": 3, "first": 2}))
    (block,) = message.blocks
    assert len(block["elements"]) == 1
    assert visible(message) == (
        "EU desk, Mon 23 Nov 2026 · No changes · 30 of 30 sources read"
        " · Read for the first time: 2 documents. Kept quiet: 3 changes of links only."
    )
    assert_accepted([message])


def test_a_day_on_which_nothing_was_read_is_no_green_tick(make):
    (message,) = messages(make.digest(read=0, last_read_at=datetime(2026, 11, 4, tzinfo=UTC)))
    assert visible(message).endswith(
        "Nothing was read since 4 Nov 2026: this says nothing about changes · 0 of 30 sources read"
    )
    assert [each["name"] for each in message.blocks[0]["elements"][0]["elements"] if each["type"] == "emoji"] == [
        "warning"
    ]
    assert "No changes" not in message.text
    assert_accepted([message])


def test_weak_matches_are_not_called_touched(make):
    (message,) = messages(make.digest([make.told(impacts=[make.impact(probability=0.2)])]))
    assert "1 change, 1 high · 30 of 30" in visible(message)
    assert "No procedure is likely touched; closest: unlikely 20 %" in visible(message)
    assert "Procedures touched" not in visible(message)


def test_a_citation_is_shown_as_the_change_writes_it(make):
    cited = Citation("Article 28 of Regulation (EU) 2022/2065", "eu:reg:2022/2065#art28")
    (message,) = messages(make.digest([make.told(impacts=[make.impact()], citations=[cited])]))
    assert "words: age, verify; cites Article 28 of Regulation (EU) 2022/2065" in visible(message)


def test_what_advice_has_in_backticks_is_code(make):
    (message,) = messages(make.digest(problems=[make.problem(advice="Try `monitor run --now`, then wait.")]))
    items = message.blocks[-1]["elements"][-1]["elements"][0]["elements"]
    assert {"type": "text", "text": "monitor run --now", "style": {"italic": True, "code": True}} in items
    assert "`" not in visible(message)
    assert_accepted([message])


def test_a_detail_that_is_cut_ends_with_an_ellipsis(make):
    (message,) = messages(make.digest(problems=[make.problem(detail="it is broken " * 30, advice="")]))
    assert visible(message).endswith("broken it is broken it…")


def test_a_day_without_changes_but_with_problems_says_what_we_cannot_see(make):
    (message,) = messages(make.digest(problems=[make.problem()]))
    assert "No changes · 30 of 30 sources read, 1 problem" in visible(message)
    assert "What we cannot see" in visible(message)


def test_passages_and_sections_beyond_the_few_that_are_shown_are_counted(make):
    told = make.told(passages=[make.passage()] * 7, impacts=[make.impact()] * 6)
    (message,) = messages(make.digest([told]))
    assert "… and 4 more passages" in visible(message)
    assert "… and 2 less likely sections (/policy show 1)" in visible(message)
    assert str(message.blocks).count("rich_text_quote") == 3


def test_hostile_text_is_shown_as_text_and_never_reaches_mrkdwn(make):
    told = make.told(
        source_name=HOSTILE,
        publisher=HOSTILE,
        reason=HOSTILE,
        passages=[make.passage(HOSTILE, HOSTILE + " more", heading=(HOSTILE,))],
        impacts=[make.impact(sop_title=HOSTILE, owner=HOSTILE, evidence=(Evidence(EvidenceKind.WORDS, HOSTILE),))],
    )
    (message,) = messages(make.digest([told], [make.problem(detail=HOSTILE)], audience_name=HOSTILE))
    assert "mrkdwn" not in json.dumps(message.blocks)
    assert "<!channel>" not in message.text
    assert "&lt;!channel&gt;" in message.text
    assert "\u202e" not in json.dumps(message.blocks, ensure_ascii=False)
    assert_accepted([message])


@pytest.mark.slow
def test_a_digest_of_400_changes_with_3000_word_passages_and_hostile_titles_loses_none(make):
    before = "The provider shall without undue delay inform the authority of it. " * 250
    after = before.replace("shall", "may").replace("authority", "board")
    reworded = make.passage(before, after, heading=(HOSTILE * 9,) * 5)
    worst = {
        "passages": [reworded, make.passage("", after), make.passage(before, ""), reworded],
        "source_name": HOSTILE * 30,
        "publisher": HOSTILE * 20,
        "reason": HOSTILE * 10,
        "url": "https://a.example/" + "x" * 970,
        "impacts": [make.impact(sop_title=HOSTILE * 8, owner=HOSTILE * 4)] * 9,
    }
    changes = [
        make.told(number, **(worst if number % 4 == 0 else {"source_name": HOSTILE})) for number in range(1, 401)
    ]
    parts = messages(make.digest(changes, [make.problem(detail=HOSTILE * 20, advice=HOSTILE * 20)] * 50))
    assert len(parts) > 50
    assert_accepted(parts)
    assert_tells_every_change_in_order(parts, changes)
    assert sum(visible(part).count("unreadable since") for part in parts) == 50
    assert f"part 2 of {len(parts)}" in visible(parts[1])
    assert parts[1].text.endswith(f"(part 2 of {len(parts)})")


LONG = "x" * 5_000


@pytest.fixture
def longest(make):
    """Every text longer than what is shown of it, an address as long as links may be, a number of nine digits."""
    facts = {
        "publisher": LONG,
        "source_name": LONG,
        "title": LONG,
        "reason": LONG,
        "url": "https://a.example/" + "y" * 580,
        "dates": [DateMention(DateKind.COMMENTS_CLOSE, f"2026-12-0{day}", "", "2026-11-01") for day in range(1, 9)],
        "passages": [
            make.passage("a b c d e f g h i j " * 9, "k l m n o p q r s t " * 9, heading=(LONG,)),
            make.passage("", LONG, heading=(LONG + "2",)),
            make.passage(f"{LONG} may {LONG}", f"{LONG} must {LONG}", heading=(LONG + "3",)),
        ],
        "impacts": [
            make.impact(
                section_id=f"{each}", sop_title=LONG, owner=LONG, evidence=(Evidence(EvidenceKind.WORDS, LONG),)
            )
            for each in range(9)
        ],
    }
    return lambda number, **more: make.told(100_000_000 + number, **facts | more)


def test_the_longest_change_and_the_largest_group_each_fit_into_one_message(make, longest):
    for told in ([longest(1, document_id="code/1")], [longest(each, fingerprint="f1") for each in range(80)]):
        parts = messages(make.digest(told, audience_name=LONG))
        assert_accepted(parts)
        states = {each.change.id: LONG for each in told}
        assert all(size(revise(part.blocks, states)) <= MAX_CHARACTERS for part in parts)


def test_the_longest_item_of_a_reminder_fits_into_one_message(make):
    item = make.item(
        10**8, source_name=LONG, publisher=LONG, url="https://a.example/" + "y" * 580, procedure=LONG, due="2026-11-20"
    )
    parts = messages(make.digest(period=Period.REMINDER, items=(item,) * 40, audience_name=LONG))
    assert_accepted(parts)
    assert size(revise(parts[0].blocks, {10**8: LONG})) <= MAX_CHARACTERS


anything = st.text(max_size=300)
tricks = st.sampled_from(
    [
        "<!channel>",
        "<!subteam^S1|all>",
        "<@U0EVIL>",
        "@here",
        "<https://evil.example|bank>",
        "[bank](javascript:alert(1))",
        "javascript:alert(1)",
        "\u202eevil\u2066",
        "U0EVIL",
        "*b* _i_ `c`",
        ":tada:",
    ]
)
anything |= st.lists(tricks, min_size=1, max_size=4).map(" ".join)
passages = st.lists(
    st.builds(Passage, st.sampled_from(PassageOp), st.lists(anything, max_size=4).map(tuple), anything, anything),
    max_size=5,
)
days = st.sampled_from(["2026", "2026-12", "2026-11-01", "2026-11-23", "2027-02-28"])
facts = st.fixed_dictionaries(
    {
        "passages": passages,
        "severity": st.sampled_from(Severity),
        "source_name": anything,
        "publisher": anything,
        "title": anything,
        "url": anything,
        "reason": anything,
        "document_id": st.sampled_from(["code", "code/1"]),
        "fingerprint": st.sampled_from(["", "f1"]),
        "dates": st.lists(st.builds(DateMention, st.sampled_from(DateKind), days, anything), max_size=5),
    }
)
touched = st.lists(
    st.fixed_dictionaries(
        {
            "sop_title": anything,
            "heading": st.lists(anything, max_size=3).map(tuple),
            "owner": anything,
            "probability": st.floats(0, 1),
            "evidence": st.lists(st.builds(Evidence, st.sampled_from(EvidenceKind), anything)).map(tuple),
        }
    ),
    max_size=7,
)
troubles = st.lists(st.fixed_dictionaries({"detail": anything, "advice": anything, "url": anything}), max_size=20)
full_days = days.filter(lambda day: day.count("-") == 2)
items = st.lists(
    st.fixed_dictionaries(
        {
            "change_id": st.integers(900, 910),
            "source_name": anything,
            "url": anything,
            "procedure": anything,
            "severity": st.sampled_from(Severity),
            "assignee": st.none() | anything,
            "due": st.none() | full_days,
            "deadline": st.none() | full_days,
        }
    ),
    max_size=15,
)
ahead = st.lists(
    st.fixed_dictionaries(
        {"source_name": anything, "url": anything, "kind": st.sampled_from(sorted(DEADLINE_KINDS)), "date": days}
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.sampled_from(Period),
    st.lists(st.tuples(facts, touched), max_size=12),
    troubles,
    items,
    ahead,
    st.lists(anything, max_size=3).map(tuple),
    anything,
)
def test_whatever_the_texts_every_part_is_accepted_every_change_told_and_nobody_mentioned(
    make, period, changes, problems, open_items, deadlines, undelivered, name
):
    told = [
        make.told(number, impacts=[make.impact(**each) for each in sections], **about)
        for number, (about, sections) in enumerate(changes, start=1)
    ]
    digest = make.digest(
        told,
        [make.problem(**each) for each in problems],
        period=period,
        alerted=(make.told(800, source_name=name, publisher=name),),
        items=tuple(make.item(**each) for each in open_items),
        deadlines=tuple(make.deadline(**each) for each in deadlines),
        undelivered=undelivered,
        audience_name=name,
    )
    parts = messages(digest, (Person("Eve", "U0EVE"),))
    assert_accepted(parts)
    assert mentions(parts) == ([], [])
    assert "mrkdwn" not in re.findall(r'"type": "(.*?)"', json.dumps([part.blocks for part in parts]))
    seen = " ".join(visible(part) for part in parts)
    handed_over = {each.change_id for each in digest.items} if period in {Period.REMINDER, Period.ESCALATION} else set()
    for number in {each.change.id for each in told} | handed_over:
        assert re.search(rf"\bchanges? (\d+, )*{number}\b", seen)
    links = re.findall(r'"url": "(.*?)"', json.dumps([part.blocks for part in parts]))
    assert all(each.startswith(("http://", "https://")) for each in links)
