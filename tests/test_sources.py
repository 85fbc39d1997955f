"""`sources.yaml`: what it means, and what is said of every mistake in it."""

from __future__ import annotations

from datetime import timedelta
from textwrap import dedent, indent

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import SourcesError
from monitor.model import Audience, Person, Range, Source
from monitor.sources import load_sources

ENTRY = {
    "id": "rules",
    "name": "Rules",
    "publisher": "Example",
    "jurisdiction": "global",
    "kind": "html",
    "url": "https://example.org/rules",
}


@pytest.fixture
def load(tmp_path):
    def load(text):
        path = tmp_path / "sources.yaml"
        path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return load_sources(path)

    return load


@pytest.fixture
def mistakes(load, tmp_path):
    """The mistakes in a file, without the folder it is in."""

    def mistakes(text):
        with pytest.raises(SourcesError) as caught:
            load(text)
        return [each.replace(f"{tmp_path}/", "") for each in caught.value.mistakes]

    return mistakes


def write_entry(**changes):
    """One source on lines 2 to …, with keys replaced (or dropped, by None)."""
    entry = {key: value for key, value in (ENTRY | changes).items() if value is not None}
    return "sources:\n- " + indent(yaml.safe_dump(entry, sort_keys=False), "  ").lstrip()


def test_a_source_with_the_least_keys_gets_the_defaults(load):
    declared = load(write_entry())
    assert declared.sources == (
        Source("rules", "Rules", "Example", "global", "html", ("https://example.org/rules",), every="12h", hold=None),
    )


def test_every_key_reaches_the_source(load):
    entry = write_entry(
        url=None,
        urls=["https://example.org/1", "https://example.org/2"],
        select=["main"],
        remove=[".share", "nav"],
        topics=["child-safety"],
        audience=["eu-desk"],
        every="30m",
        hold="2h",
        render=True,
        enabled=False,
    )
    assert load(entry).sources == (
        Source(
            id="rules",
            name="Rules",
            publisher="Example",
            jurisdiction="global",
            kind="html",
            urls=("https://example.org/1", "https://example.org/2"),
            select=("main",),
            remove=(".share", "nav"),
            topics=("child-safety",),
            audience=("eu-desk",),
            every="30m",
            hold=timedelta(hours=2),
            render=True,
            enabled=False,
        ),
    )


def test_declared_audiences_keep_their_order_and_keys(load):
    audiences = """\
        audiences:
          - id: uk-desk
            name: UK desk
            timezone: Europe/London
            digest_at: 08:30
            slack_channel: C0123456789
            topics: [privacy]
            jurisdictions: [GB, US-CA]
          - {id: other, name: Other}
        """
    assert load(dedent(audiences) + write_entry(audience=["other"])).audiences == (
        Audience("uk-desk", "UK desk", "Europe/London", "08:30", "C0123456789", ("privacy",), ("GB", "US-CA")),
        Audience("other", "Other", "UTC", "09:00"),
    )


DESK = """
audiences:
- id: uk-desk
  name: UK desk
"""
PEOPLE = """
people:
- name: Sam Okafor
  slack: U0123456789
- name: Maria Lopez
  email: maria@example.org
  timezone: Europe/Madrid
- name: Tom Reed
"""


def test_what_an_audience_is_told_beside_its_daily_digest_and_how(load):
    keys = """\
          owners: [Maria Lopez, appeals@example.org]
          weekly_on: fri
          alerts: false
          send_to: [email:desk@example.org, "webhook:https://hooks.example.org/a?b=c", apprise:our-teams]
          lead: Sam Okafor
          sla: 36h
        """
    (audience,) = load(DESK + indent(dedent(keys), "  ") + PEOPLE + write_entry()).audiences
    assert audience.owners == ("Maria Lopez", "appeals@example.org")
    assert (audience.weekly_on, audience.alerts) == ("fri", False)
    assert audience.send_to == (
        "email:desk@example.org",
        "webhook:https://hooks.example.org/a?b=c",
        "apprise:our-teams",
    )
    assert (audience.lead, audience.sla) == ("Sam Okafor", timedelta(hours=36))


