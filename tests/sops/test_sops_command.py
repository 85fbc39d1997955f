"""`monitor sops` as people call it."""

from __future__ import annotations

import json

import pytest
import structlog
from click.testing import CliRunner

from monitor.cli import cli
from monitor.errors import NotFoundError, SopsError
from sops.exported import APPEALS, REFUNDS, a_space, make_zip
from sops.files import a_docx, write

FRONT = "---\nid: A\ntitle: Refunds\nowner: desk\naudience: [night-shift]\n---\n"


@pytest.fixture(autouse=True)
def log_as_before():
    yield
    structlog.reset_defaults()


def call(folder, *words):
    return CliRunner().invoke(cli, ["--sops", str(folder), "sops", *words], catch_exceptions=False)


def test_the_list_shows_format_and_audience(folder):
    write(folder, "a.md", FRONT + "Pay.")
    write(folder, "b.docx", a_docx("Pay.", core="<dc:creator>Ana Lind</dc:creator>"))
    lines = call(folder, "list").output.splitlines()
    assert " ".join(lines[0].split()) == "id title owner audience format sections jurisdictions cites"
    assert lines[1].split() == ["A", "Refunds", "desk", "night-shift", "Markdown", "1"]
    assert lines[2].split() == ["b", "b", "Ana", "Lind", "DOCX", "1"]
    first = json.loads(call(folder, "list", "--json").output)[0]
    assert (first["format"], first["audience"], first["sections"]) == ("Markdown", ["night-shift"], ["A#refunds"])


def test_check_names_every_mistake_and_fails(folder):
    write(folder, "a.md", FRONT + "Pay.")
    assert call(folder, "check").exit_code == 0
    write(folder, "b.docx", "x")
    done = call(folder, "check")
    assert (done.exit_code, "b.docx: no DOCX" in done.output) == (1, True)


def test_the_history_names_who_changed_which_section_when(repository):
    repository.commit(1, a_md=FRONT + "## Paying\n\nPay within fourteen days.")
    commit = repository.commit(2, a_md=FRONT.replace("desk", "payments") + "## Paying\n\nPay within thirty days.")
    repository.commit(3, a_md=FRONT + "## Paying\n\nPay within thirty days.")
    assert call(repository.sops, "history").output.splitlines()[:5] == [
        "A  Refunds",
        f"  2026-03-01 07:00 UTC  Ana Lind  {repository.git('rev-parse', 'HEAD~2')[:10]}",
        "    added    Paying",
        f"  2026-03-02 07:00 UTC  Ana Lind  {commit[:10]}",
        "    revised  Paying",
    ]
    assert call(repository.sops, "history").output.endswith("    facts only\n")
    lines = call(repository.sops, "history", "A", "--json").output.splitlines()
    assert json.loads(lines[1]) == {
        "sop": "A",
        "commit": commit,
        "at": "2026-03-02T07:00:00Z",
        "author": "Ana Lind",
        "sections": [{"op": "revised", "section": "A#paying", "heading": ["Paying"]}],
    }


def test_the_history_of_an_sop_that_never_was_says_which_there_are(repository):
    repository.commit(1, a_md=FRONT.replace("id: A", "id: SOP-1") + "Pay.")
    with pytest.raises(NotFoundError, match=r"SOP-2: the history of .* Did you mean SOP-1\?"):
        call(repository.sops, "history", "SOP-2")


def test_an_import_says_what_it_did_and_what_left_the_export(tmp_path):
    folder = tmp_path / "sops" / "desk"
    first = make_zip(tmp_path / "1.zip", a_space(Refunds_101=REFUNDS, Appeals_102=APPEALS))
    done = call(folder, "import", str(first), "--to", str(folder))
    assert done.output.splitlines()[0] == f"{folder}: 2 new, 0 updated, 0 unchanged, 0 gone (Confluence)"
    second = make_zip(tmp_path / "2.zip", a_space(Refunds_101=REFUNDS))
    done = call(folder, "import", str(second), "--to", str(folder))
    assert "0 new, 0 updated, 1 unchanged, 1 gone" in done.output
    assert f"{folder}/confluence-102.html is no longer in the export. It is kept" in done.output
    data = json.loads(call(folder, "import", str(second), "--to", str(folder), "--json").output)
    assert (data["made_by"], data["gone"]) == ("Confluence", ["confluence-102.html"])


def test_an_import_of_something_else_is_refused(tmp_path):
    with pytest.raises(SopsError, match="neither a Confluence space"):
        call(tmp_path, "import", str(make_zip(tmp_path / "x.zip", {"a.txt": "x"})), "--to", str(tmp_path / "sops"))
