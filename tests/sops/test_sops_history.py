"""The SOP folder as it was at each commit: who revised which section when."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime

import pytest

from monitor.errors import GitError
from monitor.git import open_blobs
from monitor.sops.history import iter_revisions, load_history

FRONT = "---\nid: A\ntitle: Refunds\nowner: desk\n---\n"
PAY = "Pay back within fourteen days of the request, by the means that was used."
READ = "A second reviewer reads the appeal and answers within a week."
WHOLE = f"{FRONT}## 1. Paying\n\n{PAY}\n\n## 2. Appeals\n\n{READ}\n"


def texts(revision):
    return [section.text for sop in revision.library.sops for section in sop.sections]


def changes(revision):
    return [(str(op), section.heading[-1]) for op, section in revision.sections]


def test_each_commit_gives_the_library_as_it_was_then(repository):
    first = repository.commit(1, a_md=WHOLE)
    repository.commit(2, notes_txt="nothing of ours")
    repository.commit(3, a_md=WHOLE.replace("fourteen", "thirty"), b_md=WHOLE.replace("id: A", "id: B"))
    one, two = load_history(repository.sops)
    assert (one.commit, one.at, one.author) == (first, datetime(2026, 3, 1, 7, tzinfo=UTC), "Ana Lind")
    assert texts(one) == [PAY, READ]
    assert texts(two) == [PAY.replace("fourteen", "thirty"), READ, PAY, READ]


def test_a_revision_names_the_sections_that_changed_and_how(repository):
    repository.commit(1, a_md=WHOLE)
    later = f"{FRONT}## 1. Appeals\n\n{READ} Kindly.\n\n## 2. Returning money\n\n{PAY}\n\n## 3. Contacts\n\nAsk Kim.\n"
    repository.commit(2, a_md=later)
    repository.commit(3, a_md=f"{FRONT}## 1. Appeals\n\n{READ} Kindly.\n")
    repository.commit(4, a_md="")
    made, edited, cut, ended = iter_revisions(repository.sops)
    assert changes(made) == [("added", "1. Paying"), ("added", "2. Appeals")]
    assert changes(edited) == [("revised", "1. Appeals"), ("renamed", "2. Returning money"), ("added", "3. Contacts")]
    assert changes(cut) == [("removed", "2. Returning money"), ("removed", "3. Contacts")]
    assert changes(ended) == [("removed", "1. Appeals")]
    assert ended.sop.id == "A"


def test_a_section_keeps_its_id_through_the_history_also_when_it_was_away(repository):
    repository.commit(1, a_md=WHOLE)
    repository.commit(2, a_md=f"{FRONT}## Appeals\n\n{READ}\n")
    repository.commit(3, a_md=f"{FRONT}## Appeals\n\n{READ}\n\n## Paying\n\n{PAY}\n\n## More\n\nAsk.\n")
    ids = [[section.id for section in each.library.sops[0].sections] for each in load_history(repository.sops)]
    assert ids == [["A#1-paying", "A#2-appeals"], ["A#2-appeals"], ["A#2-appeals", "A#1-paying", "A#more"]]


def test_a_change_of_facts_alone_is_a_revision_without_sections(repository):
    repository.commit(1, a_md=WHOLE)
    repository.commit(2, a_md=WHOLE.replace("desk", "payments"))
    _, second = iter_revisions(repository.sops)
    assert (second.sop.owner, second.sections) == ("payments", ())


def test_the_mapping_file_counts_as_it_was_at_the_time(repository):
    repository.commit(1, a_md="# Refunds\n\nPay.\n", sops_yaml="./: {owner: desk}\n")
    repository.commit(2, sops_yaml="./: {owner: payments}\n")
    repository.commit(3, sops_yaml="")
    one, two, three = load_history(repository.sops)
    assert [each.library.sops[0].owner for each in (one, two)] == ["desk", "payments"]
    assert three.library.sops == ()
    assert "no front matter" in three.library.mistakes[0]


def test_a_merge_is_one_step_with_all_that_it_brought(repository):
    repository.commit(1, a_md=WHOLE)
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit(2, b_md=WHOLE.replace("id: A", "id: B"))
    repository.commit(3, b_md=WHOLE.replace("id: A", "id: B").replace("week", "day"))
    repository.git("checkout", "--quiet", "main")
    repository.commit(4, a_md=WHOLE.replace("week", "month"))
    repository.git("merge", "--quiet", "--no-edit", "side", day=5)
    steps = [(each.at.day, len(each.library.sops)) for each in load_history(repository.sops)]
    assert steps == [(1, 1), (4, 1), (5, 2)]


def test_links_and_other_files_of_the_repository_are_no_sops(repository):
    repository.write("README.md", WHOLE)
    (repository.sops / "link.md").symlink_to("../README.md")
    repository.commit(1, a_md=WHOLE)
    (revision,) = load_history(repository.sops)
    assert [sop.path for sop in revision.library.sops] == ["a.md"]


def test_the_whole_repository_can_be_the_sop_folder(repository):
    repository.commit(1, a_md=WHOLE)
    (revision,) = load_history(repository.path)
    assert [sop.path for sop in revision.library.sops] == ["sops/a.md"]


def test_names_and_authors_in_any_letters_are_read(repository):
    repository.write("sops/Zwölf Regeln/ä b.md", WHOLE)
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--author", "Zoë \u0143ow\u00e1k <z@example.org>", "-m", "x")
    (revision,) = load_history(repository.sops)
    assert (revision.author, revision.library.sops[0].path) == ("Zoë \u0143ow\u00e1k", "Zwölf Regeln/ä b.md")


def test_a_file_that_is_too_large_is_named(repository):
    repository.commit(1, a_md=WHOLE + "x" * 3_000_000)
    (revision,) = load_history(repository.sops)
    assert "a.md: too large to be read" in revision.library.mistakes[0]


def test_contents_that_are_not_in_this_clone_are_nothing(repository):
    with open_blobs(repository.sops) as read_blob:
        assert read_blob("0" * 40, 10) is None


def test_before_the_first_commit_there_is_no_history(repository):
    assert list(load_history(repository.sops)) == []


def test_a_folder_outside_git_says_so(folder):
    with pytest.raises(GitError, match=r"git cannot read the history .*not a git repository"):
        list(load_history(folder))


def test_a_folder_that_is_not_there_says_so(tmp_path):
    with pytest.raises(GitError, match="there is no such folder"):
        list(load_history(tmp_path / "none"))


def test_without_git_it_says_what_to_install(repository, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git is not installed"):
        list(load_history(repository.sops))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to somebody else")
def test_the_repository_of_another_user_is_refused_in_the_words_of_git(repository, monkeypatch, tmp_path):
    repository.commit(1, a_md=WHOLE)
    for path in [repository.path, repository.path / ".git", repository.sops]:
        os.chown(path, 65534, 65534)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(GitError, match=r"safe\.directory"):
        list(load_history(repository.sops))


def test_variables_that_point_git_elsewhere_do_not_count(repository, monkeypatch, tmp_path):
    repository.commit(1, a_md=WHOLE)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert len(list(load_history(repository.sops))) == 1


def test_programs_that_a_repository_names_in_its_settings_are_not_started(repository):
    repository.commit(1, a_md=WHOLE)
    program = repository.path / "program"
    program.write_text(f"#!/bin/sh\ntouch {repository.path}/started\n")
    program.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "gpg.program", "diff.x.textconv", "core.sshCommand"):
        repository.git("config", name, str(program))
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "pager.log", "true")
    (repository.path / ".git" / "info" / "attributes").write_text("*.md diff=x\n")
    assert len(list(load_history(repository.sops))) == 1
    assert not (repository.path / "started").exists()


def test_a_hundred_commits_are_read_within_seconds(repository):
    assert shutil.which("git")
    for number in range(100):
        repository.write("sops/a.md", WHOLE.replace("fourteen", f"{number}"))
        repository.git("commit", "--quiet", "--all", "-m", "x") if number else repository.commit(1)
    assert len(list(load_history(repository.sops))) == 100
