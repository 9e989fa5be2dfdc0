"""识别引擎: the two models of the extra ``[ocr]``: where text stands, and what a strip of it says.

Both come inside the rapidocr wheel and are given by their paths: nothing is ever fetched. They
are loaded once per process, when first needed.
"""

from __future__ import annotations

import functools
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import rapidocr

from gongkai.statute import notes
from gongkai.statute.texts import Text

Picture = Any  # a numpy array: grey (h, w), bytes

_HEIGHT = 48  # pixels: the height of a strip the recogniser was trained on
_NARROWEST, _WIDEST = 160, 2_400  # pixels of a strip at that height; longer ones are squeezed
_BATCH = 8
_THREADS = 4
_PIXELS_A_STEP = 8  # of a strip, to one step of the recogniser's answer
_LEAST = 0.05  # a step less sure than this of its best character is no character


@dataclass(frozen=True, slots=True)
class Reading:
    """识别结果: what one strip says.

    ``sure`` holds, for each character, how sure the recogniser is of it (0-1); ``middles`` where
    its middle stands, as a share of the strip's width.
    """

    text: str
    sure: tuple[float, ...]
    middles: tuple[float, ...]

    @property
    def confidence(self) -> float:
        """The least sure character's: one wrong digit makes a wrong figure."""
        return min(self.sure, default=0.0)


@dataclass(frozen=True, slots=True)
class Engine:
    """引擎: finds lines of text and reads strips. Its calls may come from several threads."""

    finder: Any
    reader: Any
    characters: tuple[str, ...]
    lock: Any

    def find(self, picture: Picture, side: int) -> list[Any]:
        """The lines of text in a picture, looked at with its longer side as ``side`` pixels: four
        corners each (upper left first, clockwise)."""
        scale = min(1.0, side / max(picture.shape[:2]))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        with self.lock:
            found = self.finder(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR))
        boxes = [] if found.boxes is None else found.boxes
        return [np.asarray(box, dtype=float) / scale for box in boxes]

    def read(self, strips: Sequence[Picture]) -> list[Reading]:
        """What each strip says: one line of upright text each, dark on light."""
        done: dict[int, Reading] = {}
        order = sorted(range(len(strips)), key=lambda i: strips[i].shape[1] / strips[i].shape[0])
        for start in range(0, len(order), _BATCH):
            part = order[start : start + _BATCH]
            done |= zip(part, self._batch([strips[i] for i in part]), strict=True)
        return [done[i] for i in range(len(strips))]

    def _batch(self, strips: Sequence[Picture]) -> list[Reading]:
        sized = [_sized(strip) for strip in strips]
        width = max(_NARROWEST, *(s.shape[1] for s in sized))
        batch = np.zeros((len(sized), 3, _HEIGHT, width), dtype=np.float32)
        for place, strip in zip(batch, sized, strict=True):
            place[:, :, : strip.shape[1]] = strip.astype(np.float32) / 127.5 - 1  # all colours
        with self.lock:
            answer = self.reader.run(None, {self.reader.get_inputs()[0].name: batch})[0]
        return [self._spelt(a, s.shape[1]) for a, s in zip(answer, sized, strict=True)]

    def _spelt(self, steps: Any, width: int) -> Reading:
        """A strip's characters: the best of each step, repeated and empty ones left out."""
        best = steps.argmax(axis=1)
        text: list[str] = []
        sure: list[float] = []
        middles: list[float] = []
        before = 0
        for step, index in enumerate(best.tolist()):
            weight = float(steps[step, index])
            if index and index == before:
                sure[-1:] = [max(weight, *sure[-1:])]
            elif index and weight > _LEAST:
                text.append(self.characters[index])
                sure.append(weight)
                middles.append(min(1.0, (step + 0.5) * _PIXELS_A_STEP / width))
            else:
                index = 0
            before = index
        return Reading("".join(text), tuple(sure), tuple(middles))


def _sized(strip: Picture) -> Picture:
    height, width = strip.shape
    wide = min(_WIDEST, max(1, round(width * _HEIGHT / height)))
    shrunk = cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
    return cv2.resize(strip, (wide, _HEIGHT), interpolation=shrunk)


@functools.cache
def engine() -> Engine:
    """The engine, loaded on the first call (about a second).

    Raises CannotRead: ``error.ocr_broken`` where the wheel came without its models.
    """
    finder, reader = _model("det"), _model("rec")
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    settings = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.use_rec": False,
        "Det.model_path": str(finder),
        # Its threads spin while they wait: with several workers they would starve each other.
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    }
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = min(_THREADS, os.cpu_count() or 1)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        str(reader), sess_options=options, providers=["CPUExecutionProvider"]
    )
    spelt = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    characters = ("", *spelt, " ")
    return Engine(rapidocr.RapidOCR(params=settings), session, characters, threading.Lock())


def _model(task: str) -> Path:
    """The model of a task inside the wheel; the smallest where a wheel brings several."""
    folder = Path(rapidocr.__file__).parent / "models"
    found = sorted(folder.glob(f"PP-OCRv*_{task}_*.onnx"), key=lambda f: f.stat().st_size)
    if not found:
        reason = Text("缺少识别模型", "its models are missing")
        raise notes.error("error.ocr_broken", reason=reason)
    return found[0]