def test_an_audience_that_says_nothing_more_is_alerted_and_that_is_all(load):
    (audience,) = load(DESK + write_entry()).audiences
    assert audience == Audience("uk-desk", "UK desk", alerts=True, weekly_on=None, send_to=(), lead=None, sla=None)


def test_people_are_known_by_name_and_how_to_reach_them(load):
    assert load(PEOPLE + write_entry()).people == (
        Person("Sam Okafor", "U0123456789"),
        Person("Maria Lopez", email="maria@example.org", timezone="Europe/Madrid"),
        Person("Tom Reed"),
    )


def test_without_a_people_section_there_is_nobody(load):
    assert load(write_entry()).people == ()


def test_without_an_audiences_section_the_named_ones_are_implied(load):
    assert load(write_entry(audience=["eu-desk", "us-desk"])).audiences == (
        Audience("eu-desk", "eu-desk"),
        Audience("us-desk", "us-desk"),
    )


def test_without_any_audience_everyone_is_told(load):
    assert [each.id for each in load(write_entry()).audiences] == ["everyone"]


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        pytest.param("jurisdiction: NO", "jurisdiction", "NO", id="Norway is not false"),
        pytest.param("name: 2026", "name", "2026", id="a number is a text"),
        pytest.param("hold: 0", "hold", timedelta(0), id="zero needs no quotes"),
        pytest.param("every: 10 6 * * *", "every", "10 6 * * *", id="a cron line needs no quotes"),
        pytest.param("render: yes", "render", True, id="yes is true"),
        pytest.param("hold:", "hold", None, id="an empty optional key is left out"),
        pytest.param("jurisdiction: US-CA", "jurisdiction", "US-CA", id="a region"),
        pytest.param("jurisdiction: EU", "jurisdiction", "EU", id="the EU"),
    ],
)
def test_plain_yaml_values_mean_what_people_mean(load, line, key, value):
    name = line.split(":")[0]
    source = load(write_entry(**{name: None}) + f"  {line}\n").sources[0]
    assert getattr(source, key) == value


def test_a_time_of_day_needs_no_quotes(load):
    audiences = load("audiences: [{id: a, name: A, digest_at: 10:30}]\n" + write_entry()).audiences
    assert audiences[0].digest_at == "10:30"


