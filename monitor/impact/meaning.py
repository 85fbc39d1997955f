"""How near in meaning texts are, offline on the CPU: a cosine for each text, with the vectors of texts remembered.

    vectors = StoredVectors(db)                          # monitor.store.vectors
    meaning = load_meaning(vectors=vectors)              # None: the extra [semantic] is not installed
    while left := meaning.warm(texts, 1.0):              # ahead of time, in slices of a second, so that one can tell
        print(f"{left} sections left")
    meaning.similarities(query, texts, language)         # list[float], -1 to 1, in the order of `texts`

Put the title before the text: only the first 128 tokens count. Pass the same texts again and again: they are turned
into one matrix, and a query costs its own embedding (0.4 ms a token) and a product (5 ms for 10,000 texts).
The same query asked again of other texts (the sentences of the best sections, say) is not embedded again.

Does not do: finding or running models (`monitor.impact.embedding`), deciding what is near enough.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from monitor.impact.embedding import find_english, find_multilingual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from monitor.impact.embedding import SentenceModel, Vector

Key = tuple[str, str]
"""Name of the model, sha256 of the text."""
_FLOAT16 = "<f2"
"""Half the size of float32; a cosine is off by less than .001."""
_SLICE = 4
"""Texts between two looks at the clock."""


class Vectors(Protocol):
    """What vectors are remembered in, as little-endian float16: a dict, or `monitor.store.vectors`."""

    def __contains__(self, key: Key, /) -> bool: ...

    def __getitem__(self, key: Key, /) -> bytes: ...

    def __setitem__(self, key: Key, vector: bytes, /) -> None: ...


def load_meaning(folder: Path | None = None, vectors: Vectors | None = None) -> Meaning | None:
    """The sentence models as installed, or the ONNX model in `folder` in place of the English one.

    `vectors` is what they remember in; without, it is a dict that ends with the process.

    None where the extra `[semantic]` is not installed. Only a model in `folder` is loaded at once, to see that it fits.
    Raises ConfigurationError where a file is missing, is not the pinned one, or is no sentence model.
    """
    english = find_english(folder)
    return Meaning(english, {} if vectors is None else vectors) if english else None


class Meaning:
    """The models, and in `vectors` what they have computed. `name` is that of the English model."""

    def __init__(self, english: SentenceModel, vectors: Vectors) -> None:
        self.name = english.name
        self.vectors = vectors
        self._english = english
        self._matrix = lru_cache(maxsize=4)(self._build_matrix)
        self._query = lru_cache(maxsize=64)(self._embed_query)

    def similarities(self, query: str, texts: Sequence[str], language: str = "") -> list[float]:
        """The cosine (-1 to 1) of `query` with each of `texts`; 0 where either has no words.

        `language` is that of the query, as ISO 639-1; "" = English. What is not remembered is computed, 45 ms a text.
        """
        if not texts:
            return []
        model = self._model(language)
        cosines = self._multiply(self._matrix(model, tuple(texts)), self._query(model, query))
        scaled = model.slope * (cosines - model.centre) * (cosines != 0)
        similarities: list[float] = scaled.clip(-1, 1).tolist()
        return similarities

    def warm(self, texts: Sequence[str], seconds: float, clock: Callable[[], float] = time.monotonic) -> int:
        """Compute missing vectors, in the order of `texts`, until `seconds` are over; how many are missing then.

        Those of the English model, which every question is compared by. The few texts that were begun are finished, so
        that each call gets on. Where none is missing, no model is loaded.
        """
        end = clock() + seconds
        return next((left for left in self._iter_left(self._english, texts) if clock() >= end), 0)

    def _model(self, language: str) -> SentenceModel:
        is_english = language[:2].lower() in {"", "en"}
        return self._english if is_english else self._multilingual

    @cached_property
    def _multilingual(self) -> SentenceModel:
        """Without its package the English model must do: it still knows names, numbers and kindred words."""
        return find_multilingual() or self._english

    def _find_missing(self, model: SentenceModel, texts: Sequence[str]) -> dict[Key, str]:
        return {key: text for text in texts if (key := _key(model, text)) not in self.vectors}

    def _iter_left(self, model: SentenceModel, texts: Sequence[str]) -> Iterator[int]:
        """Compute what is missing, a few texts at a time; after each few, how many are left."""
        missing = self._find_missing(model, texts)
        todo = list(missing)
        if todo:
            model.load()
        with ThreadPoolExecutor(model.workers) as pool:
            while todo:
                keys, todo = todo[:_SLICE], todo[_SLICE:]
                for key, vector in zip(keys, pool.map(model.embed, [missing[key] for key in keys]), strict=True):
                    self.vectors[key] = vector.astype(_FLOAT16).tobytes()
                yield len(todo)

    def _build_matrix(self, model: SentenceModel, texts: tuple[str, ...]) -> Vector:
        """One line for each text; what is missing is computed."""
        import numpy as np

        for _ in self._iter_left(model, texts):
            pass
        stored = b"".join(self.vectors[_key(model, text)] for text in texts)
        return np.frombuffer(stored, _FLOAT16).reshape(len(texts), -1).astype(np.float32)

    @staticmethod
    def _multiply(matrix: Vector, vector: Vector) -> Vector:
        import numpy as np

        # Not `@`: beside other work the threads of BLAS wait for each other, 8 ms against 3 for 10,000 texts.
        return np.einsum("ij,j->i", matrix, vector)

    @staticmethod
    def _embed_query(model: SentenceModel, query: str) -> Vector:
        return model.embed(query, is_query=True)


def _key(model: SentenceModel, text: str) -> Key:
    return model.name, sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
