"""Pages that publishers show to people, and the queries of their interfaces that watch the same."""

from __future__ import annotations

import pytest

from monitor.discovery.publishers import find_interface
from monitor.model import PUBLISHER_KINDS

FR = "https://www.federalregister.gov/api/v1/documents.json?"
WINDOW = "conditions[publication_date][gte]={since:365d}"
PAIRS = [
    ("https://www.federalregister.gov/agencies/fen-agency", f"{FR}conditions[agencies][]=fen-agency&{WINDOW}"),
    (
        "https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=ponds+%26+fens&order=newest",
        f"{FR}conditions[term]=ponds%20%26%20fens&{WINDOW}",
    ),
    (
        f"{FR}conditions[term]=x&conditions[publication_date][gte]={{since}}&per_page=20",
        f"{FR}conditions[term]=x&conditions[publication_date][gte]={{since}}",
    ),
    (
        "https://www.regulations.gov/docket/FEN-2023-0077",
        "https://api.regulations.gov/v4/documents?filter[docketId]=FEN-2023-0077",
    ),
    (
        "https://www.regulations.gov/document/FEN-2023-0077-0001",
        "https://api.regulations.gov/v4/documents?filter[docketId]=FEN-2023-0077",
    ),
    (
        "https://api.regulations.gov/v4/documents?filter[agencyId]=FEN",
        "https://api.regulations.gov/v4/documents?filter[agencyId]=FEN",
    ),
    (
        "https://www.ecfr.gov/current/title-16/chapter-I/part-312/section-312.5",
        "https://www.ecfr.gov/api/versioner/v1/versions/title-16.json?part=312",
    ),
    (
        "https://www.ecfr.gov/api/versioner/v1/versions/title-2.json?part=1",
        "https://www.ecfr.gov/api/versioner/v1/versions/title-2.json?part=1",
    ),
    (
        "https://www.congress.gov/bill/119th-congress/senate-bill/1748/text",
        "https://api.congress.gov/v3/bill/119/s/1748",
    ),
    ("https://api.congress.gov/v3/bill/119?x=1", "https://api.congress.gov/v3/bill/119?x=1"),
    ("https://www.govinfo.gov/app/collection/fr/2026", "https://api.govinfo.gov/collections/FR/{since}T00:00:00Z"),
    (
        "https://api.govinfo.gov/collections/FR/{since}T00:00:00Z",
        "https://api.govinfo.gov/collections/FR/{since}T00:00:00Z",
    ),
    ("https://legiscan.com/CA/bill/AB2273/2021", "https://api.legiscan.com/?op=getSearch&state=CA&query=AB2273"),
    (
        "https://legiscan.com/gaits/search?keyword=age+checks",
        "https://api.legiscan.com/?op=getSearch&state=ALL&query=age+checks",
    ),
    ("https://api.legiscan.com/?key=secret&op=getBill&id=7", "https://api.legiscan.com/?op=getBill&id=7"),
    (
        "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX%3A32022R2065",
        "https://publications.europa.eu/resource/celex/32022R2065",
    ),
    (
        "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:02022R2065-20221027",
        "https://publications.europa.eu/resource/celex/32022R2065",
    ),
    (
        "https://eur-lex.europa.eu/eli/reg_impl/2024/607/oj/eng",
        "https://publications.europa.eu/resource/celex/32024R0607",
    ),
    ("http://data.europa.eu/eli/dir/2018/1808/oj", "https://publications.europa.eu/resource/celex/32018L1808"),
    (
        "https://publications.europa.eu/resource/celex/52020PC0825",
        "https://publications.europa.eu/resource/celex/52020PC0825",
    ),
    (
        "https://ec.europa.eu/info/law/better-regulation/have-your-say/initiatives/14352-Ponds-and-fens_en",
        "https://ec.europa.eu/info/law/better-regulation/brpapi/groupInitiatives/14352",
    ),
    (
        "https://have-your-say.ec.europa.eu/info/law/better-regulation/have-your-say/initiatives_en?topic=DIGITAL&x=1",
        "https://ec.europa.eu/info/law/better-regulation/brpapi/searchInitiatives?topic=DIGITAL",
    ),
    (
        "https://ec.europa.eu/info/law/better-regulation/have-your-say/initiatives",
        "https://ec.europa.eu/info/law/better-regulation/brpapi/searchInitiatives?feedbackStatus=OPEN",
    ),
    ("https://www.legislation.gov.uk/ukpga/2023/50/contents", "https://www.legislation.gov.uk/ukpga/2023/50/data.xml"),
    (
        "https://www.legislation.gov.uk/id/ukpga/2023/50/section/64",
        "https://www.legislation.gov.uk/ukpga/2023/50/section/64/data.xml",
    ),
    ("https://www.legislation.gov.uk/new/uksi", "https://www.legislation.gov.uk/new/uksi/data.feed"),
    (
        "https://www.legislation.gov.uk/changes/affected/ukpga/2023/50/data.feed?sort=modified",
        "https://www.legislation.gov.uk/changes/affected/ukpga/2023/50/data.feed?sort=modified",
    ),
    (
        "https://www.gov.uk/search/policy-papers-and-consultations?organisations[]=fen-office",
        "https://www.gov.uk/search/policy-papers-and-consultations.atom?organisations[]=fen-office",
    ),
    (
        "https://www.gov.uk/government/organisations/fen-office",
        "https://www.gov.uk/search/all.atom?organisations[]=fen-office",
    ),
    (
        "https://www.gov.uk/government/consultations/on-ponds",
        "https://www.gov.uk/api/content/government/consultations/on-ponds",
    ),
    ("https://www.gov.uk/guidance/ponds", "https://www.gov.uk/api/content/guidance/ponds"),
    (
        "https://www.legislation.gov.au/C2021A00076/latest/text",
        "https://api.prod.legislation.gov.au/v1/Titles('C2021A00076')",
    ),
    (
        "https://api.prod.legislation.gov.au/v1/Titles('F2020L01')",
        "https://api.prod.legislation.gov.au/v1/Titles('F2020L01')",
    ),
    ("https://www.parl.ca/legisinfo/en/bill/45-1/C-63", "https://www.parl.ca/legisinfo/en/bill/45-1/c-63/json"),
    (
        "https://www.parl.ca/legisinfo/en/bills?parlsession=45-1",
        "https://www.parl.ca/legisinfo/en/bills/json?parlsession=45-1",
    ),
    (
        "https://www.oireachtas.ie/en/bills/bill/2024/12/",
        "https://api.oireachtas.ie/v1/legislation?bill_year=2024&bill_no=12",
    ),
    ("https://www.oireachtas.ie/en/bills/", "https://api.oireachtas.ie/v1/legislation?date_start={since:180d}"),
    ("https://api.oireachtas.ie/v1/legislation?bill_no=1", "https://api.oireachtas.ie/v1/legislation?bill_no=1"),
]
NOTHING = [
    "https://www.federalregister.gov/documents/2026/05/01/2026-08123/on-ponds",
    "https://www.federalregister.gov/documents/search",
    "https://www.regulations.gov/agency/FEN",
    "https://www.ecfr.gov/current/title-16",
    "https://www.congress.gov/bill/119th-congress/senate-amendment/1",
    "https://www.govinfo.gov/help",
    "https://legiscan.com/about",
    "https://eur-lex.europa.eu/homepage.html",
    "https://ec.europa.eu/commission/presscorner",
    "https://www.legislation.gov.uk/aboutus",
    "https://www.gov.uk/browse/ponds",
    "https://www.legislation.gov.au/C2024C00123/latest",
    "https://www.parl.ca/legisinfo/en/bills",
    "https://www.oireachtas.ie/en/visit",
    "https://fen.example/docket/FEN-2023-0077",
    "https://gov.uk.fen.example/search/all",
]


