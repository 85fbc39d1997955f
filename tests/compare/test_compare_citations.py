"""Legal references in normal form."""

import re

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
        ("Regulation EU 2016/679", "eu:reg:2016/679"),
        ("Verordnung (EU) Nr. 910/2014", "eu:reg:2014/910"),
        ("r\u00e8glement (UE) 2023/2854", "eu:reg:2023/2854"),
        ("Reglamento (UE) 2021/784", "eu:reg:2021/784"),
        ("Richtlinie 2002/58/EG", "eu:dir:2002/58"),
        ("direttiva 93/13/CEE", "eu:dir:1993/13"),
        ("Framework Decision 2008/977/JHA", "eu:dec:2008/977"),
        ("32021D0914", "eu:dec:2021/914"),
        ("/eli/dir/2019/790", "eu:dir:2019/790"),
        ("2010/13/EU", "eu:dir:2010/13"),
        ("Art. 6 Abs. 1 lit. f DSGVO", "eu:reg:2016/679#art6(1)(f)"),
        ("GDPR Article 9(2)(g)", "eu:reg:2016/679#art9(2)(g)"),
        ("recital 47 of the GDPR", "eu:reg:2016/679#rec47"),
        ("Title 18 of the United States Code, Section 2703(d)", "us:usc:18/2703#(d)"),
        ("section 2258A of title 18, United States Code", "us:usc:18/2258A"),
        ("Public Law 116-283", "us:publ:116-283"),
        ("Pub. L. No. 117-58, Div. B", "us:publ:117-58/divB"),
        ("135 Stat. 429", "us:stat:135/429"),
        ("89 Fed. Reg. 34,106", "us:fr:89/34106"),
        ("Section 512(c)(3) of the DMCA", "us:usc:17/512#(c)(3)"),
        ("Cal. Civ. Code \u00a7 1798.145", "us-ca:civ:1798.145"),
        ("Section 1798.83 of the California Civil Code", "us-ca:civ:1798.83"),
        ("California Business and Professions Code Section 22948", "us-ca:bpc:22948"),
        ("Cal. Penal Code \u00a7 632", "us-ca:pen:632"),
        ("740 ILCS 14", "us-il:ilcs:740/14"),
        ("Va. Code Ann. \u00a7 59.1-575", "us-va:code:59.1-575"),
        ("C.R.S. \u00a7 6-1-1306", "us-co:crs:6-1-1306"),
        ("Texas Bus. & Com. Code \u00a7 541.101", "us-tx:bus:541.101"),
        ("N.Y. Gen. Bus. Law \u00a7 899-bb", "us-ny:gbl:899-bb"),
        ("RCW 19.373.010", "us-wa:rcw:19.373.010"),
        ("SI 2013/3134", "uk:uksi:2013/3134"),
        ("S.C. 2010, c. 23", "ca:sc:2010/c23"),
        ("\u00a7 7 DDG", "de:ddg#\u00a77"),
        ("\u00a7\u00a7 86 ff. StGB", "de:stgb#\u00a786"),
        ("Sections 174 to 180 of the German Criminal Code", "de:stgb#\u00a7174-180"),
        ("loi n\u00b0 2021-1109", "fr:loi:2021-1109"),
        ("Law No. 78-17", "fr:loi:78-17"),
        ("Lei n\u00ba 8.069/1990", "br:lei:8069/1990"),
        ("Decreto Legislativo n. 196/2003", "it:dlgs:196/2003"),
        ("Ley Org\u00e1nica 3/2018", "es:lo:3/2018"),
        ("5651 say\u0131l\u0131", "tr:kanun:5651"),
        ("digital services act", "eu:reg:2022/2065"),
        ("\u4e2a\u4eba\u4fe1\u606f\u4fdd\u62a4\u6cd5", "cn:pipl"),
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
        "the files are at https://files.example/GDPR/list",
        "write to gdpr@firm.example or GDPR@firm.example",
        "Prime DMA for institutions",
        "a member of the DMA Institute",
        "a Data Sharing Agreement (DSA). You sign the DSA with your order.",
        "The ADA token is listed on our market.",
        "our Take It Down programme",
        "the law on 12/2003 was sunny",
        "",
    ],
)
def test_what_only_looks_like_a_law_is_none(text):
    assert find_citations(text) == ()


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("Articles 15, 16 and 17 of the GDPR", ["#art15", "#art16", "#art17"]),
        ("Articles 12 to 14 of the GDPR", ["#art12-14"]),
        ("GDPR (Arts 5 & 6)", ["#art5", "#art6"]),
        ("under Art. 17 and the GDPR", [""]),
    ],
)
def test_several_articles_of_one_law_are_each_a_citation(text, norms):
    assert [citation.id for citation in find_citations(text)] == [f"eu:reg:2016/679{each}" for each in norms]


def test_numbers_that_follow_in_a_list_are_acts_of_the_same_kind():
    found = find_citations("Regulations (EU) 2022/2065 and (EU) 2022/1925; 18 U.S.C. \u00a7\u00a7 2510, 2701 and 3121.")
    assert [citation.id for citation in found] == [
        "eu:reg:2022/2065",
        "eu:reg:2022/1925",
        "us:usc:18/2510",
        "us:usc:18/2701",
        "us:usc:18/3121",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "traders under Article 30 of the DSA",
        "our DSA transparency reports",
        "The Digital Services Act is a regulation. Our DSA page tells more.",
    ],
)
def test_a_short_name_with_several_meanings_counts_where_the_text_supports_it(text):
    assert {citation.id.partition("#")[0] for citation in find_citations(text)} == {"eu:reg:2022/2065"}


def test_laws_of_one_name_in_several_countries_are_told_apart_by_their_year():
    text = "the Online Safety Act 2021, the Online Safety Act 2023"
    assert [each.id for each in find_citations(text)] == ["au:online-safety-act-2021", "uk:ukpga:2023/50"]


def test_each_law_is_named_once_in_reading_order():
    found = find_citations("The DSA, 16 CFR Part 312, the Digital Services Act and Article 16 of the DSA.")
    assert [citation.id for citation in found] == ["eu:reg:2022/2065", "us:cfr:16/312", "eu:reg:2022/2065#art16"]
    assert found[0].text == "DSA"


PARTS = st.sampled_from(
    [
        "Article ",
        "Articles 5 and 6 ",
        "of the ",
        "GDPR",
        "DSA",
        "Regulation ",
        "(EU) ",
        "2016/679",
        "18 U.S.C. ",
        "§§ ",
        "2701",
        ", ",
        "and ",
        "Section 512(c)",
        " DMCA",
        "Law No. ",
        "13.709/2018",
        "NetzDG",
        "Cal. Civ. Code ",
        "\n",
        "(",
    ]
)


@given(st.text(max_size=80) | st.lists(PARTS, max_size=12).map("".join))
def test_any_text_can_be_searched_and_what_is_found_stands_in_it(text):
    for citation in find_citations(text):
        assert citation.text in text
        assert re.fullmatch(r"[a-z]{2}(?:-[a-z]{2})?(?::[\w.-]+){1,2}(?:[/:][\w./-]+)?(?:#.+)?", citation.id)


@pytest.mark.parametrize(
    "stretch", ["Article 5 and ", "Law No. ", "\u00a7 5 ", "Regulation (EU) ", "2016/", "Section 5, ", "DSA "]
)
def test_endless_repetition_is_searched_without_getting_lost(stretch):
    assert len(find_citations(stretch * 20_000)) <= 1