def test_anchors_save_repetition(load):
    text = write_entry(remove=None) + "  remove: &share [.share]\n"
    text += write_entry(id="more").removeprefix("sources:\n") + "  remove: *share\n"
    assert [each.remove for each in load(text).sources] == [(".share",), (".share",)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": "Rules of 2026"}, '2: Rules of 2026: id: "Rules of 2026" may hold only small letters, digits and'),
        ({"id": None}, "2: source 1: id: is missing. Add a line such as `id: ofcom-online-safety`."),
        ({"publisher": None}, "2: rules: publisher: is missing. Add a line such as `publisher: Ofcom`."),
        ({"name": ""}, "3: rules: name: must be a text; found nothing."),
        ({"name": " "}, '3: rules: name: must be a text; found " ".'),
        ({"name": ["a", "b"]}, "3: rules: name: must be one text; found a list."),
        ({"name": {"en": "Rules"}}, "3: rules: name: must be one text; found a mapping."),
        ({"jurisdiction": "UK"}, '5: rules: jurisdiction: "UK" is no jurisdiction. Write an ISO country (US, and GB'),
        ({"jurisdiction": "europe"}, '5: rules: jurisdiction: "europe" is no jurisdiction.'),
        ({"kind": "htlm"}, '6: rules: kind: unknown kind "htlm". Known: html, pdf, docx, json, rss, atom,'),
        ({"kind": ["html"]}, "6: rules: kind: unknown kind"),
        ({"url": "ftp://example.org"}, '7: rules: url: "ftp://example.org" is no address: it begins with neither'),
        ({"url": "example.org/rules"}, "7: rules: url: "),
        ({"url": "https:///rules"}, '7: rules: url: "https:///rules" is no address: it names no host'),
        ({"url": "https://example.org/a b"}, "7: rules: url: "),
        ({"url": "https://[::1/"}, "7: rules: url: "),
        ({"url": "https://example.org:99999/"}, "7: rules: url: "),
        ({"kind": "legiscan", "url": "https://api.legiscan.com/?op=getBill&KEY=1"}, "7: rules: url: holds a key."),
        ({"kind": "ecfr", "url": "https://me:secret@www.ecfr.gov/"}, "7: rules: url: holds a key."),
        ({"url": [], "urls": None}, "7: rules: url: must be one text; found an empty list."),
        ({"url": None}, "2: rules: url: is missing. Write `url: https://…`, or `urls:`"),
        ({"urls": ["https://example.org/"]}, "8: rules: urls: stands beside url. Keep one of them."),
        ({"url": None, "urls": []}, "7: rules: urls: must be a list with at least one item; found an empty list."),
        ({"url": None, "urls": ["https://a.org/", "nope"]}, '9: rules: urls: "nope" is no address'),
        ({"url": None, "urls": ["https://a.org/"] * 2}, '7: rules: urls: "https://a.org/" stands twice. Keep one.'),
        (
            {"kind": "rss", "url": None, "urls": ["https://a.org/", "https://b.org/"]},
            "7: rules: urls: a feed has one url. Write one source for each feed.",
        ),
        ({"select": "main"}, '8: rules: select: must be a list, such as [first, second]; found "main".'),
        ({"select": ["main", "a >"]}, "10: rules: select: "),
        ({"remove": [""]}, '9: rules: remove: must be a CSS selector, or a range such as {start_before: "#terms", '),
        (
            {"select": [{"start_before": "h1"}]},
            "9: rules: select: a range has a start (start_before or start_after) and",
        ),
        ({"remove": [{"start": "h1", "end_after": "p"}]}, "9: rules: remove: a range has a start (start_before or"),
        ({"remove": [{"start_after": "h1", "end_after": "p >"}]}, '9: rules: remove: "p >" is no CSS selector'),
        (
            {"remove": [{"start_after": "h1", "end_after": ["p"]}]},
            "9: rules: remove: must be a CSS selector, or a range",
        ),
        ({"kind": "pdf", "select": ["main"]}, "8: rules: select: chooses elements of an html page, and this is pdf."),
        ({"kind": "rss", "remove": ["nav"]}, "8: rules: remove: chooses elements of an html page, and this is rss."),
        ({"kind": "pdf", "render": True}, "8: rules: render: opens an html page in a browser, and this is pdf."),
        ({"topics": ["Child Safety"]}, '9: rules: topics: "Child Safety" may hold only small letters'),
        ({"every": "12 hours"}, '8: rules: every: "12 hours" is no interval. Write 30m, 12h, 1d or a cron line such'),
        ({"every": "0h"}, '8: rules: every: "0h" is no interval.'),
        ({"every": "99999d"}, '8: rules: every: "99999d" is no interval.'),
        ({"every": "0 25 * * *"}, '8: rules: every: "0 25 * * *" is no cron line: '),
        ({"every": "0 6 * * 1-9"}, '8: rules: every: "0 6 * * 1-9" is no cron line: "9" is no weekday.'),
        ({"every": "0 6 * * 1/2"}, '8: rules: every: "0 6 * * 1/2" is no cron line: "1/2" names no weekdays.'),
        ({"every": "0 0 30 2 *"}, '8: rules: every: "0 0 30 2 *" is no cron line: that day never comes.'),
        ({"hold": "an hour"}, '8: rules: hold: "an hour" is no duration. Write 30m, 1h, 2d or 0.'),
        ({"render": "perhaps"}, '8: rules: render: must be true or false; found "perhaps".'),
        ({"enabled": ["true"]}, "8: rules: enabled: must be true or false; found a list."),
        ({"selct": ["main"]}, "8: rules: selct: unknown key. Did you mean select?"),
        ({"zzz": 1}, "8: rules: zzz: unknown key. Known: id, name, publisher, jurisdiction, kind, url, urls, select"),
    ],
)
def test_a_mistake_is_told_with_its_line_its_source_its_key_and_what_to_write(mistakes, changes, expected):
    (mistake,) = mistakes(write_entry(**changes))
    assert mistake.startswith(f"sources.yaml:{expected}")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("timezone: Europe/Londn", 'timezone: "Europe/Londn" is no time zone. Did you mean Europe/London?'),
        ("timezone: Europe", 'timezone: "Europe" is no time zone.'),
        ("timezone: 5", 'timezone: "5" is no time zone. Write a name such as Europe/Berlin or UTC.'),
        ("digest_at: 9:00", 'digest_at: "9:00" is no time of day. Write it as HH:MM, such as "09:00".'),
        ("digest_at: '24:00'", 'digest_at: "24:00" is no time of day.'),
        ("jurisdictions: [UK]", 'jurisdictions: "UK" is no jurisdiction.'),
        ("slack_channel: '#general'", 'slack_channel: "#general" is no channel id. It is such as C0123456789'),
        ("slack_chanel: C0123456789", "slack_chanel: unknown key. Did you mean slack_channel?"),
        ("digest_at:", "digest_at: must be one text; found nothing."),
        ("weekly_on: monday", "weekly_on: "),
        ("alerts: perhaps", "alerts: "),
        ("owners: Maria", "owners: must be a list"),
        ("send_to: [desk@example.org]", 'send_to: "desk@example.org" is no way out. Write email:ADDRESS, webhook:'),
        ("send_to: ['webhook:hooks.example.org']", 'send_to: "webhook:hooks.example.org" is no way out.'),
        ("send_to: ['email:desk']", 'send_to: "email:desk" is no way out.'),
        ("send_to: ['apprise:slack://token']", 'send_to: "apprise:slack://token" is no way out.'),
        ("send_to: ['fax:123']", 'send_to: "fax:123" is no way out.'),
        ("send_to: ['email:<!channel>@example.org']", "send_to: "),
    ],
)
def test_a_mistake_in_an_audience_names_the_audience(mistakes, line, expected):
    (mistake,) = mistakes(f"audiences:\n- id: desk\n  name: Desk\n  {line}\n" + write_entry())
    assert mistake.startswith(f"sources.yaml:4: audience desk: {expected}")


