"""An invented library of six procedures, and short ways to say what changed."""

from __future__ import annotations

import pytest

from monitor.impact import Index, build_index
from monitor.model import Section, Sop

VERIFYING_AGE = """If a user seems to be under 13, ask for age verification: a document or a facial estimate.
Suspend the profile of the minor until the age is verified."""


def sop(sop_id, title, *sections, topics=(), jurisdictions=(), cites=()):
    """A Sop with sections given as (heading, text)."""
    made = tuple(
        Section(f"{sop_id}#{heading.casefold().replace(' ', '-')}", sop_id, (heading,), text)
        for heading, text in sections
    )
    return Sop(sop_id, title, f"@{sop_id}-team", f"{sop_id}.md", topics, jurisdictions, cites, made)


@pytest.fixture(scope="session")
def library() -> tuple[Sop, ...]:
    return (
        sop(
            "age-assurance",
            "Age assurance",
            ("Sign-up", "A person who gives an age below 13 at sign-up is refused. Do not offer a second try."),
            ("Verifying age", VERIFYING_AGE),
            ("Appeals", "A parent may appeal a suspended profile through the family form."),
            topics=("child-safety",),
            jurisdictions=("EU", "GB"),
            cites=("eu:reg:2022/2065#art28",),
        ),
        sop(
            "notices",
            "Notice and action",
            ("Intake", "Notices of illegal content go to the legal queue and are acknowledged within one day."),
            ("Statement of reasons", "Tell the uploader why the content was removed and how to complain."),
            topics=("illegal-content",),
            jurisdictions=("EU",),
            cites=("eu:reg:2022/2065#art16", "eu:reg:2022/2065#art17"),
        ),
        sop(
            "trusted-flaggers",
            "Trusted flaggers",
            ("Priority", "Notices of trusted flaggers are handled before any other notice of illegal content."),
            topics=("illegal-content",),
            jurisdictions=("EU",),
        ),
        sop(
            "law-enforcement",
            "Requests of law enforcement",
            ("Checks", "Check the badge, the court order and the legal basis before any data is disclosed."),
            ("Emergencies", "Where a life is in danger, disclose subscriber data at once and tell counsel."),
            jurisdictions=("US",),
            cites=("us:usc:18/2702",),
        ),
        sop(
            "harassment",
            "Harassment and bullying",
            ("Reports", "Reports of bullying are reviewed within a day; threats of violence within the hour."),
            ("Public figures", "Criticism of public figures is allowed; calls for violence against them are removed."),
            topics=("harassment",),
        ),
        sop(
            "spam",
            "Spam and fake engagement",
            ("Bought followers", "Accounts that sell followers or likes are removed and their networks blocked."),
            topics=("integrity",),
        ),
    )


@pytest.fixture(scope="session")
def index(library) -> Index:
    return build_index(library)
