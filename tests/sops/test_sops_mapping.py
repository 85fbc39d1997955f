"""`sops.yaml`: facts of files that cannot carry them, and of whole folders."""

from __future__ import annotations

import pytest

from monitor.sops import load_sops
from sops.files import a_docx, write

FRONT = "---\nid: A\ntitle: Refunds\nowner: desk\n---\n"


def load(folder, mapping):
    write(folder, "sops.yaml", mapping)
    return load_sops(folder)


def owners(library):
    assert library.mistakes == ()
    return {sop.path: sop.owner for sop in library.sops}


def test_a_folder_gives_its_facts_to_every_file_below_that_says_nothing_else(folder):
    write(folder, "privacy/eu/keep.docx", a_docx("Keep."))
    write(folder, "privacy/ask.html", "<p>Ask.")
    write(folder, "privacy/own.md", FRONT + "Pay.")
    write(folder, "other.html", "<p>Pay.")
    library = load(folder, "./: {owner: everyone}\nprivacy/: {owner: privacy}\nprivacy/eu/: {jurisdictions: [EU]}\n")
    assert owners(library) == {
        "other.html": "everyone",
        "privacy/ask.html": "privacy",
        "privacy/eu/keep.docx": "privacy",
        "privacy/own.md": "desk",
    }
    assert [sop.jurisdictions for sop in library.sops if "eu" in sop.path] == [("EU",)]


def test_what_is_said_of_a_file_holds_whatever_the_file_says(folder):
    write(folder, "a.md", FRONT + "Pay.")
    library = load(folder, "a.md:\n  id: SOP-1\n  owner: payments\n  cites: ['eu:reg:2022/2065']\n")
    (sop,) = library.sops
    assert (sop.id, sop.title, sop.owner, sop.cites) == ("SOP-1", "Refunds", "payments", ("eu:reg:2022/2065",))


def test_an_owner_named_for_the_folder_goes_before_the_author_of_a_file(folder):
    write(folder, "a.docx", a_docx("Pay.", core="<dc:creator>Somebody</dc:creator>"))
    assert owners(load(folder, "./: {owner: payments}\n")) == {"a.docx": "payments"}


def test_an_empty_value_says_nothing(folder):
    write(folder, "a.md", FRONT.replace("desk", "") + "Pay.")
    assert owners(load(folder, "./: {owner: payments}\na.md: {owner: }\n")) == {"a.md": "payments"}


def test_markdown_without_front_matter_is_an_sop_where_the_mapping_names_an_owner(folder):
    write(folder, "How to/Pay back.md", "# Refunds\n\nPay.")
    (sop,) = load(folder, "./: {owner: payments}\n").sops
    assert (sop.id, sop.title, sop.sections[0].text) == ("how-to-pay-back", "Refunds", "Pay.")


def test_a_mistake_in_a_fact_is_named_where_the_mapping_says_it(folder):
    write(folder, "a.md", FRONT + "Pay.")
    assert load(folder, "a.md:\n  owner: payments\n  topics: refunds\n").mistakes == (
        f"{folder}/sops.yaml:3: topics must be a list of texts. Write: topics: [child-safety]",
    )


MISTAKES = {
    "a file that is not there": ("b.md: {owner: x}\n", ':1: there is no SOP file "b.md"'),
    "a folder that is not there": ("\nb/: {owner: x}\n", ':2: there is no SOP file below "b/"'),
    "an id for a whole folder": ("./:\n  id: x\n", ":2: id is of one file"),
    "an entry twice": ("a.md: {}\n./a.md: {}\n", ':2: "a.md" stands twice, first in'),
    "an entry without facts": ("a.md: payments\n", ":1: an entry is a path with facts below it"),
    "a list": ("- a.md\n", ":1: no paths stand here"),
    "no YAML": ("a.md: [\n", ": this is no YAML"),
    "no UTF-8": (b"a.md: {}\n# caf\xe9\n", ":2: not UTF-8"),
}


@pytest.mark.parametrize(("mapping", "what"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_mapping_is_named_with_its_line_and_the_files_load(folder, mapping, what):
    write(folder, "a.md", FRONT + "Pay.")
    library = load(folder, mapping)
    assert [sop.id for sop in library.sops] == ["A"]
    (mistake,) = library.mistakes
    assert mistake.startswith(f"{folder}/sops.yaml")
    assert what in mistake


def test_an_empty_mapping_says_nothing(folder):
    write(folder, "a.md", FRONT + "Pay.")
    assert owners(load(folder, "# nothing yet\n")) == {"a.md": "desk"}


def test_a_mapping_that_cannot_be_read_is_named(folder):
    write(folder, "a.md", FRONT + "Pay.")
    (folder / "sops.yaml").mkdir()
    library = load_sops(folder)
    assert [sop.id for sop in library.sops] == ["A"]
    assert "sops.yaml: cannot be read (Is a directory)" in library.mistakes[0]