@pytest.mark.parametrize(
    ("keys", "line", "expected"),
    [
        ("lead: Sam Okafor", 5, "lead: lead and sla go together: who is told, and after how long."),
        ("sla: 3d", 5, "sla: lead and sla go together: who is told, and after how long."),
        ("lead: Sam Okafer\n  sla: 3d", 5, 'lead: "Sam Okafer" is not declared under people. Did you mean Sam Okafor?'),
        ("lead: Sam Okafor\n  sla: soon", 6, 'sla: "soon" is no duration. Write 12h or 3d.'),
        ("lead: Sam Okafor\n  sla: 0d", 6, 'sla: "0d" is no duration.'),
    ],
)
def test_a_lead_is_one_of_the_people_and_has_a_time(mistakes, keys, line, expected):
    found = mistakes(f"{DESK}  {keys}\n" + PEOPLE + write_entry())
    assert [each[: len(f"sources.yaml:{line}: audience uk-desk: {expected}")] for each in found] == [
        f"sources.yaml:{line}: audience uk-desk: {expected}"
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("slack: '@sam'", 'slack: "@sam" is no id of a Slack member. It is such as U0123456789'),
        ("slack: C0123456789", 'slack: "C0123456789" is no id of a Slack member.'),
        ("email: sam", 'email: "sam" is no e-mail address.'),
        ("email: Sam <sam@example.org>", 'email: "Sam <sam@example.org>" is no e-mail address.'),
        ("timezone: London", 'timezone: "London" is no time zone.'),
        ("slak: U0123456789", "slak: unknown key. Did you mean slack?"),
    ],
)
def test_a_mistake_about_a_person_names_its_line(mistakes, line, expected):
    (mistake,) = mistakes(f"people:\n- name: Sam Okafor\n  {line}\n" + write_entry())
    assert mistake.startswith("sources.yaml:3: ")
    assert expected in mistake


