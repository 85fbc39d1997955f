"""The inbox: what waits, in which order, filtered by what, and what becomes of it when somebody decides there."""

from __future__ import annotations

from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.model import ProblemKind, Role, Verdict
from monitor.store import add_row, transaction
from monitor.store.inbox import Wanted
from monitor.store.problems import open_problem
from monitor.store.sources import get_resource
from monitor.triage import decide
from monitor.undoing import take_last_back
from monitor.views import inbox as views
from monitor.views.inbox import find_beside
from monitor.web.access.invitation import invite
from store.conftest import NOON
from triaged import AGES, APPEALS, PRICES, UPLOAD

HTMX = {"HX-Request": "true"}
PEOPLE = """
people:
  - {name: Maria Lopez, email: maria@example.org, slack: U0123456789}
"""
TODAY = NOON.date()


def flag(desk, wording=PRICES, touched=(), source="rules", **facts):
    """The id of one more Change, with these columns changed."""
    change_id = desk.change(wording, touched, source=source)
    change(desk, "change", change_id, **facts)
    return change_id


def change(desk, table, key, **facts):
    with transaction(desk.db):
        for name, value in facts.items():
            desk.db.execute(f"UPDATE {table} SET {name} = ? WHERE id = ?", [value, key])


def add_deadline(desk, change_id, date, kind="compliance"):
    row = {"change_id": change_id, "position": 0, "kind": kind, "date": date, "sentence": "By then."}
    with transaction(desk.db):
        add_row(desk.db, "date_mention", row)


def entries(page):
    """The numbers of the changes that lead the entries, in their order."""
    return [int(each.attributes["id"].removeprefix("entry-")) for each in page.tree.css("article.entry")]


def shown(visitor, query=""):
    return entries(visitor.open(f"/?{query}"))


def form_of(page, number, verdict):
    """The hidden fields and the address of the form of one entry in which this can be decided."""
    for form in page.tree.css(f"#entry-{number} form"):
        fields = {each.attributes["name"]: each.attributes.get("value") or "" for each in form.css("input[name]")}
        values = [each.attributes.get("value") for each in form.css("[name=verdict]")]
        if verdict in values:
            return form.attributes["action"], fields | {"verdict": verdict}
    raise AssertionError(f"no form for {verdict}")


# The order and the groups


def test_what_nobody_decided_waits(visitor):
    assert shown(visitor) == [2, 1]


def test_what_was_confirmed_waits_no_longer_and_what_was_taken_back_waits_again(desk, visitor):
    decide(desk.db, 1, None, Verdict.CONFIRMED, by="mia", now=NOON)
    assert shown(visitor) == [2]
    take_last_back(desk.db, 1, seen=1, by="mia", now=NOON)
    assert shown(visitor) == [2, 1]


def test_the_newest_day_comes_first_and_the_gravest_of_a_day(desk, visitor):
    flag(desk, severity="low", confirmed_at="2026-03-05T09:00:00Z")
    flag(desk, severity="medium", confirmed_at="2026-03-05T08:00:00Z")
    flag(desk, severity="low", confirmed_at="2026-03-04T09:00:00Z")
    flag(desk, severity="high", confirmed_at="2026-02-27T09:00:00Z")
    page = visitor.open("/")
    assert entries(page) == [4, 3, 5, 2, 1, 6]
    assert page.texts("main h2")[:4] == ["Today", "Yesterday", "1 Mar 2026", "27 Feb 2026"]


def test_the_changes_of_a_day_stand_under_their_publishers(desk, visitor):
    change(desk, "source", "other", publisher="Another")
    flag(desk, source="other", severity="low", confirmed_at="2026-03-05T09:00:00Z")
    flag(desk, severity="medium", confirmed_at="2026-03-05T09:00:00Z")
    flag(desk, source="other", severity="high", confirmed_at="2026-03-05T09:00:00Z")
    page = visitor.open("/")
    assert page.texts("main h3") == ["Another", "Example", "Example"]
    assert entries(page)[:3] == [5, 3, 4]


@pytest.mark.parametrize(("facts", "expected"), [
    ({"kind": "links"}, []),
    ({"status": "provisional"}, []),
    ({"status": "history"}, []),
    ({"kind": "editorial"}, [3]),
])  # fmt: skip
def test_only_what_people_are_told_of_waits(desk, visitor, facts, expected):
    flag(desk, **facts)
    assert [each for each in shown(visitor) if each > 2] == expected


