import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.decode import decode

TEXT = "Größe, naïve – “fair” €5"
GERMAN = "Wir löschen Beiträge, die gegen die Regeln verstoßen – für alle Nutzer –, und prüfen Einsprüche."
CYRILLIC = "Правила сообщества действуют для всех"


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        pytest.param(TEXT.encode(), "utf-8", TEXT, id="as declared"),
        pytest.param(TEXT.encode(), None, TEXT, id="UTF-8 without a word"),
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), "koi8-r", TEXT, id="byte-order mark goes before the header"),
        pytest.param(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), None, TEXT, id="UTF-16 with mark"),
        pytest.param(TEXT.encode("utf-16-le"), "utf-16", TEXT, id="UTF-16 as declared"),
        pytest.param(b"<p>plain ASCII", "utf-16", "<p>plain ASCII", id="UTF-16 declared, but never written"),
        pytest.param(TEXT.encode("cp1252"), "iso-8859-1", TEXT, id="Latin-1 means windows-1252"),
        pytest.param(TEXT.encode("cp1252"), "us-ascii", TEXT, id="ASCII means windows-1252"),
        pytest.param(TEXT.encode(), "iso-8859-1", TEXT, id="Latin-1 declared, UTF-8 written"),
        pytest.param(CYRILLIC.encode("cp1251"), "windows-1251", CYRILLIC, id="Cyrillic"),
        pytest.param("利用規約①".encode("cp932"), "Shift_JIS", "利用規約①", id="Shift_JIS with Microsoft's letters"),
        pytest.param("社区规则".encode("gb18030"), "gb2312", "社区规则", id="gb2312 means gb18030"),
        pytest.param(
            f"<meta charset=windows-1251>{CYRILLIC}".encode("cp1251"),
            None,
            f"<meta charset=windows-1251>{CYRILLIC}",
            id="declared in the document",
        ),
        pytest.param(
            f'<?xml version="1.0" encoding="koi8-r"?>{CYRILLIC}'.encode("koi8-r"),
            "klingon",
            f'<?xml version="1.0" encoding="koi8-r"?>{CYRILLIC}',
            id="an unknown name in the header, XML declaration",
        ),
        pytest.param(
            f"<meta charset=utf-16>{TEXT}".encode(), None, f"<meta charset=utf-16>{TEXT}", id="no meta is in UTF-16"
        ),
        pytest.param(TEXT.encode(), "shift_jis", TEXT, id="a wrong declaration gives no mojibake"),
        pytest.param(TEXT.encode() * 9 + b"\xe2\x80", "utf-8", TEXT * 9 + "\ufffd", id="UTF-8 cut within a letter"),
        pytest.param(GERMAN.encode("cp1252"), "utf-8", GERMAN, id="UTF-8 declared, windows-1252 written"),
        pytest.param(b"", "utf-8", "", id="nothing"),
    ],
)
def test_bytes_are_read_in_the_encoding_they_were_written_in(body: bytes, charset: str | None, text: str) -> None:
    assert decode(body, charset) == text


@pytest.mark.parametrize(
    "charset", ["hex", "unicode_escape", "utf-7", "idna", "undefined", "\0", "x" * 999, "", '"utf-8"']
)
def test_a_name_of_no_encoding_does_no_harm(charset: str) -> None:
    assert decode(TEXT.encode(), charset) == TEXT


@given(st.binary(), st.sampled_from([None, "utf-8", "utf-16", "utf-32", "latin-1", "big5", "euc-kr", "iso-2022-jp"]))
def test_any_bytes_can_be_decoded(body: bytes, charset: str | None) -> None:
    decode(body, charset).encode()


@given(st.text(st.characters(codec="utf-8")))
def test_utf_8_is_always_recognised(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode(), None) == text
    assert decode(text.encode(), "utf-8") == text.removeprefix("\ufeff")
