"""What the invented interfaces hold."""

from __future__ import annotations


def document(id_, **attributes):
    """A document of regulations.gov; it was posted at midnight in Washington, which UTC writes as 05:00."""
    usual = {
        "agencyId": "OIR",
        "docketId": "OIR-2026-0007",
        "documentType": "Proposed Rule",
        "subtype": None,
        "frDocNum": "2026-04001",
        "title": "Trial Accounts of Minors",
        "postedDate": "2026-03-02T05:00:00Z",
        "lastModifiedDate": "2026-03-02T14:11:00Z",
        "commentStartDate": "2026-03-02T05:00:00Z",
        "commentEndDate": "2026-05-02T03:59:59Z",
        "openForComment": True,
        "withinCommentPeriod": True,
        "withdrawn": False,
        "highlightedContent": "",
        "objectId": "0900006484925e7e",
    }
    return {"id": id_, "type": "documents", "attributes": usual | attributes, "links": {"self": "https://x.invalid/"}}


def version(identifier, date, **facts):
    """A version of a section in the eCFR."""
    usual = {
        "date": date,
        "amendment_date": date,
        "issue_date": date,
        "identifier": identifier,
        "name": f"§ {identifier} Invented.",
        "part": "999",
        "substantive": True,
        "removed": False,
        "subpart": None,
        "title": "16",
        "type": "section",
    }
    return usual | facts


PART = """\
<?xml version="1.0" encoding="UTF-8" ?>
<DIV5 N="999" NODE="16:1.0.1.9.99" TYPE="PART">
<HEAD>PART 999—ACCOUNTS OF MINORS</HEAD>
<AUTH><HED>Authority:</HED><PSPACE>15 U.S.C. 9999.</PSPACE></AUTH>
<DIV6 N="A" TYPE="SUBPART"><HEAD>Subpart A—General</HEAD>
<DIV8 N="§ 999.1" NODE="16:1.0.1.9.99.1.1" TYPE="SECTION">
<HEAD>§ 999.1   Scope.</HEAD>
<P>This part is about <I>accounts</I> of minors.</P>
</DIV8>
<DIV8 N="§ 999.2" TYPE="SECTION">
<HEAD>§ 999.2   Trial accounts.</HEAD>
<P>(a) A minor may have one trial account for %s days.</P>
<FP>Days are counted in Washington.</FP>
<HD1>Table of fees</HD1>
<DIV><TABLE><TR><TH>Age</TH><TH>Fee</TH></TR><TR><TD>13</TD><TD><P>None</P></TD></TR></TABLE></DIV>
<CITA TYPE="N">[90 FR 1, Jan. 1, 2026]</CITA>
</DIV8>
</DIV6>
<DIV9 N="Appendix A to Part 999" TYPE="APPENDIX"><HEAD>Appendix A to Part 999—Forms</HEAD><P>Form 1.</P></DIV9>
</DIV5>
"""

BILL = {
    "congress": 119,
    "type": "S",
    "number": "9999",
    "title": "Invented Accounts Act",
    "introducedDate": "2026-01-14",
    "updateDate": "2026-03-01T08:00:00Z",
    "latestAction": {"actionDate": "2026-02-10", "text": "Referred to the Committee on Invention."},
    "policyArea": {"name": "Science, Technology, Communications"},
    "sponsors": [{"fullName": "Sen. Nobody, Ann [I-ZZ]", "bioguideId": "N000000"}],
    "laws": [],
}
ACTIONS = [
    {"actionDate": "2026-02-10", "text": "Referred to the Committee on Invention.", "type": "IntroReferral"},
    {"actionDate": "2026-01-14", "text": "Introduced in Senate", "type": "IntroReferral", "actionCode": "10000"},
]
SUMMARIES = [
    {
        "actionDate": "2026-01-14",
        "actionDesc": "Introduced in Senate",
        "text": "<p><b>Invented Accounts Act</b></p><p>This bill limits trial accounts.</p>",
        "updateDate": "2026-02-01T00:00:00Z",
        "versionCode": "00",
    }
]

TEXTS = [{"date": "2026-01-14T05:00:00Z", "type": "Introduced in Senate", "formats": [{"type": "PDF", "url": "x"}]}]

PACKAGES = [
    {
        "packageId": f"FR-2026-03-0{day}",
        "lastModified": f"2026-03-0{day}T11:00:00Z",
        "packageLink": f"https://api.govinfo.gov/packages/FR-2026-03-0{day}/summary",
        "docClass": "FR",
        "title": f"Federal Register Volume 91 Issue {day}",
        "dateIssued": f"2026-03-0{day}",
    }
    for day in (2, 3, 4)
]

STATE_BILL = {
    "bill_id": 1999001,
    "change_hash": "aa11bb22cc33",
    "state": "ZZ",
    "bill_number": "H7",
    "title": "Invented Accounts Act",
    "description": "Limits trial accounts of minors.",
    "status": 1,
    "status_date": "2026-01-08",
    "url": "https://legiscan.com/ZZ/bill/H7/2026",
    "calendar": [{"date": "2026-04-02", "time": "10:00", "description": "Hearing", "location": "Room 1"}],
    "history": [{"date": "2026-01-08", "action": "Introduced", "chamber": "H"}],
}


def found(number, **facts):
    """A result of LegiScan's search."""
    return {
        "relevance": 90 - number,
        "state": "ZZ",
        "bill_number": f"H{number}",
        "bill_id": 1999000 + number,
        "change_hash": f"{number:032x}",
        "url": f"https://legiscan.com/ZZ/bill/H{number}/2026",
        "last_action_date": "2026-02-03",
        "last_action": "To the floor",
        "title": f"Invented Act {number}",
    } | facts