def test_a_name_stands_once_among_the_people(mistakes):
    (mistake,) = mistakes("people:\n- name: Sam Okafor\n- name: Sam Okafor\n" + write_entry())
    assert mistake.startswith("sources.yaml:3: ")
    assert mistake.endswith("name: stands twice, first on line 2. It must be unique: rename one.")


def test_a_repeated_id_names_the_line_of_the_first(mistakes):
    text = write_entry() + write_entry(url="https://example.org/2").removeprefix("sources:\n")
    assert mistakes(text) == [
        "sources.yaml:8: rules: id: stands twice, first on line 2. It must be unique: rename one."
    ]


def test_a_repeated_key_names_the_line_of_the_first(mistakes):
    assert mistakes(write_entry() + "  name: Other\n") == [
        "sources.yaml:8: rules: name: stands twice, first on line 3. Keep one."
    ]


def test_a_repeated_section_is_told_though_yaml_would_keep_the_last(mistakes):
    text = write_entry(selct=["main"]) + write_entry()
    assert mistakes(text) == ["sources.yaml:10: sources: stands twice, first on line 1. Keep one."]


def test_an_audience_that_is_not_declared_is_told(mistakes):
    text = "audiences: [{id: uk-desk, name: UK}]\n" + write_entry(audience=["uk-dsk", "uk-desk"])
    (mistake,) = mistakes(text)
    expected = '"uk-dsk" is not declared under audiences. Did you mean uk-desk?'
    assert mistake == f"sources.yaml:10: rules: audience: {expected}"


def test_all_mistakes_come_at_once_in_the_order_of_lines(mistakes):
    found = mistakes(
        """\
        audiences:
          - id: uk-desk
            timezone: Nowhere
        sources:
          - id: rules
            name: Rules
            publisher: Example
            jurisdiction: UK
            kind: html
            every: often
            selct: [main]
            audience: [us-desk]
          - id: rules
            kind: pdf
            select: [main]
          - only text
        surces: []
        """
    )
    assert [each.split(": ")[0:3] for each in found] == [
        ["sources.yaml:2", "audience uk-desk", "name"],
        ["sources.yaml:3", "audience uk-desk", "timezone"],
        ["sources.yaml:5", "rules", "url"],
        ["sources.yaml:8", "rules", "jurisdiction"],
        ["sources.yaml:10", "rules", "every"],
        ["sources.yaml:11", "rules", "selct"],
        ["sources.yaml:12", "rules", "audience"],
        ["sources.yaml:13", "rules", "id"],
        ["sources.yaml:13", "rules", "url"],
        ["sources.yaml:13", "rules", "name"],
        ["sources.yaml:13", "rules", "publisher"],
        ["sources.yaml:13", "rules", "jurisdiction"],
        ["sources.yaml:15", "rules", "select"],
        ["sources.yaml:16", "source 3", 'must be a mapping of keys and values; found "only text".'],
        ["sources.yaml:17", "surces", "unknown key. Did you mean sources?"],
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "sources.yaml:1: the file must hold the key `sources:` and a list below it; found nothing."),
        ("# only a comment", "sources.yaml:1: the file must hold the key `sources:`"),
        ("- id: rules", "sources.yaml:1: the file must hold the key `sources:` and a list below it; found a list."),
        ("hello", "sources.yaml:1: the file must hold the key `sources:` and a list below it; found a text."),
        ("other: 1\nsources: []", "sources.yaml:1: other: unknown key. Known: audiences, people, packs, sources."),
        ("audiences: [{id: a, name: A}]", "sources.yaml:1: sources: is missing. Add a line such as `sources: […]`."),
        ("sources:", "sources.yaml:1: sources: must be a list, such as [first, second]; found nothing."),
        ("sources: []", "sources.yaml:1: sources: must be a list with at least one item; found an empty list."),
        ("sources: {id: rules}", "sources.yaml:1: sources: must be a list, such as [first, second]; found a mapping."),
        ("sources: {a: 1, a: 2}", "sources.yaml:1: sources: stands twice"),
        ("sources:\n  - id: a\n   name: b", "sources.yaml:3:4: this is no YAML: "),
        ("sources:\n\t- id: a", "sources.yaml:2:1: this is no YAML: "),
        ('sources: "a', "sources.yaml:1:"),
        ("sources: *missing", "sources.yaml:1:"),
        ("sources: &loop [*loop]", "sources.yaml:1:10: this is no YAML: found unconstructable recursive node."),
        ("? [a]\n: b", "sources.yaml:1:3: this is no YAML: found unhashable key."),
        ("a: 1\n--- \nb: 2", "sources.yaml:2:1: this is no YAML: "),
        ("sources: \0", "sources.yaml: this is no YAML: "),
        ("? \n: 1\nsources: []", "sources.yaml:1: "),
        ("name: Ofcom\nid: café".encode("latin-1"), "sources.yaml:2: byte 0xe9 is no UTF-8. Save the file as UTF-8."),
    ],
)
def test_a_file_that_is_no_list_of_sources_is_told_with_the_place(mistakes, text, expected):
    assert mistakes(text)[0].startswith(expected)