@pytest.mark.parametrize(("page", "query"), PAIRS)
def test_a_page_of_a_publisher_with_an_interface_is_watched_by_its_query(page, query):
    assert find_interface(page).url == query


@pytest.mark.parametrize("page", NOTHING)
def test_what_has_no_sure_counterpart_has_none(page):
    assert find_interface(page) is None


def test_every_interface_is_known_with_its_publisher_and_key():
    found = {each.kind: each for each in (find_interface(page) for page, _ in PAIRS)}
    assert set(found) == PUBLISHER_KINDS
    assert all(each.publisher and each.name and each.jurisdiction for each in found.values())
    assert {kind for kind, each in found.items() if each.key} == {"regulations-gov", "congress", "govinfo", "legiscan"}


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("https://www.ecfr.gov/current/title-16/part-312", "16 CFR part 312"),
        (
            "https://www.congress.gov/bill/118th-congress/house-joint-resolution/7",
            "House joint resolution 7 (Congress 118)",
        ),
        ("https://www.federalregister.gov/topics/ponds-and-fens", "Federal Register: ponds and fens"),
        ("https://www.parl.ca/LegisInfo/en/bill/45-1/c-63", "Bill C-63 (Parliament 45-1)"),
    ],
)
def test_its_name_says_what_is_asked_for(page, name):
    assert find_interface(page).name == name
