from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigurationError
from monitor.impact.wordpiece import SHIPPED_VOCABULARY, WordPiece, read_vocabulary, split_words

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##want", "##ed", "want", "runn", "##ing", ",", "a", "##b", "¡"]


@pytest.fixture(scope="module")
def small():
    return WordPiece(PIECES, "small")


@pytest.fixture(scope="module")
def shipped():
    return read_vocabulary(SHIPPED_VOCABULARY)


def pieces(tokenizer, text, limit=100):
    return [PIECES[number] for number in tokenizer.encode(text, limit)[1:-1]]


def test_a_word_is_cut_into_the_longest_pieces_from_its_beginning(small):
    assert pieces(small, "UNwantéd, running") == ["un", "##want", "##ed", ",", "runn", "##ing"]


def test_a_word_that_cannot_be_cut_to_its_end_is_one_unknown_token(small):
    assert pieces(small, "unwantedz a") == ["[UNK]", "a"]


def test_a_word_of_more_than_a_hundred_characters_is_one_unknown_token(small):
    assert pieces(small, "a" + "b" * 99, 200) == ["a", *["##b"] * 99]
    assert pieces(small, "a" + "b" * 100, 200) == ["[UNK]"]


def test_only_the_first_tokens_count_with_the_marks_of_start_and_end_among_them(small):
    assert small.encode("unwanted", 4) == [2, 4, 5, 3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop", ["don", "'", "t", "stop"]),
        ("snake_case $5+3", ["snake", "_", "case", "$", "5", "+", "3"]),
        ("Çà et là\u00a0ÉTÉ", ["ca", "et", "la", "ete"]),
        ("規則 of", ["規", "則", "of"]),
        ("soft\u00adhyphen zero\u200bwidth nul\x00", ["softhyphen", "zerowidth", "nul"]),
        ("tab\tline\nreturn\r", ["tab", "line", "return"]),
        ("¿Qué? «Oui» …", ["¿", "que", "?", "«", "oui", "»", "…"]),
        ("© 2026 €5", ["©", "2026", "€5"]),
        ("broken \ufffd \ud800", ["broken"]),
        ("", []),
    ],
)
def test_words_are_cut_where_bert_cuts_them(text, words):
    assert split_words(text) == words


def test_the_shipped_vocabulary_is_that_of_bert_base_uncased():
    found = hashlib.sha256(SHIPPED_VOCABULARY.read_bytes()).hexdigest()
    assert found == "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"


def test_the_numbers_are_those_of_berts_own_tokenizer(shipped):
    """As `tokenizers` gives them, which is not needed here."""
    text = "Age verification: users under 16 mustn't be onboarded, naïvely."
    words = [2287, 22616, 1024, 5198, 2104, 2385, 2442, 2078, 1005, 1056, 2022, 27120, 2098, 1010, 15743, 2135, 1012]
    assert shipped.encode(text, 100) == [101, *words, 102]


@given(st.text())
def test_any_text_has_a_start_an_end_and_no_more_tokens_than_asked_for(shipped, text):
    numbers = shipped.encode(text, 16)
    assert (numbers[0], numbers[-1]) == (101, 102)
    assert len(numbers) <= 16


@given(st.text())
def test_words_that_were_cut_are_not_cut_again(text):
    words = split_words(text)
    assert split_words(" ".join(words)) == words


def test_a_tokenizer_json_gives_the_same_numbers_as_a_vocab_txt(tmp_path, small):
    vocabulary = tmp_path / "vocab.txt"
    vocabulary.write_text("\n".join(PIECES) + "\n", "utf-8")
    described = tmp_path / "tokenizer.json"
    numbers = {piece: number for number, piece in enumerate(PIECES)}
    model = {"type": "WordPiece", "vocab": numbers}
    described.write_text(json.dumps({"model": model, "normalizer": {"lowercase": True}}), "utf-8")
    text = "unwanted ¡running"
    assert read_vocabulary(vocabulary).encode(text, 50) == small.encode(text, 50)
    assert read_vocabulary(described).encode(text, 50) == small.encode(text, 50)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("vocab.txt", "one\ntwo\n", r"without \[CLS\], \[SEP\], \[UNK\]"),
        ("tokenizer.json", "{", "cannot be read"),
        ("tokenizer.json", '{"model": {"type": "Unigram"}}', "no uncased WordPiece model"),
        ("tokenizer.json", '{"model": {"type": "WordPiece"}, "normalizer": {"lowercase": false}}', "no uncased"),
        ("tokenizer.json", '{"model": {"type": "WordPiece"}, "normalizer": null}', "cannot be read"),
    ],
)
def test_a_file_that_is_no_uncased_vocabulary_is_named_with_the_reason(tmp_path, name, content, why):
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(ConfigurationError, match=why) as error:
        read_vocabulary(path)
    assert str(path) in str(error.value)
