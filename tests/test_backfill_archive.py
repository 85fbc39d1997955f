"""What an archive saw, and when: every commit that touched the file of a document, by the author's date."""

from __future__ import annotations

import pytest

from archived import RULES, VersionsRepository, january, text
from monitor.backfill.archive import open_archive
from monitor.errors import ConfigurationError, NotFoundError

ONE = text("Be kind to everybody.", "Hosts must be at least 16 years old.")
TWO = text("Be kind to everybody.", "Hosts must be at least 18 years old.")
THREE = text("Be kind to everybody.", "Hosts must be at least 21 years old.")
LONG = text(*(f"Rule number {number} of the house stands here." for number in range(40)))


@pytest.fixture
def archive(tmp_path):
    return VersionsRepository(tmp_path / "house-versions")


def read(path, file=RULES):
    """(day of January, text) of each observation."""
    with open_archive(path) as opened, opened.open_bodies() as read_body:
        return [(each.at.day, read_body(each).decode("utf-8", "replace")) for each in opened.get_observations(file)]


def test_each_commit_that_touched_the_file_is_an_observation_at_the_authors_date(archive):
    archive.see(ONE, 1)
    archive.see("# Another\n", 2, path="House/Other.md")
    archive.see(TWO, 3)
    assert read(archive.path) == [(1, ONE), (3, TWO)]


def test_a_name_with_the_signs_of_a_pattern_stands_for_itself_alone(archive):
    archive.see("# Another\n", 1, path="House/Rules x.md")
    archive.see(ONE, 2, path="House/Rules *.md")
    assert read(archive.path, "House/Rules *.md") == [(2, ONE)]


def test_dates_out_of_order_are_put_in_order_and_equal_ones_stay_in_that_of_the_commits(archive):
    archive.see(ONE, 5)
    archive.see(TWO, 3)
    archive.see(THREE, 5)
    assert read(archive.path) == [(3, TWO), (5, ONE), (5, THREE)]


def test_what_was_seen_on_a_side_branch_counts_on_its_day_and_the_merge_does_not(archive):
    archive.see(ONE, 1)
    archive.git("checkout", "--quiet", "-b", "side")
    archive.see(TWO, 2)
    archive.git("checkout", "--quiet", "main")
    archive.see("# Another\n", 3, path="House/Other.md")
    archive.git("merge", "--quiet", "--no-edit", "side", at=january(9))
    assert read(archive.path) == [(1, ONE), (2, TWO)]


def test_a_commit_that_removed_the_file_says_nothing_and_it_may_come_back(archive):
    archive.see(ONE, 1)
    archive.see(None, 2)
    archive.see(TWO, 3)
    assert read(archive.path) == [(1, ONE), (3, TWO)]


def test_a_file_that_is_gone_can_still_be_read(archive):
    archive.see("# Another\n", 1, path="House/Other.md")
    archive.see(ONE, 1)
    archive.see(None, 2)
    assert read(archive.path) == [(1, ONE)]


def test_a_file_that_was_moved_is_followed_to_where_it_came_from(archive):
    archive.see(LONG, 1, path="Home/Policy.md")
    archive.see(LONG + "\nOne more.\n", 2, path="Home/Policy.md")
    archive.move("Home/Policy.md", "House/Policy.md", 3)
    archive.move("House/Policy.md", RULES, 4)
    archive.see(LONG + "\nTwo more.\n", 5)
    assert [day for day, _ in read(archive.path)] == [1, 2, 3, 4, 5]


def test_a_file_that_was_moved_there_and_back_is_followed_once(archive):
    archive.see(LONG, 1)
    archive.move(RULES, "House/Policy.md", 2)
    archive.move("House/Policy.md", RULES, 3)
    assert [day for day, _ in read(archive.path)] == [1, 2, 3]


def test_another_document_that_ended_in_the_same_commit_is_not_taken_for_this_one(archive):
    archive.see(LONG, 1, path="House/Other.md")
    archive.write(None, "House/Other.md")
    archive.see(ONE, 2)
    assert read(archive.path) == [(2, ONE)]


def test_bytes_are_read_as_they_are(archive):
    archive.see("Café owners must be 18.\n".encode("latin-1"), 1)
    with open_archive(archive.path) as opened, opened.open_bodies() as read_body:
        assert [read_body(each) for each in opened.get_observations(RULES)] == [b"Caf\xe9 owners must be 18.\n"]


def test_a_link_in_place_of_the_file_is_no_text(archive):
    archive.see(ONE, 1)
    (archive.path / RULES).unlink()
    (archive.path / RULES).symlink_to("Other.md")
    archive.commit(2)
    assert read(archive.path) == [(1, ONE)]


@pytest.mark.parametrize(
    ("message", "is_upgrade"),
    [
        ("Apply technical or declaration upgrade on House Rules", True),
        ("Refilter House Rules", True),
        ("Record new changes of House Rules", False),
        ("Update House Rules", False),
        ("First record of House Rules", False),
        ("Start tracking House Rules", False),
        ("Refilterable Inc. Rules", False),
    ],
)
def test_commits_that_only_read_known_bytes_in_another_way_are_known_by_their_message(archive, message, is_upgrade):
    archive.see(ONE, 1, message=f"{message}\n\nThis version was recorded after extracting from snapshot 0123abc")
    with open_archive(archive.path) as opened:
        (seen,) = opened.get_observations(RULES)
    assert (seen.subject, seen.is_upgrade) == (message, is_upgrade)


@pytest.mark.parametrize("refs", [["HEAD", "main"], ["main"]])
def test_a_bundle_is_read_as_well_whether_or_not_it_says_what_was_checked_out(archive, tmp_path, refs):
    archive.see(ONE, 1)
    archive.git("bundle", "create", "--quiet", str(tmp_path / "house.bundle"), *refs)
    assert read(tmp_path / "house.bundle") == [(1, ONE)]


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("", "house-versions"),
        ("https://example.org/archive/house-versions", "https://example.org/archive/house-versions"),
        ("https://bot:secret@example.org:8443/house-versions", "https://example.org:8443/house-versions"),
        ("git@example.org:archive/house-versions.git", "git@example.org:archive/house-versions.git"),
    ],
)
def test_a_clone_is_named_by_where_it_came_from_without_secrets(archive, origin, name):
    archive.see(ONE, 1)
    if origin:
        archive.git("remote", "add", "origin", origin)
    with open_archive(archive.path) as opened:
        assert opened.name == name


def test_a_file_that_no_commit_holds_is_named_with_those_that_are_near(archive):
    archive.see(ONE, 1)
    with open_archive(archive.path) as opened:
        with pytest.raises(NotFoundError, match=r'"House/Rule.md"\. Did you mean House/Rules.md\?'):
            opened.get_observations("House/Rule.md")
        with pytest.raises(NotFoundError, match=r"Documents are named SERVICE/TYPE\.md"):
            opened.get_observations("xyz")


def test_a_clone_that_is_not_whole_says_how_to_get_one(archive, tmp_path):
    archive.see(ONE, 1)
    blob = archive.git("rev-parse", f"HEAD:{RULES}")
    (archive.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(ConfigurationError, match="Clone the repository whole"):
        read(archive.path)


def test_an_empty_repository_says_that_it_is_empty(archive):
    with pytest.raises(ConfigurationError, match="holds no commits"):
        read(archive.path)


def test_what_is_no_repository_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(NotFoundError, match="no such folder or file"):
        read(tmp_path / "missing")
    with pytest.raises(ConfigurationError, match="git cannot read"):
        read(tmp_path / "notes.txt")
    with pytest.raises(ConfigurationError, match="git cannot read"):
        read(tmp_path)
