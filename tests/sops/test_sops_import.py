"""Importing a Confluence or a Notion export, again and again, and refusing what is none."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from monitor.errors import SopsError
from monitor.sops import load_sops
from monitor.sops.exports import archive, import_export
from sops.exported import APPEALS, REFUNDS, a_confluence_page, a_space, make_zip, zip_bytes

HEX = "0123456789abcdef0123456789abcdef"
HEX_2 = "fedcba9876543210fedcba9876543210"


def test_a_confluence_space_becomes_sops_with_author_title_and_text(tmp_path):
    export = make_zip(tmp_path / "space.zip", a_space(Refunds_101=REFUNDS, **{"102": APPEALS}))
    done = import_export(export, tmp_path / "sops" / "desk")
    assert (done.made_by, done.new) == ("Confluence", ("confluence-102.html", "confluence-101.html"))
    library = load_sops(tmp_path / "sops")
    assert library.mistakes == ()
    appeals, refunds = sorted(library.sops, key=lambda sop: sop.title)
    assert (refunds.id, refunds.title, refunds.owner) == ("confluence-101", "Refunds", "Ana Lind")
    assert [(each.heading, each.text) for each in refunds.sections] == [(("When to pay",), "Pay within 14 days.")]
    assert [each.text for each in appeals.sections] == ["A second reviewer reads it."]


@pytest.mark.parametrize(
    ("by", "owner"),
    [
        ("Created by <span class='author'> Ana Lind</span>", "Ana Lind"),
        ("Created by Ana Lind (Unlicensed)", "Ana Lind"),
        ("Created by  O'Neil, Sean", "O'Neil, Sean"),
    ],
)
def test_who_created_a_confluence_page_owns_it_unless_the_mapping_says_otherwise(tmp_path, by, owner):
    page = a_confluence_page("Refunds", "<p>Pay.</p>", by)
    import_export(make_zip(tmp_path / "space.zip", a_space(Refunds_101=page)), tmp_path / "sops" / "desk")
    assert load_sops(tmp_path / "sops").sops[0].owner == owner
    (tmp_path / "sops" / "sops.yaml").write_text("desk/: {owner: payments}\n")
    assert load_sops(tmp_path / "sops").sops[0].owner == "payments"


def test_labels_of_a_confluence_page_are_its_topics(tmp_path):
    labels = "<ul class='label-list'><li><a href='#'>privacy</a></li><li><a href='#'>refunds</a></li></ul>"
    page = a_confluence_page("Refunds", "<p>Pay.</p>", more=labels)
    import_export(make_zip(tmp_path / "space.zip", a_space(Refunds_101=page)), tmp_path / "sops")
    assert load_sops(tmp_path / "sops").sops[0].topics == ("privacy", "refunds")


def test_a_confluence_page_without_a_text_of_its_own_is_no_procedure(tmp_path):
    export = a_space(Refunds_101=REFUNDS, Empty_102=a_confluence_page("Empty", "<p> </p>"))
    assert import_export(make_zip(tmp_path / "space.zip", export), tmp_path / "sops").new == ("confluence-101.html",)


def test_importing_again_updates_in_place_and_names_what_left_the_export(tmp_path):
    folder = tmp_path / "sops"
    first = a_space(Refunds_101=REFUNDS, Appeals_102=APPEALS, Old_103=a_confluence_page("Old", "<p>x</p>"))
    import_export(make_zip(tmp_path / "1.zip", first), folder)
    again = import_export(tmp_path / "1.zip", folder)
    assert (again.new, again.updated, again.gone, len(again.unchanged)) == ((), (), (), 3)
    renamed = a_confluence_page("Paying back", "<p>Pay within 30 days.</p>")
    second = a_space(**{"Paying-back_101": renamed, "Appeals_102": APPEALS, "New_104": APPEALS})
    done = import_export(make_zip(tmp_path / "2.zip", second), folder)
    assert done.new == ("confluence-104.html",)
    assert done.updated == ("confluence-101.html",)
    assert done.unchanged == ("confluence-102.html",)
    assert done.gone == ("confluence-103.html",)
    assert (folder / "confluence-103.html").exists()
    assert {sop.id: sop.title for sop in load_sops(folder).sops}["confluence-101"] == "Paying back"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


NOTION = f"""# Refunds: how & when

