"""The daily digest carries the head of the chain of Seals, so that it is witnessed outside of the database."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from digests.blocks import messages
from digests.compose import compose
from digests.jsonform import digest_json
from digests.lists import closing
from digests.text import to_markdown, to_text
from monitor.evidence.database import check_database, read_head
from monitor.model import Period
from monitor.store.seals import get_short_head
from shown import visible

HEAD = "12,345 · 9f3a77c1a2b4"


def test_a_daily_digest_carries_the_head_of_its_moment(world, eu_desk, now):
    world.watch("code")
    world.change()
    digest = compose(world.db, eu_desk, now)
    assert digest.head == str(get_short_head(world.db))
    heads = [read_head(closing(digest))]
    assert [each for each in check_database(world.db, heads) if each.noun == "head"] == []


def test_a_weekly_digest_carries_none(world, eu_desk, now):
    world.watch("code")
    assert compose(world.db, eu_desk, now + timedelta(days=1), period=Period.WEEKLY).head == ""


@pytest.mark.parametrize("form", [to_text, to_markdown, lambda digest: visible(messages(digest)[-1])])
def test_every_form_says_it_last(make, form):
    said = " ".join(form(make.digest([make.told()], quiet={"links": 2}, head=HEAD)).split())
    assert said.endswith(f"Kept quiet: 2 changes of links only. Evidence {HEAD}.")


@pytest.mark.parametrize("form", [to_text, to_markdown, lambda digest: visible(messages(digest)[0])])
def test_a_quiet_day_says_it_too(make, form):
    assert f"Evidence {HEAD}." in form(make.digest(head=HEAD))


def test_what_was_composed_before_there_were_seals_says_nothing_of_it(make):
    assert "Evidence" not in to_text(make.digest([make.told()]))


@pytest.mark.parametrize(("head", "said"), [(HEAD, HEAD), ("", None)])
def test_programs_are_handed_it_as_well(make, head, said):
    assert json.loads(json.dumps(digest_json(make.digest(head=head))))["head"] == said
