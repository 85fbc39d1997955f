"""Who a Slack member is in decisions, and back."""

from __future__ import annotations

import pytest

from monitor.errors import SourcesError
from monitor.model import Person
from monitor.slack.people import Directory, load_declared
from triaged import SOURCES

DIRECTORY = Directory((Person("Maria Berg", "U0MARIA", "maria@borealis.example"), Person("Otto Lind")))


@pytest.mark.parametrize(("member", "name"), [("U0MARIA", "Maria Berg"), ("U0TOM", "U0TOM")])
def test_a_member_is_called_by_name_where_they_are_listed(member, name):
    assert DIRECTORY.name(member) == name


@pytest.mark.parametrize(
    ("known_as", "member"),
    [
        ("Maria Berg", "U0MARIA"),
        ("maria berg", "U0MARIA"),
        ("maria@borealis.example", "U0MARIA"),
        ("U0MARIA", "U0MARIA"),
        ("Otto Lind", None),
        ("U0TOM", None),
    ],
)
def test_a_name_leads_back_to_the_member(known_as, member):
    assert DIRECTORY.find_member(known_as) == member


@pytest.mark.parametrize(
    ("known_as", "member", "is_theirs"),
    [
        ("Maria Berg", "U0MARIA", True),
        ("U0TOM", "U0TOM", True),
        ("Otto Lind", "U0MARIA", False),
        (None, "U0MARIA", False),
    ],
)
def test_work_is_known_to_be_somebodys(known_as, member, is_theirs):
    assert DIRECTORY.is_member(known_as, member) is is_theirs


def test_the_list_is_read_again_only_when_it_was_edited(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text(SOURCES)
    first = load_declared(path)
    assert load_declared(path) is first
    path.write_text("people:\n  - {name: Maria Berg}\n" + SOURCES)
    assert [each.name for each in Directory.load(path).people] == ["Maria Berg"]


def test_a_missing_list_is_said(tmp_path):
    with pytest.raises(SourcesError):
        load_declared(tmp_path / "sources.yaml")