def test_the_same_change_in_several_documents_is_one_entry_with_its_list(desk, visitor):
    for source in ("rules", "other", "rules"):
        flag(desk, source=source, fingerprint="same", confirmed_at="2026-03-04T09:00:00Z")
    page = visitor.open("/")
    assert entries(page) == [5, 2, 1]
    assert page.texts("#entry-5 h4") == ["Same change in 3 documents"]
    assert page.texts("#entry-5 li a") == ["Rules", "Other", "Rules"]


def test_a_group_has_the_jurisdictions_of_all_and_is_counted_as_one_entry(desk, visitor):
    change(desk, "source", "other", jurisdiction="GB")
    for source in ("other", "rules", "other"):
        flag(desk, source=source, fingerprint="same")
    page = visitor.open("/")
    assert page.texts("#entry-5 > .row > span")[1:] == ["GB, EU"]
    assert page.texts("#lists p") == ["3 entries, 5 changes"]
    assert visitor.open("/?source=rules").texts("#lists p") == []


def test_the_same_words_at_another_publisher_or_weeks_apart_are_another_entry(desk, visitor):
    change(desk, "source", "other", publisher="Another")
    for source, at in [("rules", "2026-03-04"), ("other", "2026-03-04"), ("rules", "2026-02-20")]:
        flag(desk, source=source, fingerprint="same", confirmed_at=f"{at}T09:00:00Z")
    assert shown(visitor) == [4, 3, 2, 1, 5]


