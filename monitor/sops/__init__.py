"""The customer's procedures: a folder of Markdown, HTML and DOCX files → a Library of Sops with their Sections.

    ---
    id: age-assurance                  unique in the library; without front matter made from the path
    title: Age assurance
    owner: "@child-safety"             required
    audience: [night-shift]            who works by it
    topics: [child-safety]             as in sources.yaml
    jurisdictions: [EU, GB]            none = everywhere
    cites: ["eu:reg:2022/2065#art28"]  legal citations in normal form
    implements: [eu-dsa-guidelines]    sources and citations that it puts into practice
    ---
    Text in Markdown, with headings.

Other keys are the customer's own and are not looked at. Under each key the first of these that says something holds:

1. what `sops.yaml` says of this file (`mapping`)
2. what the file says: front matter (`markdown`), `<meta>` elements or properties (`documents`)
3. what `sops.yaml` says of the folders around it, the nearest first
4. what can be guessed: the author is the owner, the path is the id, the first heading the title

A file that cannot be used is named in `mistakes` with what to write; the others load.

Does not do: matching (`monitor.impact`), storing (`monitor.store.sops`).
"""

from __future__ import annotations

from monitor.sops.folder import load_sops
from monitor.sops.identity import identify
from monitor.sops.library import Library, fingerprint, format_of

__all__ = ["Library", "fingerprint", "format_of", "identify", "load_sops"]
