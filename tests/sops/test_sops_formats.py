"""SOPs as HTML and DOCX: their facts, their sections, and the files that cannot be used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from monitor.sops import format_of, load_sops
from monitor.sops.documents import MAX_DEPTH
from sops.files import a_docx, a_property, write

CORE = "<dc:title>Refunds</dc:title><dc:creator>Ana Lind</dc:creator>"
PAGE = """<html><head><title>Refunds</title><meta name="sop:owner" content="payments">
<meta name="sop:topics" content="privacy, refunds"><meta name="sop:jurisdictions" content="EU; NO">
<meta name="sop:id" content="SOP-7"><meta name="SOP:audience" content="night-shift"><meta name="viewport" content="x">
<meta name="sop:cites" content="eu:reg:2022/2065#art16, uk:ukpga:2023/50"></head>
<body><h1>Refunds</h1><p>Who this is for.</p><h2>Paying</h2><p>Pay within <b>14</b> days.</p><ul><li>By card</li></ul>
<table><tr><th>Sum</th><th>Who</th></tr><tr><td>100</td><td>Lead</td></tr></table></body></html>"""


def load_one(folder):
    library = load_sops(folder)
    assert library.mistakes == ()
    (sop,) = library.sops
    return sop


def texts(sop):
    return [(section.heading, section.text) for section in sop.sections]


def test_an_html_page_states_its_facts_in_its_head(folder):
    write(folder, "refunds.html", PAGE)
    sop = load_one(folder)
    assert (sop.id, sop.title, sop.owner, format_of(sop)) == ("SOP-7", "Refunds", "payments", "HTML")
    assert (sop.topics, sop.jurisdictions) == (("privacy", "refunds"), ("EU", "NO"))
    assert sop.cites == ("eu:reg:2022/2065#art16", "uk:ukpga:2023/50")
    assert sop.audience == ("night-shift",)
    assert texts(sop) == [
        (("Refunds",), "Who this is for."),
        (("Paying",), "Pay within 14 days.\nBy card\nSum | Who\n100 | Lead"),
    ]


def test_a_docx_states_its_facts_in_its_properties(folder):
    core = f"{CORE}<dc:subject>privacy</dc:subject><cp:keywords>refunds; cards</cp:keywords>"
    custom = a_property("Owner", "payments &amp; fees") + a_property("jurisdictions", "EU, NO") + a_property("x", "y")
    write(
        folder, "a/Refunds 2026.docx", a_docx("# Paying", "Pay within 14 days.", "By card.", core=core, custom=custom)
    )
    sop = load_one(folder)
    assert (sop.id, sop.title, sop.owner) == ("a-refunds-2026", "Refunds", "payments & fees")
    assert (sop.topics, sop.jurisdictions, format_of(sop)) == (("privacy", "refunds", "cards"), ("EU", "NO"), "DOCX")
    assert texts(sop) == [(("Paying",), "Pay within 14 days.\nBy card.")]


def test_the_author_of_a_docx_owns_it_where_nobody_else_is_named(folder):
    write(folder, "a.docx", a_docx("# Paying", "Pay.", core=CORE))
    assert load_one(folder).owner == "Ana Lind"


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("a.docx", a_docx("# Paying back", "Pay.", core="<dc:creator>Ana</dc:creator>"), "Paying back"),
        ("b c.docx", a_docx("Pay.", core="<dc:creator>Ana</dc:creator>"), "b c"),
        ("d.htm", "<meta name=author content=Ana><h2>Paying back</h2><p>Pay.", "Paying back"),
        ("d.HTML", "<meta name=author content=Ana><p>Pay.", "d"),
    ],
)
def test_without_a_title_the_first_heading_is_it_or_else_the_name_of_the_file(folder, name, content, title):
    write(folder, name, content)
    assert load_one(folder).title == title


def test_a_heading_that_repeats_the_title_is_no_part_of_heading_paths_in_any_format(folder):
    write(folder, "a.docx", a_docx("# Refunds", "Who.", "## Paying", "Pay.", "### Cards", "Block.", core=CORE))
    assert [heading for heading, _ in texts(load_one(folder))] == [("Refunds",), ("Paying",), ("Paying", "Cards")]


def test_a_page_in_another_encoding_is_read_as_it_declares(folder):
    page = '<meta charset="iso-8859-1"><meta name="sop:owner" content="desk"><h1>Prüfung</h1><p>Prüfen.'
    write(folder, "a.html", page.encode("latin-1"))
    assert texts(load_one(folder)) == [(("Prüfung",), "Prüfen.")]


UNUSABLE = {
    "no owner anywhere": (
        "a.html",
        "<h1>Refunds</h1><p>Pay.",
        'missing. Write in sops.yaml: "a.html": {owner: "@child-safety"}',
    ),
    "no owner in the properties": ("a.docx", a_docx("Pay."), 'missing. Write in sops.yaml: "a.docx": {owner: "@'),
    "a page without text": ("a.html", "<script>render()</script>", "no text. Open it in a browser"),
    "a document without text": ("a.docx", a_docx(""), "no text. Pictures of text"),
    "a DOCX that is no zip file": ("a.docx", b"hello", "no DOCX (File is not a zip file)"),
    "an encrypted DOCX": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted, or in the format"),
    "a DOCX with macros": ("a.docx", a_docx("Pay.", **{"word/vbaProject.bin": b"x"}), "has macros. Save it as DOCX"),
    "a file for macros": ("a.docm", a_docx("Pay."), "a Word file of another kind. Save it as DOCX"),
    "a file of Word 97": ("a.doc", b"\xd0\xcf\x11\xe0", "a Word file of another kind. Save it as DOCX"),
    "a zip file that is no DOCX": ("a.docx", a_docx(**{"word/document.xml": "<x"}), "Open it in a word processor"),
    "broken properties": ("a.docx", a_docx("Pay.", **{"docProps/core.xml": "<a><b>"}), "its properties cannot be read"),
    "a zip bomb": (
        "a.docx",
        a_docx("Pay.", **{"word/x.bin": b"\0" * 9_000_000}),
        "8 MB of text and mark-up once unpacked",
    ),
    "a page too deep": ("a.html", "<div>" * (MAX_DEPTH + 1) + "x", "more than 10,000 elements within each other"),
    "a paragraph too long": ("a.md", "[" * 30_001, "a paragraph of 30,001 characters, of at most 30,000"),
    "a citation in words": (
        "a.html",
        '<meta name=author content=A><meta name="sop:cites" content="DSA Art. 16"><p>Pay.',
        "no citation in normal form",
    ),
    "a source that cannot be": (
        "a.html",
        '<meta name=author content=A><meta name="sop:implements" content="Art. 16"><p>Pay.',
        'implements: "Art. 16"',
    ),
}


@pytest.mark.parametrize(("name", "content", "what"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_is_named_and_the_others_load(folder, name, content, what):
    write(folder, name, content)
    write(folder, "z.html", PAGE)
    library = load_sops(folder)
    assert [sop.path for sop in library.sops] == ["z.html"]
    assert library.mistakes[0].startswith(f"{folder / name}: ")
    assert what in library.mistakes[0]


@pytest.mark.parametrize(("name", "most"), [("a.md", 1), ("a.html", 4), ("a.docx", 64)])
def test_a_file_that_is_too_large_is_not_opened(folder, name, most):
    with (folder / name).open("wb") as file:
        file.truncate(200 * 1024**2)
    (mistake,) = load_sops(folder).mistakes
    assert f"{name}: 200.0 MB, of at most {most}. Make its pictures smaller" in mistake


def test_temporary_and_hidden_files_are_no_sops(folder):
    for name in ("~$refunds.docx", ".git/a.md", ".obsidian/b.html", "notes.txt", "c.pdf"):
        write(folder, name, "x")
    assert load_sops(folder).mistakes == ()


IMPLEMENTS = "<!-- implements: eu:reg:2022/2065#art16, eu-dsa-guidelines -->"
FRONT = "---\nid: A\ntitle: Refunds\nowner: desk\n---\n"
DECLARED = ("eu:reg:2022/2065#art16", "eu-dsa-guidelines")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", f"{FRONT}## Paying\n\n{IMPLEMENTS}\n\nPay.\n\n## Other\n\nAsk.\n"),
        ("a.md", f"{FRONT}## Paying {IMPLEMENTS}\nPay.\n\n## Other\n\nAsk.\n"),
        ("a.md", f"{FRONT}## Paying\nPay. {IMPLEMENTS}\n\n## Other\n\nAsk.\n"),
        (
            "a.md",
            f"{FRONT}## Paying\n\n<!--\nIMPLEMENTS: {DECLARED[0]}\n {DECLARED[1]}\n-->\n\nPay.\n\n# Other\n\nAsk.",
        ),
        ("a.html", f"<meta name=author content=A><h2>Paying</h2>{IMPLEMENTS}<p>Pay.</p><h2>Other</h2><p>Ask.</p>"),
        ("a.html", f"<meta name=author content=A><h2>Paying {IMPLEMENTS}</h2><p>Pay.</p><h2>Other</h2><p>Ask.</p>"),
        ("a.html", f"<meta name=author content=A><h2>Paying</h2><p>Pay.{IMPLEMENTS}</p><h2>Other</h2><p>Ask.</p>"),
    ],
)
def test_a_comment_under_a_heading_declares_what_that_section_implements(folder, name, content):
    write(folder, name, content)
    sections = load_one(folder).sections
    assert [(each.heading, each.text, each.implements) for each in sections] == [
        (("Paying",), "Pay.", DECLARED),
        (("Other",), "Ask.", ()),
    ]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (f"## Paying\n\n{IMPLEMENTS}\n\n### Cards\n\nPay.", 'under "Paying" there is no text that could implement'),
        ("## Paying\n\nPay. <!-- implements: Art. 16 -->", 'under "Paying": implements: "Art." is neither a citation'),
    ],
)
def test_a_comment_that_declares_nothing_usable_is_named_with_its_heading(folder, body, what):
    write(folder, "a.md", FRONT + body)
    (mistake,) = load_sops(folder).mistakes
    assert what in mistake


def test_such_a_comment_inside_a_code_block_is_text(folder):
    write(folder, "a.md", f"{FRONT}```\n{IMPLEMENTS}\n```\n")
    (section,) = load_one(folder).sections
    assert (section.text, section.implements) == (IMPLEMENTS, ())


def test_libraries_for_other_formats_are_not_imported_for_markdown(folder):
    write(folder, "a.md", f"{FRONT}## Paying\n\nPay *now*.")
    program = (
        "import sys; from pathlib import Path; from monitor.sops import load_sops; "
        "assert load_sops(Path(sys.argv[1])).sops; "
        "print([each for each in ('mammoth', 'selectolax', 'bs4') if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_has_not_changed_is_not_parsed_again(folder):
    write(folder, "a.html", PAGE)
    write(folder, "b.md", f"{FRONT}Pay.")
    drafts = {}
    before = load_sops(folder, drafts)
    kept = dict(drafts)
    write(folder, "b.md", f"{FRONT}Ask.")
    write(folder, "sops.yaml", "a.html: {owner: fees}\n")
    after = load_sops(folder, drafts)
    assert drafts[str(folder / "a.html")] is kept[str(folder / "a.html")]
    assert after == load_sops(folder)
    assert [sop.owner for sop in (*before.sops, *after.sops)] == ["payments", "desk", "fees", "desk"]
