"""Where cited laws can be read."""

from __future__ import annotations

import pytest

from digests.escape import find_link
from monitor.views.laws import find_address

EUR_LEX = "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:"
US_CODE = "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title"
CALIFORNIA = "https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode="


@pytest.mark.parametrize(
    ("norm", "address"),
    [
        ("eu:reg:2022/2065#art16", f"{EUR_LEX}32022R2065#art_16"),
        ("eu:reg:2022/1925#art6(12)", f"{EUR_LEX}32022R1925#art_6"),
        ("eu:reg:2016/679#rec47", f"{EUR_LEX}32016R0679#rct_47"),
        ("eu:dir:1995/46", f"{EUR_LEX}31995L0046"),
        ("eu:dec:2021/914#annexI", f"{EUR_LEX}32021D0914"),
        ("us:usc:18/2258A#(f)", f"{US_CODE}18-section2258A&edition=prelim"),
        ("us:cfr:16/312", "https://www.ecfr.gov/current/title-16/part-312"),
        ("us:cfr:16/312.5#(b)", "https://www.ecfr.gov/current/title-16/section-312.5"),
        ("us:publ:118-50/divH", "https://www.govinfo.gov/link/plaw/118/public/50"),
        ("us:stat:138/895", "https://www.govinfo.gov/link/statute/138/895"),
        ("us:fr:89/1234", "https://www.federalregister.gov/citation/89-FR-1234"),
        ("us-ca:civ:1798.100", f"{CALIFORNIA}CIV&sectionNum=1798.100."),
        ("uk:ukpga:2023/50#s64", "https://www.legislation.gov.uk/ukpga/2023/50/section/64"),
        ("uk:uksi:2003/2426", "https://www.legislation.gov.uk/uksi/2003/2426"),
        ("ie:act:2022/41", "https://www.irishstatutebook.ie/eli/2022/act/41"),
        ("de:netzdg#§5", "https://www.gesetze-im-internet.de/netzdg/__5.html"),
        ("de:stgb#§174-180", "https://www.gesetze-im-internet.de/stgb/__174.html"),
        ("de:bgb", "https://www.gesetze-im-internet.de/bgb/"),
    ],
)
def test_a_law_has_the_address_of_its_official_publisher(norm, address):
    assert find_address(norm) == address
    assert find_link(address)


@pytest.mark.parametrize(
    "norm", ["us-il:ilcs:740/14", "uk:gdpr", "de:mstv", "fr:loi:2004-575", "au:online-safety-act-2021", "javascript:x"]
)
def test_a_form_without_a_sure_address_has_none(norm):
    assert find_address(norm) is None
