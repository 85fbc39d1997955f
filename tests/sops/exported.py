"""Exports of Confluence and Notion, invented, as zip files."""

from __future__ import annotations

import io
import zipfile


def make_zip(path, files):
    """A zip file of names and contents; a content that is itself a mapping becomes a zip file."""
    path.write_bytes(zip_bytes(files))
    return path


def zip_bytes(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, zip_bytes(content) if isinstance(content, dict) else content)
    return buffer.getvalue()


def a_confluence_page(title, body, by="Created by <span class='author'> Ana Lind</span>", more=""):
    return f"""<!DOCTYPE html><html><head><title>Trust Desk : {title}</title></head><body class="theme-default">
<div id="page"><div id="main-header"><div id="breadcrumb-section"><ol id="breadcrumbs">
<li><a href="index.html">Trust Desk</a></li></ol></div>
<h1 id="title-heading"><span id="title-text"> Trust Desk : {title} </span></h1></div>
<div id="content" class="view"><div class="page-metadata">{by}, last modified by
<span class='editor'> Kofi Mensah</span> on Mar 03, 2026</div>
<div id="main-content" class="wiki-content group"><div class="toc-macro"><ul><li>Contents</li></ul></div>{body}</div>
{more}<div class="pageSection group"><h2 id="attachments">Attachments:</h2>photo.png</div></div></div></body></html>"""


def a_space(**pages):
    files = {f"DESK/{name}.html": page for name, page in pages.items()}
    index = (
        "<html><body><div id='main-content'>Available Pages: <a href='Refunds_101.html'>Refunds</a></div></body></html>"
    )
    return {
        "DESK/index.html": index,
        "DESK/attachments/101/9.html": "<p>a file</p>",
        "DESK/styles/site.css": "a{}",
    } | files


REFUNDS = a_confluence_page("Refunds", "<h2>When to pay</h2><p>Pay within 14 days.</p><script>alert(1)</script>")
APPEALS = a_confluence_page("Appeals", "<p>A second reviewer reads it.</p>")
