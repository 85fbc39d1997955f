"""Legal references in normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.citations import find_citations


@pytest.mark.parametrize(
    ("written", "norm"),
    [
        ("Regulation (EU) 2022/2065", "eu:reg:2022/2065"),
        ("REGULATION (EU) 2022/2065", "eu:reg:2022/2065"),
        ("Regulation (EU) 2022/2065, Article 16", "eu:reg:2022/2065#art16"),
        ("Article 28(1) of Regulation (EU) 2016/679", "eu:reg:2016/679#art28(1)"),
        ("Regulation (EC) No 1907/2006", "eu:reg:2006/1907"),
        ("Regulation (EU) 833/2014", "eu:reg:2014/833"),
        ("Directive 2006/42/EC", "eu:dir:2006/42"),
        ("Directive 95/46/EC", "eu:dir:1995/46"),
        ("Decision (EU) 2021/914", "eu:dec:2021/914"),
        ("18 U.S.C. § 2258A", "us:usc:18/2258A"),
        ("18 USC §2258A", "us:usc:18/2258A"),
        ("17 U.S.C. Section 512(c)(3)", "us:usc:17/512#(c)(3)"),
        ("16 CFR Part 312", "us:cfr:16/312"),
        ("48 C.F.R. 227.7202-4", "us:cfr:48/227.7202-4"),
        ("18 U.S.C. §§ 2701", "us:usc:18/2701"),
        ("2023 c. 50", "uk:ukpga:2023/50"),
        ("2023 c. 50 s. 64", "uk:ukpga:2023/50#s64"),
        ("Online Safety Act 2023", "uk:ukpga:2023/50"),
        ("section 64 of the Online Safety Act 2023", "uk:ukpga:2023/50#s64"),
        ("GDPR", "eu:reg:2016/679"),
        ("Art. 27 UK GDPR", "uk:gdpr#art27"),
        ("Article 6(12) of the DMA", "eu:reg:2022/1925#art6(12)"),
        ("Digital Services Act", "eu:reg:2022/2065"),
        ("COPPA Rule", "us:cfr:16/312"),
        ("Children\u2019s Online Privacy Protection Act", "us:usc:15/6501"),
    ],
)
def test_a_law_is_found_in_a_sentence_in_normal_form_with_the_words_as_written(written, norm):
    (citation,) = find_citations(f"As required under {written}; see there.")
    assert (citation.id, citation.text) == (norm, written)


@pytest.mark.parametrize(
    "text",
    [
        "the regulation of 2022",
        "USDSA members",
        "118 U.S.C. 4",
        "coppa",
        "in 2023 c. and d.",
        "a decision 24/7 by us",
        "",
    ],
)
def test_what_only_looks_like_a_law_is_none(text):
    assert find_citations(text) == ()


def test_each_law_is_named_once_in_reading_order():
    found = find_citations("The DSA, 16 CFR Part 312, the Digital Services Act and Article 16 of the DSA.")
    assert [citation.id for citation in found] == ["eu:reg:2022/2065", "us:cfr:16/312", "eu:reg:2022/2065#art16"]
    assert found[0].text == "DSA"


@given(st.text(max_size=80))
def test_any_text_can_be_searched(text):
    assert all(citation.text in text for citation in find_citations(text))
