"""What the invented interfaces of legislation.gov.uk and GOV.UK hold, and local servers in their form.

Does not do: searching; every condition that no test needs is ignored.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from local_site import Answer
from publishers.interfaces import answered
from spiders.govuk import GovUkSpider
from spiders.legislation_gov_uk import LegislationGovUkSpider

LAW_HOST = "http://www.legislation.gov.uk"
ACT = "ukpga/2031/7"
ACT_TITLE = "Invented Platforms Act 2031"
_FEED = (
    '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
    ' xmlns:leg="http://www.legislation.gov.uk/namespaces/legislation"'
    ' xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:pbl="http://www.legislation.gov.uk/namespaces/publication-log"'
    ' xmlns:openSearch="http://a9.com/-/spec/opensearch/1.1/">'
)


def feed(*entries, page=1, more=0, total=None):
    """One page of a feed; `more` is how many follow it."""
    totals = "" if total is None else f"<openSearch:totalResults>{total}</openSearch:totalResults>"
    head = f"<id>{LAW_HOST}/data.feed</id><title>Search Results</title><updated>2032-03-03T09:00:00Z</updated>"
    paging = f"<leg:page>{page}</leg:page><leg:morePages>{more}</leg:morePages>{totals}"
    link = f'<link rel="next" href="https://elsewhere.example/data.feed?page={page + 1}"/>' if more else ""
    return f"{_FEED}{head}{paging}{link}{''.join(entries)}</feed>"


def law(path="uksi/2032/41", title="The Invented Platforms (Fees) Regulations 2032", **facts):
    """A law as lists have it, its ids with http."""
    usual = {"published": "2032-03-02T17:00:34+00:00", "updated": "2032-03-02T18:00:00+00:00", "made": "2032-03-01"}
    facts = usual | facts
    published = f"<published>{facts['published']}</published>" if facts["published"] else ""
    return (
        f"<entry><id>{LAW_HOST}/id/{path}</id><title>{escape(title)}</title>"
        f'<link rel="self" href="{LAW_HOST}/id/{path}"/><link href="{LAW_HOST}/{path}/made"/>'
        f'<link rel="alternate" type="application/xml" href="{LAW_HOST}/{path}/made/data.xml"/>'
        f"<updated>{facts['updated']}</updated>{published}"
        f'<ukm:DocumentMainType Value="UnitedKingdomStatutoryInstrument"/><ukm:Year Value="2032"/>'
        f'<ukm:Number Value="41"/><ukm:AlternativeNumber Category="C" Value="3"/>'
        f'<ukm:CreationDate Date="{facts["made"]}"/><category term="Online services"/>'
        f"<summary>These Regulations set fees.</summary></entry>"
    )


WHOLLY = 'Date="2032-05-01" Qualification="wholly in force"'


def effect(id_="key-1", *, on="s. 12(3)", by="reg. 2(1)", starts=WHOLLY, **facts):
    """What one law does to another, as an entry of the changes."""
    usual = {
        "AffectingURI": f"{LAW_HOST}/id/uksi/2032/41",
        "AffectedURI": f"{LAW_HOST}/id/{ACT}",
        "Type": "words inserted",
        "Applied": "false",
        "RequiresApplied": "true",
        "Modified": "2032-03-02T10:00:00Z",
        "Row": "7",
        "EffectId": id_,
        "AffectedProvisions": on,
        "AffectingProvisions": by,
    }
    facts = usual | facts
    in_force = "".join(f'<ukm:InForce Applied="false" {each}/>' for each in starts.split("|") if each)
    attributes = " ".join(f"{key}={quoteattr(value)}" for key, value in facts.items())
    return (
        f"<entry><id>{LAW_HOST}/changes/{id_}/modified/{facts['Modified']}</id><content type='text/xml'>"
        f"<ukm:Effect {attributes}><ukm:AffectedTitle xml:lang='cy'>Deddf</ukm:AffectedTitle>"
        f"<ukm:AffectedTitle>{ACT_TITLE}</ukm:AffectedTitle>"
        "<ukm:AffectingTitle>The Invented Platforms (Amendment) Regulations 2032</ukm:AffectingTitle>"
        f"<ukm:InForceDates>{in_force}</ukm:InForceDates></ukm:Effect></content>"
        f"<title>effect</title><updated>{facts['Modified']}</updated></entry>"
    )


def event(path=f"{ACT}/2032-05-01/data.xml", *, at="2032-03-02T10:00:00.45768+00:00", happened="published", **facts):
    """An event of the publication log."""
    usual = {"document": f"{ACT}/2032-05-01", "published": "", "type": "legislation", "slip": "", "format": "xml"}
    facts = usual | facts
    published = f"<published>{facts['published']}</published>" if facts["published"] else ""
    slip = f"<pbl:CorrectionSlipNumber>{facts['slip']}</pbl:CorrectionSlipNumber>" if facts["slip"] else ""
    item = f"Item_{happened.title()}"
    return (
        f"<entry><id>{LAW_HOST}/{path}/{happened}/{at}</id><dc:identifier>{LAW_HOST}/id/{ACT}</dc:identifier>"
        f"<title>{ACT_TITLE}</title><updated>{at}</updated>{published}<pbl:ContentType>{facts['type']}</pbl:ContentType>"
        f"<pbl:Event>{happened}</pbl:Event>{slip}<pbl:Document>{LAW_HOST}/{facts['document']}</pbl:Document>"
        f"<pbl:{item}>{LAW_HOST}/{path}</pbl:{item}><pbl:Format>{facts['format']}</pbl:Format>"
        "<dc:language>en</dc:language></entry>"
    )


def clml(body, *, path=ACT, versions="", dates='<ukm:EnactmentDate Date="2031-10-26"/>', root="", valid="2032-05-01"):
    """A law, or a section of it, with its metadata."""
    valid_ = f"<dct:valid>{valid}</dct:valid>" if valid else ""
    return (
        '<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"'
        f' DocumentURI="{LAW_HOST}/{path}" IdURI="{LAW_HOST}/id/{ACT}" {root}>'
        '<ukm:Metadata xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/"'
        f' xmlns:atom="http://www.w3.org/2005/Atom"><dc:identifier>{LAW_HOST}/{path}</dc:identifier>'
        f"<dc:title>{ACT_TITLE}</dc:title>{valid_}{versions}"
        f"<ukm:PrimaryMetadata>{dates}</ukm:PrimaryMetadata></ukm:Metadata><Primary>{body}</Primary></Legislation>"
    )


def version(name, path):
    return f'<atom:link rel="http://purl.org/dc/terms/hasVersion" href="{LAW_HOST}/{path}" title="{name}"/>'


SECTION = f"""<Body><P1group><Title>Duty to protect</Title>
<P1 DocumentURI="{LAW_HOST}/{ACT}/section/12" id="section-12"><Pnumber><CommentaryRef Ref="key-9"/>12</Pnumber><P1para>
<P2><Pnumber>1</Pnumber><P2para><Text>A provider must—</Text>
<P3><Pnumber>a</Pnumber><P3para><Text>assess the risk within %s days, and</Text></P3para></P3></P2para></P2>
</P1para></P1></P1group></Body>"""


WHOLE_LAW = clml(
    """<PrimaryPrelims><Title>Invented Platforms Act 2031</Title><Number>2031 CHAPTER 7</Number>
    <LongTitle>An Act to <Emphasis>invent</Emphasis>.</LongTitle>
    <DateOfEnactment><DateText>[26th October 2031]</DateText></DateOfEnactment></PrimaryPrelims>
    <SecondaryPrelims><MadeDate><Text>Made</Text><DateText>1st March 2032</DateText></MadeDate></SecondaryPrelims>
    <Contents><ContentsTitle>Contents</ContentsTitle></Contents>
    <Body><Part><Number>PART 1</Number><Title>Providers</Title>
      <Pblock><Title>Duties</Title>
        <P1group Status="Prospective"><Title>Fees</Title><P1><Pnumber>13</Pnumber><P1para>
          <P2><Pnumber>1</Pnumber><P2para><P3><Pnumber>a</Pnumber><P3para><Text>A fee<!-- note --> is due.</Text>
          </P3para></P3></P2para></P2></P1para></P1></P1group>
        <P1group><Title>Two rules</Title><P1><Pnumber PuncAfter=".">14</Pnumber><P1para><Text>One.</Text></P1para></P1>
          <P1><Pnumber/><P1para><Text>Two.</Text></P1para></P1></P1group>
        <P1group><Title>Other law</Title><P1><Pnumber>15</Pnumber><P1para><Text>After section 3 insert—</Text>
          <BlockAmendment><P1group><Title>New duty</Title><P1><Pnumber>3A</Pnumber><P1para>
            <Text>It applies.</Text></P1para></P1></P1group></BlockAmendment></P1para></P1></P1group>
      </Pblock></Part></Body>
    <Schedules><Schedule><Number>SCHEDULE 1</Number><TitleBlock><Title>Rates</Title></TitleBlock>
      <Reference>Section 13</Reference><ScheduleBody><Tabular><table><tbody>
        <tr><th>Size</th><th>Rate</th></tr><tr><td>Small</td><td><Para><Text>1%</Text></Para></td></tr>
      </tbody></table></Tabular><UnorderedList><ListItem><Para><Text>An item.</Text></Para></ListItem></UnorderedList>
      </ScheduleBody></Schedule></Schedules>
    <Commentaries><Commentary id="key-9"><Para><Text>S. 12 in force.</Text></Para></Commentary></Commentaries>"""
)


def document(path="/government/consultations/invented-fees", **facts):
    """A consultation of the Content API."""
    details = {
        "body": '<div class="govspeak"><p>We ask how to set <strong>fees</strong>.</p></div>',
        "opening_date": "2032-03-02T09:30:00.000+00:00",
        "closing_date": "2032-05-26T22:45:00.000+00:00",
        "change_history": [
            {"public_timestamp": "2032-03-02T09:30:00.000+00:00", "note": "First published."},
        ],
        "attachments": [{"title": "Consultation paper", "url": "https://assets.example/paper.pdf", "id": "1"}],
    }
    usual = {
        "base_path": path,
        "content_id": f"id-of-{path.rpartition('/')[2]}",
        "title": "Fees of invented platforms",
        "description": "A consultation on fees.",
        "document_type": "open_consultation",
        "schema_name": "consultation",
        "locale": "en",
        "first_published_at": "2032-03-02T09:30:00.000+00:00",
        "public_updated_at": "2032-03-02T09:30:00.000+00:00",
        "updated_at": "2032-03-02T23:59:10.294Z",
        "withdrawn_notice": {},
        "details": details | facts.pop("details", {}),
        "links": {"organisations": [{"title": "Department of Invention"}]},
    }
    return usual | facts


def gone(path, **facts):
    details = {"explanation": '<div class="govspeak"><p>Published in error</p></div>', "alternative_path": ""}
    usual = {"base_path": path, "content_id": None, "schema_name": "gone", "document_type": "gone", "title": None}
    return usual | {"public_updated_at": "2032-04-01T09:50:56.000+00:00", "details": details | facts}


def moved(path, to):
    redirects = [{"path": f"{path}/old", "destination": "/elsewhere"}, {"path": path, "destination": to}]
    return {"base_path": path, "schema_name": "redirect", "title": None, "redirects": redirects, "content_id": None}


def finder(*links, title="Fees of invented platforms", site="https://www.gov.uk"):
    """The Atom feed of a finder; links that begin with a slash are on its host."""
    entries = "".join(
        f"<entry><id>tag:www.gov.uk,2005:{escape(each)}</id><updated>2032-03-02T09:30:00Z</updated>"
        f'<link rel="alternate" type="text/html" href="{site if each.startswith("/") else ""}{escape(each)}"/>'
        f'<title>{title}</title><summary type="html">In short.</summary>'
        f"<dc:identifier>id-of-{escape(each).rpartition('/')[2]}</dc:identifier></entry>"
        for each in links
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xml:lang="en-GB" xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><id>tag:www.gov.uk,2005:/search</id>'
        f"<title>Policy papers and consultations</title>{entries}</feed>"
    )


def legislation(entries, *, documents=None, making=()):
    """Pages of what is asked for, at most 200; of the log always 20. Whoever has no name is refused.

    `documents` by path; of those in `making` it says that it still makes them.
    """

    def respond(path, query, headers):
        if not headers.get("user-agent", "").startswith("PolicyMonitor"):
            return answered(b"Forbidden", 403, "text/html")
        if path in making:
            return answered(b"", 202, "application/xml")
        if not path.endswith("/data.feed"):
            text = (documents or {}).get(path)
            return answered(text.encode(), media_type="application/xml") if text else Answer(404)
        values = dict(query)
        size = 20 if path.startswith("/update/") else min(int(values.get("results-count", 20)), 200)
        page = int(values.get("page", 1))
        rows = entries[(page - 1) * size : page * size]
        more = max(0, -(-len(entries) // size) - page)
        total = len(entries) if path.startswith("/changes/") else None
        return answered(feed(*rows, page=page, more=more, total=total).encode(), media_type="application/atom+xml")

    return respond


def gov_uk(*contents, listed=()):
    """A finder and the Content API; what is gone is told with 410, a path below a document with 303."""
    by_path = {each["base_path"]: each for each in contents}

    def respond(path, query, headers):
        if path.endswith(".atom"):
            atom = finder(*listed, site=f"http://{headers['host']}")
            return answered(atom.encode(), media_type="application/atom+xml; charset=utf-8")
        if path == "/api/search.json":
            found = [{"link": each, "title": "Fees"} for each in listed][: int(dict(query).get("count", 10))]
            return answered({"results": found, "total": len(listed), "start": 0})
        asked = path.removeprefix("/api/content")
        above = next((each for each in by_path if asked.startswith(f"{each}/")), None)
        if above:
            return answered(b"", 303, "text/html", Location=f"/api/content{above}")
        if asked not in by_path:
            return answered({"errors": {"code": "404"}}, 404)
        return answered(by_path[asked], 410 if by_path[asked]["schema_name"] == "gone" else 200)

    return respond


WHOLE = {
    "govuk": [document(withdrawn_notice={"explanation": "Old", "withdrawn_at": "2032-11-12T09:52:00Z"}), document()],
    "legislation-gov-uk": [feed(law(), effect(), event(), more=1)],
}
URLS = {"govuk": "https://www.gov.uk/api/content/a"}
SPIDERS = {
    GovUkSpider: "https://www.gov.uk/search/all.atom",
    LegislationGovUkSpider: "https://www.legislation.gov.uk/new/data.feed",
}