Owner: Ana Lind
Tags: privacy, payments
Jurisdiction: EU, NO
Status: Active
Created by: Kofi Mensah

## When to pay

Note: pay within [14 days](Other%20{HEX_2}.md).
"""
NOTION_HTML = f"""<html><head><title>Refunds</title><style>p{{}}</style></head><body><article class="page">
<header><h1 class="page-title">Refunds</h1><table class="properties"><tbody>
<tr class="property-row property-row-person"><th><span>Owner</span></th><td><span class="user">Ana Lind</span></td></tr>
<tr class="property-row"><th>Last edited</th><td>March 3, 2026</td></tr></tbody></table></header>
<div class="page-body"><h2>When to pay</h2><p>Pay within 14 days. See {HEX}.</p></div></article></body></html>"""


def test_a_notion_page_becomes_an_sop_with_the_facts_of_its_properties(tmp_path):
    export = {f"Desk {HEX_2}/Refunds {HEX}.md": NOTION, f"Desk {HEX_2}.csv": "Name,Owner\nRefunds,Ana"}
    done = import_export(make_zip(tmp_path / "notion.zip", export), tmp_path / "sops")
    assert (done.made_by, done.new) == ("Notion", (f"notion-{HEX}.md",))
    library = load_sops(tmp_path / "sops")
    assert library.mistakes == ()
    (sop,) = library.sops
    assert (sop.id, sop.title, sop.owner) == (f"notion-{HEX}", "Refunds: how & when", "Ana Lind")
    assert (sop.topics, sop.jurisdictions) == (("privacy", "payments"), ("EU", "NO"))
    assert [each.text for each in sop.sections] == ["Status: Active", "Note: pay within 14 days."]


def test_a_notion_page_exported_as_html_has_the_same_id(tmp_path):
    import_export(make_zip(tmp_path / "md.zip", {f"Refunds {HEX}.md": NOTION}), tmp_path / "sops")
    done = import_export(make_zip(tmp_path / "html.zip", {f"Refunds {HEX}.html": NOTION_HTML}), tmp_path / "sops")
    assert (done.new, done.gone) == ((f"notion-{HEX}.html",), ())
    (sop,) = load_sops(tmp_path / "sops").sops
    assert (sop.id, sop.title, sop.owner) == (f"notion-{HEX}", "Refunds", "Ana Lind")
    assert [(each.heading, each.text) for each in sop.sections] == [
        (("When to pay",), f"Pay within 14 days. See {HEX}.")
    ]


@pytest.mark.parametrize(
    ("name", "text", "title", "sections"),
    [
        (f"Refunds {HEX}.md", "Purpose: pay back.\n\nDo it.", "Refunds", ["Purpose: pay back.\nDo it."]),
        (f"{HEX}.md", "# Refunds\n\nPay.", "Refunds", ["Pay."]),
        (f"{HEX}.md", "Pay.", "Untitled", ["Pay."]),
        (f"{HEX}.html", "<p>Pay.</p>", "Untitled", ["Pay."]),
    ],
)
def test_a_notion_page_without_properties_keeps_every_word(tmp_path, name, text, title, sections):
    import_export(make_zip(tmp_path / "notion.zip", {name: text}), tmp_path / "sops")
    (tmp_path / "sops" / "sops.yaml").write_text("./: {owner: desk}\n")
    (sop,) = load_sops(tmp_path / "sops").sops
    assert sop.title == title
    assert [each.text for each in sop.sections] == sections


def test_a_large_notion_export_comes_as_zip_files_in_a_zip_file(tmp_path):
    parts = {
        "Export-1-Part-1.zip": {f"Refunds {HEX}.md": "# Refunds\n\nPay."},
        "Export-1-Part-2.zip": {f"Appeals {HEX_2}.md": "# Appeals\n\nRead."},
    }
    assert len(import_export(make_zip(tmp_path / "notion.zip", parts), tmp_path / "sops").new) == 2


def test_a_zip_file_attached_to_a_page_is_not_opened(tmp_path):
    export = a_space(Refunds_101=REFUNDS) | {"DESK/attachments/101/7.zip": b"no zip file"}
    assert import_export(make_zip(tmp_path / "space.zip", export), tmp_path / "sops").new == ("confluence-101.html",)


def a_link(target):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        link = zipfile.ZipInfo("Refunds_101.html")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, target)
    return buffer.getvalue()


def encrypted():
    body = bytearray(zip_bytes({"Refunds_101.html": REFUNDS}))
    body[6] |= 1  # the flags of the file's own header
    body[body.index(b"PK\x01\x02") + 8] |= 1  # and those of the directory
    return bytes(body)


def cut_short():
    body = zip_bytes({"Refunds_101.html": REFUNDS, "Appeals_102.html": APPEALS})
    return body[:60] + b"\0" * 200 + body[260:]


REFUSED = {
    "a path upwards": (zip_bytes({"../../etc/Refunds_101.html": REFUNDS}), "leads out of the export"),
    "a path upwards, as Windows writes it": (zip_bytes({"..\\Refunds_101.html": REFUNDS}), "leads out"),
    "an absolute path": (zip_bytes({"/etc/Refunds_101.html": REFUNDS}), "leads out of the export"),
    "a drive": (zip_bytes({"C:/Refunds_101.html": REFUNDS}), "leads out of the export"),
    "a link": (a_link("/etc/passwd"), "a link to another place"),
    "encrypted": (encrypted(), "encrypted"),
    "no zip file": (b"hello", "cannot be read"),
    "an empty file": (b"", "cannot be read"),
    "damaged": (cut_short(), "cannot be read"),
    "nested too deep": (zip_bytes({"a.zip": {"b.zip": {"c.zip": {f"R {HEX}.md": "x"}}}}), "within more than 2 others"),
    "of no known make": (zip_bytes({"readme.md": "hello", "page.html": "<p>x"}), "neither a Confluence space"),
    "without pages": (zip_bytes({"x.csv": "a,b"}), "neither a Confluence space"),
    "without text as HTML": (zip_bytes({f"R {HEX}.html": "<article></article>"}), "without a page that has a text"),
    "without text": (zip_bytes({f"Refunds {HEX}.md": "# Refunds"}), "without a page that has a text"),
}


@pytest.mark.parametrize(("body", "why"), REFUSED.values(), ids=REFUSED)
def test_what_no_well_meant_export_has_is_refused_and_nothing_is_written(tmp_path, body, why):
    (tmp_path / "export.zip").write_bytes(body)
    with pytest.raises(SopsError, match=why) as refused:
        import_export(tmp_path / "export.zip", tmp_path / "sops")
    assert str(tmp_path / "export.zip") in str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == ["export.zip"]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SopsError, match="there is no such file"):
        import_export(tmp_path / "export.zip", tmp_path / "sops")


@pytest.mark.parametrize(
    ("limit", "value", "why"),
    [("MAX_TEXT", 1000, "too large"), ("MAX_TOTAL", 1500, "too large"), ("MAX_FILES", 3, "more than 3 files")],
)
def test_a_zip_file_that_unpacks_to_more_than_an_export_is_refused(tmp_path, monkeypatch, limit, value, why):
    monkeypatch.setattr(archive, limit, value)
    page = a_confluence_page("Refunds", f"<p>{'Pay. ' * 200}</p>")
    export = make_zip(tmp_path / "space.zip", a_space(Refunds_101=page, Again_102=APPEALS))
    with pytest.raises(SopsError, match=why):
        import_export(export, tmp_path / "sops")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "sops").write_text("a file")
    export = make_zip(tmp_path / "space.zip", a_space(Refunds_101=REFUNDS))
    with pytest.raises(SopsError, match="cannot be written there"):
        import_export(export, tmp_path / "sops")


def test_where_a_write_fails_nothing_half_written_stays(tmp_path, monkeypatch):
    folder = tmp_path / "sops"
    import_export(make_zip(tmp_path / "1.zip", a_space(Refunds_101=REFUNDS)), folder)
    before = (folder / "confluence-101.html").read_bytes()
    real = Path.write_bytes

    def full(path, body):
        real(path, body[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    later = zip_bytes(a_space(Refunds_101=APPEALS))
    real(tmp_path / "2.zip", later)
    with pytest.raises(SopsError, match="No space left on device"):
        import_export(tmp_path / "2.zip", folder)
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == {"confluence-101.html": before}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["1.zip", "2.zip", "sops"]