def test_a_group_has_all_its_changes_where_one_of_them_is_many_entries_further_down(desk, visitor, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    flag(desk, fingerprint="same", severity="low", confirmed_at="2026-03-01T09:00:00Z")
    flag(desk, fingerprint="same", confirmed_at="2026-03-03T09:00:00Z")
    assert visitor.open("/").texts("#entry-4 h4") == ["Same change in 2 documents"]
    assert shown(visitor, "page=2") == [1]


# What an entry says


def test_an_entry_says_what_changed_with_the_words_marked(desk, visitor):
    flag(desk)
    page = visitor.open("/")
    assert page.texts("#entry-3 h4 a") == ["Rules"]
    assert (page.texts("#entry-3 del"), page.texts("#entry-3 ins")) == (["14"], ["30"])
    assert page.texts("#entry-3 .excerpt") == ["Reworded Prices are paid back in 14 30 days."]


def test_an_entry_names_the_sections_that_are_likely_touched(desk, visitor):
    desk.change(AGES, [UPLOAD], [APPEALS])
    page = visitor.open("/")
    assert page.texts("#entry-1 .touched li") == [
        "likely 80 % ages Age checks › Upload",
        "likely 70 % fees Fees › Refunds",
    ]
    assert page.texts("#entry-3 .touched li") == ["likely 80 % ages Age checks › Upload"]


def test_sections_that_an_entry_does_not_name_can_be_unfolded(desk, visitor, monkeypatch):
    monkeypatch.setattr("monitor.web.desk.inbox.IMPACTS", 1)
    page = visitor.open("/")
    assert page.texts("#entry-1 > .touched li") == ["likely 80 % ages Age checks › Upload"]
    assert page.texts("#entry-1 details.twins summary") == ["and 1 more section"]
    assert page.texts("#entry-1 details.twins li") == ["likely 70 % fees Fees › Refunds"]


def test_an_entry_names_the_next_deadline(desk, visitor):
    add_deadline(desk, 1, "2026-03-17", "comments_close")
    assert visitor.open("/").texts("#entry-1 .until") == ["comments close 17 Mar 2026, in 12 days"]


def test_a_deadline_that_is_over_is_not_named(desk, visitor):
    add_deadline(desk, 1, "2026-03-04")
    assert visitor.open("/").texts("#entry-1 .until") == []


def test_a_passage_that_is_too_long_to_look_through_is_told_by_its_summary(desk, visitor):
    flag(desk, ("word " * 5_000, "words " * 5_000), summary="Much was rewritten")
    page = visitor.open("/")
    assert page.texts("#entry-3 .excerpt") == []
    assert "Much was rewritten" in page.texts("#entry-3")[0]


def test_words_in_another_language_say_so_to_a_screen_reader(desk, visitor):
    text = (
        "Die Betreiberin muss das Alter der Nutzerinnen und Nutzer prüfen, bevor sie ihnen den Zugang gewährt, und die"
    )
    flag(desk, (f"{text} Angaben löschen.", f"{text} Angaben nicht löschen."))
    assert visitor.open("/").tree.css_first("#entry-3 .excerpt").attributes["lang"] == "de"


def test_hostile_words_are_only_ever_text(desk, visitor):
    words = '<script>alert(1)</script> <img src=x onerror=alert(1)> javascript:alert(1) \u202e"gnp.exe'
    change(desk, "source", "rules", publisher=words, name=words, jurisdiction=words)
    flag(desk, (words, f"{words} again"), summary=words)
    change(desk, "sop", "fees", title=words)
    page = visitor.open("/")
    assert page.status == 200
    assert page.tree.css("main script, main img, main [onerror], main [style]") == []
    assert "<script>alert(1)</script>" in page.text
    assert "\u202e" not in page.text


# Filters


@pytest.fixture
def office(desk):
    """The desk with five changes: 1 and 2 of a high severity in the EU, 3 to 5 of another source."""
    change(desk, "source", "other", publisher="Another", jurisdiction="US-CA", topics='["privacy", "ads"]')
    change(desk, "source", "rules", topics='["privacy"]')
    change(desk, "sop", "ages", owner="MARIA@example.org")
    flag(desk, source="other", severity="low")
    flag(desk, source="other", severity="medium", touched=[APPEALS])
    flag(desk, source="other", severity="low", kind="editorial")
    add_deadline(desk, 3, "2026-03-09")
    add_deadline(desk, 4, "2026-04-01")
    add_deadline(desk, 5, "2026-03-09", "version")
    (desk.folder / "sources.yaml").write_text((desk.folder / "sources.yaml").read_text() + PEOPLE)
    return desk


@pytest.mark.parametrize(("query", "expected"), [
    ("severity=low", [3, 5]),
    ("jurisdiction=EU", [1, 2]),
    ("jurisdiction=US-CA", [3, 4, 5]),
    ("topic=ads", [3, 4, 5]),
    ("topic=privacy", [1, 2, 3, 4, 5]),
    ("publisher=Another", [3, 4, 5]),
    ("source=rules", [1, 2]),
    ("sop=ages", [1, 4]),
    ("sop=fees", [1]),
    ("due=7", [3]),
    ("due=30", [3, 4]),
    ("mine=Maria+Lopez", [1, 4]),
    ("mine=maria@example.org", [1, 4]),
    ("mine=U0123456789", [1, 4]),
    ("mine=%40billing", [1]),
    ("mine=nobody", []),
    ("severity=low&due=7&topic=ads", [3]),
    ("severity=high&source=other", []),
    ("source=nowhere", []),
    ("due=8", [1, 2, 3, 4, 5]),
    ("due=x&page=0&show=nothing&severity=", [1, 2, 3, 4, 5]),
    ("topic=%22%5D", []),
])  # fmt: skip
def test_filters_leave(office, visitor, query, expected):
    assert sorted(shown(visitor, query)) == expected


def test_each_filter_is_a_link_that_says_how_many_it_leaves(office, visitor):
    page = visitor.open("/")
    links = {each: page.texts("aside.facets a")[at] for at, each in enumerate(page.links("aside.facets a"))}
    assert links == {
        "/?severity=high": "high 2",
        "/?severity=medium": "medium 1",
        "/?severity=low": "low 2",
        "/?due=7": "within 7 days 1",
        "/?due=30": "within 30 days 2",
        "/?due=90": "within 90 days 2",
        "/?jurisdiction=US-CA": "US-CA 3",
        "/?jurisdiction=EU": "EU 2",
        "/?topic=privacy": "privacy 5",
        "/?topic=ads": "ads 3",
        "/?sop=ages": "ages Age checks 2",
        "/?sop=fees": "fees Fees 1",
        "/?publisher=Another": "Another 3",
        "/?publisher=Example": "Example 2",
        "/?source=other": "Other 3",
        "/?source=rules": "Rules 2",
    }


def test_each_link_leaves_as_many_as_it_says(office, visitor):
    page = visitor.open("/?topic=privacy")
    for address, name in zip(page.links("aside.facets a"), page.texts("aside.facets a"), strict=True):
        assert str(len(entries(visitor.open(address)))) == name.split()[-1]


def test_a_filter_that_holds_can_be_taken_out_by_itself_or_with_all_others(office, visitor):
    page = visitor.open("/?severity=low&source=other&mine=maria")
    assert page.texts(".held a") == [
        "Without Whose: maria ×",
        "Without Severity: low ×",
        "Without Source: Other ×",
        "Clear",
    ]
    assert page.links(".held a") == [
        "/?severity=low&source=other", "/?mine=maria&source=other", "/?mine=maria&severity=low", "/?",
    ]  # fmt: skip


def test_mine_is_by_name_so_that_whoever_is_sent_the_address_sees_the_same(office, visitor):
    assert "/?mine=desk" in visitor.open("/").links(".lists a")
    assert visitor.open("/?mine=desk").texts(".held a")[0] == "Without Whose: mine ×"
    assert visitor.open("/?mine=Maria+Lopez").texts(".held a")[0] == "Without Whose: Maria Lopez ×"


def test_the_filters_go_along_to_the_other_lists_and_to_each_change(office, visitor):
    page = visitor.open("/?severity=low&topic=ads")
    assert "/?show=put-off&severity=low&topic=ads" in page.links(".lists a")
    assert page.links("#entry-3 h4 a") == ["/changes/3?severity=low&topic=ads"]


def test_procedures_are_not_counted_where_very_many_wait(office, visitor, monkeypatch):
    monkeypatch.setattr("monitor.store.inbox.FEW", 4)
    assert "Procedure" not in visitor.open("/").texts("aside.facets h2")
    assert "Procedure" in visitor.open("/?source=other").texts("aside.facets h2")


def test_many_options_of_a_filter_are_folded(desk, visitor):
    change(desk, "source", "rules", topics='["a", "b", "c", "d", "e", "f", "g", "h"]')
    page = visitor.open("/")
    assert page.texts("aside.facets details a") == ["g 2", "h 2"]


def test_a_long_list_is_read_page_by_page_and_the_filters_go_along(desk, visitor, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    for _ in range(3):
        flag(desk)
    first = visitor.open("/?source=rules")
    assert (entries(first), first.links(".pages a")) == ([5, 4], ["/?source=rules&page=2"])
    second = visitor.open("/?source=rules&page=2")
    assert (entries(second), second.links(".pages a")) == ([3, 2], ["/?source=rules", "/?source=rules&page=3"])
    assert entries(visitor.open("/?source=rules&page=3")) == [1]
    assert "That is all" in visitor.open("/?source=rules&page=4").text


# Deciding


@pytest.mark.parametrize(("verdict", "fields", "said"), [
    ("confirmed", {}, "Confirmed: Rules. 2 sections are out of date"),
    ("not-applicable", {"reason": "covered"}, "Not applicable: Rules"),
    ("assigned", {"assignee": "Otto", "due": "2026-03-09"}, "Assigned to Otto, due 9 Mar 2026: Rules"),
    ("snoozed", {"until": "2026-03-09"}, "Put off until 9 Mar 2026: Rules"),
])  # fmt: skip
def test_an_entry_is_decided_without_opening_it_and_can_be_taken_back(desk, visitor, verdict, fields, said):
    address, hidden = form_of(visitor.open("/?source=rules"), 1, verdict)
    page = visitor.open(address, hidden | fields)
    assert page.texts("#said span") == [said]
    assert entries(page) == [2]
    undo = page.tree.css_first("#said form")
    back = visitor.open(undo.attributes["action"], {"decisions": "1", "verdict": "undone"})
    assert back.texts("#said span") == ["Taken back: Rules"]
    assert entries(back) == [2, 1]
    assert back.url.endswith("#entry-1") or "said=" in back.url


def test_after_a_decision_the_next_entry_is_where_one_goes_on(desk, visitor):
    flag(desk)
    address, hidden = form_of(visitor.open("/?source=rules"), 2, "confirmed")
    assert address == "/decide?source=rules"
    assert visitor.open(address, hidden).url.partition("#")[2] in {"", "entry-1"}


def test_whoever_takes_it_has_it_in_hand(desk, visitor):
    page = visitor.open("/")
    take = next(form for form in page.tree.css("#entry-1 form") if form.css("[value='desk']"))
    fields = {each.attributes["name"]: each.attributes.get("value") or "" for each in take.css("input")}
    visitor.open(take.attributes["action"], fields | {"verdict": "assigned"})
    assert visitor.open("/?show=in-hand").texts("#entry-1 .hands li") == ["desk"]


def test_a_day_is_offered_two_weeks_before_the_deadline(desk, visitor):
    add_deadline(desk, 1, "2026-04-30")
    add_deadline(desk, 2, "2026-03-06")
    page = visitor.open("/")
    days = [page.tree.css_first(f"#due-{number}").attributes["value"] for number in (1, 2)]
    assert days == ["2026-04-16", "2026-03-05"]


def test_a_group_is_decided_as_one_and_taken_back_as_one(desk, visitor):
    for source in ("rules", "other"):
        flag(desk, source=source, fingerprint="same")
    address, hidden = form_of(visitor.open("/"), 4, "confirmed")
    page = visitor.open(address, hidden)
    assert (entries(page), page.texts("#said span")) == (
        [2, 1],
        ["Confirmed: 2 changes. No section is out of date by it"],
    )
    undo = page.tree.css_first("#said form input")
    visitor.open("/decide", {"decisions": undo.attributes["value"], "verdict": "undone"})
    assert shown(visitor) == [4, 2, 1]


def test_several_entries_are_decided_together(desk, visitor):
    flag(desk)
    page = visitor.open("/")
    boxes = {each.attributes["name"]: each.attributes["value"] for each in page.tree.css(".pick input")}
    assert boxes == {"pick:3": "3", "pick:2": "2", "pick:1": "1"}
    chosen = {name: boxes[name] for name in ("pick:3", "pick:1")}
    page = visitor.open("/decide", chosen | {"verdict": "not-applicable", "reason": "unrelated", "comment": ""})
    assert (entries(page), page.texts("#said span")) == ([2], ["Not applicable: 2 changes"])


@pytest.mark.parametrize(("fields", "said"), [
    ({"verdict": "not-applicable", "comment": " "}, "Choose why it does not apply"),
    ({"verdict": "assigned", "assignee": "Otto", "due": "2026-03-01"}, "that day is over"),
    ({"verdict": "assigned", "assignee": ""}, "say to whom"),
    ({"verdict": "snoozed", "until": "soon"}, "not a day"),
])  # fmt: skip
def test_what_cannot_be_decided_is_said_beside_what_was_typed(desk, visitor, fields, said):
    page = visitor.open("/decide?source=rules", fields | {"together": "1"})
    assert page.status == 422
    assert said in page.texts("#error-1")[0]
    assert len(page.tree.css("#entry-1 details[open]")) == 1
    typed = [each.attributes.get("value") for each in page.tree.css("#entry-1 details[open] input")]
    assert all(value in typed for name, value in fields.items() if name != "verdict" and value.strip())
    assert desk.db["decision"].count == 0


@pytest.mark.parametrize("fields", [
    {}, {"together": "1"}, {"verdict": "confirmed"}, {"together": "1 x", "verdict": "confirmed"},
    {"together": "99", "verdict": "confirmed"}, {"together": "1", "verdict": "undone"},
    {"pick:1": "", "verdict": "confirmed"},
])  # fmt: skip
def test_what_no_form_sends_decides_nothing(desk, visitor, fields):
    assert visitor.open("/decide", fields).status == 422
    assert desk.db["decision"].count == 0


def test_a_reader_sees_all_and_decides_nothing(desk, visitor):
    visitor.cookies.clear()
    visitor.open("/enter", {"token": invite(desk.db, "rita", Role.READER, desk.config.now())})
    page = visitor.open("/")
    assert (entries(page), page.tree.css("main form")) == ([2, 1], [])
    assert visitor.open("/decide", {"together": "1", "verdict": "confirmed"}).status == 403


# What is in hand, and what is put off


def test_what_is_in_hand_is_listed_by_its_day_what_is_overdue_first(desk, visitor):
    for number, due in enumerate([None, "2026-03-04", "2026-04-01", "2026-03-10"], 3):
        flag(desk)
        decide(desk.db, number, None, Verdict.ASSIGNED, assignee="Otto", due=due, by="mia", now=NOON)
    page = visitor.open("/?show=in-hand")
    assert page.texts("main h2") == ["Overdue", "Due within a week", "Due later", "Without a day"]
    assert entries(page) == [4, 6, 5, 3]
    assert page.texts("#entry-4 .hands li") == ["Otto , was due 4 Mar 2026, yesterday"]
    assert page.texts("#entry-6 .hands li") == ["Otto , due 10 Mar 2026, in 5 days"]


def test_what_is_rejected_is_in_nobodys_hands_and_what_is_confirmed_still_is(desk, visitor):
    for number in (1, 2):
        decide(desk.db, number, None, Verdict.ASSIGNED, assignee="Otto", by="mia", now=NOON)
    desk.reject(1)
    assert shown(visitor, "show=in-hand") == [2]
    desk.confirm(2)
    assert shown(visitor, "show=in-hand") == [2]


def test_a_section_in_hand_is_named(desk, visitor):
    decide(desk.db, 1, UPLOAD, Verdict.ASSIGNED, assignee="Otto", by="mia", now=NOON)
    assert visitor.open("/?show=in-hand").texts("#entry-1 .hands li") == ["Otto : ages Age checks › Upload"]
    assert shown(visitor) == [2, 1]


@pytest.mark.parametrize(("query", "expected"), [
    ("", [3, 1, 2]), ("mine=otto", [1]), ("mine=Maria+Lopez", [3]), ("mine=rita", [2]), ("source=other", [3]),
    ("severity=high&mine=OTTO", [1]), ("mine=nobody", []),
])  # fmt: skip
def test_what_is_in_hand_can_be_filtered(office, visitor, query, expected):
    for number, who, due in [
        (1, "otto", "2026-03-07"),
        (2, "rita", "2026-03-08"),
        (3, "maria@example.org", "2026-03-06"),
    ]:
        decide(office.db, number, None, Verdict.ASSIGNED, assignee=who, due=due, by="mia", now=NOON)
    assert shown(visitor, f"show=in-hand&{query}") == expected


def test_more_is_in_hand_than_is_looked_up_at_once(desk, visitor, monkeypatch):
    monkeypatch.setattr(views, "_CHUNK", 2)
    for number in range(3, 8):
        flag(desk)
        decide(desk.db, number, None, Verdict.ASSIGNED, assignee="Otto", by="mia", now=NOON)
    assert shown(visitor, "show=in-hand") == [3, 4, 5, 6, 7]


def test_the_tab_says_how_much_is_in_hand_and_how_much_of_it_is_overdue(office, visitor):
    for number, who, due in [
        (1, "otto", "2026-03-04"),
        (2, "Maria Lopez", "2026-03-03"),
        (3, "maria@example.org", None),
    ]:
        decide(office.db, number, None, Verdict.ASSIGNED, assignee=who, due=due, by="mia", now=NOON)
    decide(office.db, 2, None, Verdict.ASSIGNED, assignee="otto", due="2026-03-09", by="mia", now=NOON)
    tabs = {"": "In hand 3 1 overdue", "mine=Maria+Lopez": "In hand 1", "mine=otto": "In hand 2 1 overdue"}
    for query, said in tabs.items():
        page = visitor.open(f"/?{query}")
        assert page.texts(".lists nav li")[1] == said
        assert len(shown(visitor, f"show=in-hand&{query}")) == int(said.split()[2])


def test_what_is_in_hand_is_decided_there_and_it_says_what_ends_it(desk, visitor):
    decide(desk.db, 1, None, Verdict.ASSIGNED, assignee="Otto", by="mia", now=NOON)
    page = visitor.open("/?show=in-hand")
    assert "Done when its sections are said to be current, or it is not applicable." in page.text
    address, hidden = form_of(page, 1, "not-applicable")
    page = visitor.open(address, hidden | {"reason": "covered"})
    assert (entries(page), "show=in-hand" in page.url) == ([], True)


def test_mine_says_what_it_means_where_it_is_empty_and_leads_to_what_is_in_hand(desk, visitor):
    decide(desk.db, 1, None, Verdict.ASSIGNED, assignee="desk", by="mia", now=NOON)
    page = visitor.open("/?mine=desk")
    assert "Mine is what touches a procedure of yours. 1 of yours is in hand ." in page.text
    assert entries(visitor.open(page.links(".rest a")[0])) == [1]


# What was decided


def test_what_was_decided_is_listed_with_who_when_and_why_the_last_first(desk, visitor):
    flag(desk)
    desk.confirm(1, by="Otto")
    desk.assign(2)
    desk.reject(3, reason="covered")
    desk.reject(1, UPLOAD, by="Otto")
    page = visitor.open("/?show=decided")
    assert entries(page) == [1, 3]
    assert [each.split(", ")[0] for each in page.texts("article > p > strong")] == [
        "Not applicable by Otto for ages Upload: the section is about something else",
        "Not applicable by mia: the section says so already",
    ]
    assert page.texts("#entry-3 > p time") == ["1 Mar 2026", "1 Mar 2026, 18:00 UTC"]
    assert shown(visitor, "show=decided&sop=ages") == [1]


def test_what_was_decided_is_taken_back_there(desk, visitor):
    desk.confirm(1)
    address, hidden = form_of(visitor.open("/?show=decided"), 1, "undone")
    page = visitor.open(address, hidden)
    assert (entries(page), "Nothing was decided yet" in page.text) == ([], True)
    assert shown(visitor) == [2, 1]


def test_what_was_followed_by_more_is_taken_back_where_all_of_it_is_seen(desk, visitor):
    desk.confirm(1)
    desk.assign(1)
    page = visitor.open("/?show=decided")
    assert (page.tree.css("#entry-1 form"), page.links("#entry-1 .small a")) == ([], ["/changes/1#decision"])


def test_a_deadline_to_come_can_be_asked_for_of_what_was_decided(desk, visitor):
    add_deadline(desk, 1, "2026-03-09")
    desk.confirm(1)
    desk.confirm(2)
    assert shown(visitor, "show=decided&due=7") == [1]


def test_what_somebody_decided_last_is_said_again_so_that_it_can_be_taken_back(desk, visitor):
    assert visitor.open("/?said=last").texts("#said span") == ["There is nothing to take back."]
    desk.reject(1, by="desk")
    desk.reject(2, by="mia")
    page = visitor.open("/?said=last")
    assert page.texts("#said span") == ["Not applicable: Rules"]
    assert page.tree.css_first("#said input").attributes["value"] == "1"
    visitor.open("/decide", {"decisions": "1", "verdict": "undone"})
    assert visitor.open("/?said=last").texts("#said button") == []


def test_what_was_put_off_comes_back_on_its_day(desk, visitor):
    flag(desk)
    for number, until in [(1, "2026-03-09"), (2, "2026-03-05")]:
        decide(desk.db, number, None, Verdict.SNOOZED, due=until, by="mia", now=NOON)
    assert shown(visitor) == [2, 3]
    page = visitor.open("/?show=put-off")
    assert (entries(page), page.texts("main h2")[0]) == ([1], "Back on 9 Mar 2026")
    assert page.texts(".lists nav a") == ["To decide 2", "In hand", "Put off 1", "Decided"]
    assert "/?show=put-off&severity=high" in page.links("aside.facets a")


def test_what_is_put_off_can_be_decided_there(desk, visitor):
    decide(desk.db, 1, None, Verdict.SNOOZED, due="2026-03-09", by="mia", now=NOON)
    address, hidden = form_of(visitor.open("/?show=put-off"), 1, "confirmed")
    page = visitor.open(address, hidden)
    assert "show=put-off" in page.url
    assert (entries(page), "Nothing is put off" in page.text) == ([], True)


# With htmx


def test_htmx_gets_the_line_at_the_foot_and_nothing_else(desk, visitor):
    page = visitor.open("/decide?source=rules", {"together": "1", "verdict": "confirmed"}, HTMX)
    assert page.texts("#said span") == ["Confirmed: Rules. 2 sections are out of date"]
    assert page.tree.css("main, article, header") == []


def test_with_what_htmx_gets_all_numbers_around_the_list_are_those_of_now(office, visitor):
    page = visitor.open("/decide?topic=privacy", {"together": "1", "verdict": "assigned", "assignee": "otto"}, HTMX)
    whole = visitor.open("/?topic=privacy")
    assert page.tree.css_first("title").text() == whole.tree.css_first("title").text() == "4 to decide · Policy Monitor"
    for each in ("#lists", "#filters"):
        assert page.tree.css_first(each).attributes["hx-swap-oob"] == "true"
        assert page.texts(each) == whole.texts(each)


def test_htmx_puts_what_is_wrong_into_the_entry(desk, visitor):
    page = visitor.open("/decide", {"together": "1", "verdict": "not-applicable"}, HTMX)
    assert (page.headers["HX-Retarget"], page.headers["HX-Reswap"]) == ("#error-1", "innerHTML")
    assert "Choose why it does not apply, or write it in your own words." in page.text


@pytest.mark.parametrize(("path", "fields"), [
    ("/decide?source=rules", {"decisions": "1", "verdict": "undone"}),
    ("/decide?source=rules", {"pick:1": "1", "verdict": "confirmed"}),
    ("/decide?source=rules&show=put-off", {"together": "1", "verdict": "confirmed"}),
])  # fmt: skip
def test_htmx_loads_the_list_again_where_more_than_one_entry_changes(desk, visitor, path, fields):
    decide(desk.db, 2, None, Verdict.CONFIRMED, by="mia", now=NOON)
    answer = visitor.open(path, fields, HTMX)
    assert answer.status == 204
    assert answer.headers["HX-Redirect"].startswith("/?")
    assert "source=rules" in answer.headers["HX-Redirect"]


# When there is nothing


def test_when_all_is_decided_it_says_what_was_read_and_what_was_kept_quiet(desk, visitor):
    flag(desk, kind="links", confirmed_at="2026-03-04T09:00:00Z")
    flag(desk, kind="date_tick", confirmed_at="2026-03-04T09:00:00Z")
    desk.confirm(1)
    desk.confirm(2)
    text = visitor.open("/").text
    assert "All is decided 1 source read, none longer ago than 1 Mar 2026, 16:00 UTC" in text
    assert "Kept quiet in the last week: date tick 1, links 1." in text


def test_what_cannot_be_read_is_named_whether_anything_waits_or_not(desk, visitor):
    assert "cannot be read" not in visitor.open("/").text
    with transaction(desk.db):
        url = "https://example.org/other"
        resource = get_resource(desk.db, "other", url)
        open_problem(desk.db, resource.id, ProblemKind.ROBOTS, detail="403", advice="Ask.", at=NOON)
    assert "1 source cannot be read: Other. See why" in visitor.open("/").text
    desk.confirm(1)
    desk.confirm(2)
    page = visitor.open("/")
    assert "1 of 2 sources read, none longer ago than" in page.text
    assert "; 1 cannot be read: Other since 1 Mar 2026." in page.text
    assert "/sources/other" in page.links(".rest a")


def test_when_nothing_was_ever_read_it_says_that_this_says_nothing(desk, visitor):
    with transaction(desk.db):
        for each in (1, 2):
            desk.db.execute("UPDATE change SET is_settled = 1 WHERE id = ?", [each])
        desk.db.execute("UPDATE fetch SET state = 'rejected'")
    text = visitor.open("/").text
    assert "No source was read yet, so this says nothing about changes." in text
    assert "Nothing was kept quiet in the last week." in text


@pytest.mark.parametrize(("query", "said"), [
    ("severity=medium", "Nothing with these filters"),
    ("show=in-hand", "Nobody has anything in hand"),
    ("show=put-off", "Nothing is put off"),
])  # fmt: skip
def test_an_empty_list_says_why(visitor, query, said):
    assert said in visitor.open(f"/?{query}").text


# Beside a change


@pytest.mark.parametrize(
    ("change_id", "expected"), [(5, (None, 4)), (3, (5, 2)), (4, (5, 2)), (1, (2, None)), (99, (None, 5))]
)
def test_the_changes_before_and_after_one_are_those_of_the_inbox(desk, change_id, expected):
    flag(desk, fingerprint="same")
    flag(desk, fingerprint="same")
    flag(desk)
    assert find_beside(desk.db, Wanted(), TODAY, change_id) == expected


def test_what_is_beside_a_change_heeds_the_filters(desk):
    flag(desk, source="other")
    assert find_beside(desk.db, Wanted(source="rules"), TODAY, 2) == (None, 1)


# Keys and screen readers


def test_each_key_stands_on_what_it_does(visitor):
    page = visitor.open("/")
    keys = [each.attributes["aria-keyshortcuts"] for each in page.tree.css("#entry-1 [aria-keyshortcuts]")]
    assert keys == ["x", "o Enter", "c", "n", "a", "s"]


def test_each_entry_is_named_and_every_field_has_a_label(visitor):
    page = visitor.open("/")
    for each in page.tree.css("article.entry"):
        assert page.texts(f"#{each.attributes['aria-labelledby']}") == ["Rules"]
    labelled = {each.attributes["for"] for each in page.tree.css("label[for]")}
    fields = page.tree.css("main input:not([type=hidden], [type=checkbox]), main select")
    assert {each.attributes["id"] for each in fields} <= labelled
    assert all(each.parent.tag == "label" for each in page.tree.css("main [type=checkbox]"))


def test_nothing_is_chosen_beforehand_as_the_reason_for_several(visitor):
    page = visitor.open("/")
    first = page.tree.css_first("#why-together option")
    assert (first.attributes["value"] or "", first.text()) == ("", "Choose why…")
    assert page.texts("label[for=own-together]") == ["Or in your own words"]
    page = visitor.open("/decide", {"pick:1": "1", "verdict": "not-applicable", "reason": "", "comment": ""})
    assert page.texts("main .error")[0] == "Choose why it does not apply, or write it in your own words."


def test_the_headings_go_down_step_by_step(visitor):
    tree = LexborHTMLParser(visitor.open("/").body)
    levels = [int(each.tag[1]) for each in tree.css("main :is(h1, h2, h3, h4, h5, h6)")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
