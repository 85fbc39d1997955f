"""Invented documents in the form of the Federal Register's interface."""

from __future__ import annotations

PROPOSED = {
    "document_number": "2026-04001",
    "type": "Proposed Rule",
    "subtype": None,
    "title": "Trial Accounts of Minors",
    "action": "Proposed rule.",
    "abstract": "The Office of Invented Rules proposes that platforms ask for the age of each host of a livestream.",
    "dates": "Comments must be received on or before May 1, 2026.",
    "publication_date": "2026-03-02",
    "comments_close_on": "2026-05-01",
    "effective_on": None,
    "correction_of": None,
    "docket_ids": ["Docket No. OIR-2026-0007"],
    "regulation_id_numbers": ["9999-AA01"],
    "cfr_references": [{"title": 16, "part": 999, "chapter": None, "citation_url": None}],
    "agencies": [{"raw_name": "OFFICE OF INVENTED RULES", "name": "Invented Rules Office", "id": 1, "slug": "oir"}],
    "html_url": "https://www.federalregister.gov/documents/2026/03/02/2026-04001/trial-accounts-of-minors",
}
EXTENSION = PROPOSED | {
    "document_number": "2026-06002",
    "title": "Trial Accounts of Minors; Extension of Comment Period",
    "action": "Proposed rule; extension of comment period.",
    "abstract": "The Office extends the time for comments on the proposal of March 2, 2026 by 30 days.",
    "dates": "The comment period is extended. Comments are due on June 1, 2026.",
    "publication_date": "2026-04-20",
    "comments_close_on": "2026-06-01",
    "html_url": "https://www.federalregister.gov/documents/2026/04/20/2026-06002/extension",
}
CORRECTION = PROPOSED | {
    "document_number": "2026-05003",
    "title": "Trial Accounts of Minors; Correction",
    "action": "Proposed rule; correction.",
    "abstract": "This document corrects the name of the docket in the proposal.",
    "dates": "March 2, 2026.",
    "publication_date": "2026-04-01",
    "comments_close_on": "2026-03-02",
    "effective_on": "2026-03-02",
    "correction_of": "https://www.federalregister.gov/api/v1/documents/2026-04001",
    "html_url": "https://www.federalregister.gov/documents/2026/04/01/2026-05003/correction",
}
WITHDRAWAL = PROPOSED | {
    "document_number": "2026-09004",
    "title": "Trial Accounts of Minors; Withdrawal",
    "action": "Proposed rule; withdrawal.",
    "abstract": "The Office withdraws its proposal on trial accounts of minors.",
    "dates": "The proposal is withdrawn as of July 6, 2026.",
    "publication_date": "2026-07-06",
    "comments_close_on": None,
    "html_url": "https://www.federalregister.gov/documents/2026/07/06/2026-09004/withdrawal",
}
FINAL = PROPOSED | {
    "document_number": "2026-08005",
    "type": "Rule",
    "action": "Final rule.",
    "dates": "This rule is effective September 1, 2026.",
    "publication_date": "2026-06-30",
    "comments_close_on": None,
    "effective_on": "2026-09-01",
}
DELAY = FINAL | {
    "document_number": "2026-08990",
    "title": "Trial Accounts of Minors; Delay of Effective Date",
    "action": "Final rule; delay of effective date.",
    "dates": "The effective date is delayed until December 1, 2026.",
    "publication_date": "2026-08-20",
    "effective_on": "2026-12-01",
}


def page(*documents, count=None, more=False):
    """One page of an answer; without hits it has no `results` at all."""
    head = {"count": len(documents) if count is None else count, "description": "Documents of invention"}
    if not documents:
        return head
    next_page = {"next_page_url": "https://elsewhere.example/api/v1/documents.json?page=2"} if more else {}
    return head | {"total_pages": 1 + more, "results": list(documents)} | next_page