def test_a_file_saved_with_a_byte_order_mark_loads(load):
    assert load(b"\xef\xbb\xbf" + write_entry().encode()).sources[0].id == "rules"


def test_a_missing_file_says_how_to_name_another(tmp_path):
    with pytest.raises(SourcesError, match=r"there is no such file.* MONITOR_SOURCES"):
        load_sources(tmp_path / "sources.yaml")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(SourcesError, match="the file cannot be read"):
        load_sources(tmp_path)


def test_a_range_is_read_from_either_list(load):
    ranges = 'select: [main, {start_before: "#terms", end_after: footer}]\n  remove: [{start_after: h2, end_before: p}]'
    (source,) = load(write_entry() + f"  {ranges}\n").sources
    assert source.select == ("main", Range(start_before="#terms", end_after="footer"))
    assert source.remove == (Range(start_after="h2", end_before="p"),)


def test_an_empty_url_is_a_missing_one(mistakes):
    (mistake,) = mistakes(write_entry(url=None) + "  url:\n")
    assert mistake.startswith("sources.yaml:7: rules: url: is missing.")


def test_a_value_over_several_lines_is_told_in_one(mistakes):
    (mistake,) = mistakes(write_entry(url=None) + "  url: |\n    https://example.org/\n    rules\n")
    assert "\n" not in mistake


YAML_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["html", "rss", "12h", "main"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ENTRY, "urls", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(st.fixed_dictionaries({}, optional={"sources": YAML_VALUES, "audiences": YAML_VALUES}), YAML_VALUES)
def test_whatever_the_yaml_holds_it_loads_or_is_told_in_lines(tmp_path_factory, data, value):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    for each in (data, {"sources": [ENTRY | {"select": value}]}, {"sources": [value]}):
        path.write_text(yaml.safe_dump(each, allow_unicode=True), encoding="utf-8")
        assert all(line and "\n" not in line for line in list_mistakes(path))


def list_mistakes(path):
    try:
        load_sources(path)
    except SourcesError as error:
        return error.mistakes
    return []


@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_they_are_told(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(raw)
    with pytest.raises(SourcesError):
        load_sources(path)
