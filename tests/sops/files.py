"""SOP files as word processors and people write them, made here by hand."""

from __future__ import annotations

import io
import zipfile

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def a_docx(*paragraphs, core="", custom="", **parts):
    """A DOCX of texts, those that begin with one to three # as headings; properties as XML; more parts by name."""
    body = "".join(map(_paragraph, paragraphs))
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="H{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in range(1, 4)
    )
    written = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": _relation(f"{OFFICE}/relationships/officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _relation(f"{OFFICE}/relationships/styles", "styles.xml"),
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
    }
    if core:
        named = f'xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        written["docProps/core.xml"] = f"<cp:coreProperties {named}>{core}</cp:coreProperties>"
    if custom:
        named = f'xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes"'
        written["docProps/custom.xml"] = f"<Properties {named}>{custom}</Properties>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (written | parts).items():
            archive.writestr(name, content)
    return packed.getvalue()


def _paragraph(text):
    level = len(text) - len(text.lstrip("#"))
    style = f'<w:pPr><w:pStyle w:val="H{level}"/></w:pPr>' if level else ""
    return f"<w:p>{style}<w:r><w:t>{text.lstrip('# ')}</w:t></w:r></w:p>"


def _relation(kind, target):
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{kind}" Target="{target}"/></Relationships>'
    )


def a_property(name, text):
    return f'<property pid="2" name="{name}"><vt:lpwstr>{text}</vt:lpwstr></property>'


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
