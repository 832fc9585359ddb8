"""Moving pictures as Chromium decodes them, pixel by pixel."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from plotting import encoders
from plotting.encoders import Film
from tests.helpers_encoders import Pixels, soft_frames

DECODE = """async ([base64, type]) => {
  const data = Uint8Array.from(atob(base64), char => char.charCodeAt(0));
  const decoder = new ImageDecoder({data, type, colorSpaceConversion: "none"});
  await decoder.tracks.ready;
  await decoder.completed;
  const frames = [];
  for (let i = 0; i < decoder.tracks.selectedTrack.frameCount; i++) {
    const {image} = await decoder.decode({frameIndex: i});
    const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    frames.push([image.duration / 1000, Array.from(pixels)]);
    image.close();
  }
  return [decoder.tracks.selectedTrack.repetitionCount, frames];
}"""


@pytest.fixture
def page(tab: Callable[..., Any], tmp_path: Path) -> Any:
    """Return a page of a file, where decoders may be used."""
    path = tmp_path / "empty.html"
    path.write_text("<!DOCTYPE html>")
    page = tab()
    page.goto(path.as_uri())
    return page


def squares() -> list[Pixels]:
    """Return frames of a red square that moves over a grey ramp."""
    frames = []
    for place in range(6):
        frame = np.full((40, 60, 4), 255, np.uint8)
        frame[..., :3] = np.linspace(100, 200, 60).astype(np.uint8)[:, None]
        frame[5 * place : 5 * place + 9, 7 * place : 7 * place + 11, :3] = (200, 30, 60)
        frames.append(frame)
    return frames


@pytest.mark.parametrize("kind", ["gif", "apng", "webp"])
@pytest.mark.parametrize(("frames", "loop"), [(squares(), 0), (soft_frames(6), 3)])
def test_a_browser_sees_the_same_pixels_and_times(
    page: Any, tmp_path: Path, kind: str, frames: list[Pixels], loop: int
) -> None:
    path, times_ms = tmp_path / f"a.{kind}", [50, 100, 70, 2000, 150, 30]
    encoders.save(path, Film(frames, times_ms, loop))
    content = b64encode(path.read_bytes()).decode("ascii")
    mime = "image/png" if kind == "apng" else f"image/{kind}"
    repetitions, seen = page.evaluate(DECODE, [content, mime])
    assert repetitions in ([None, float("inf")] if loop == 0 else [loop - 1])
    assert [time_ms for time_ms, _ in seen] == times_ms
    for (_, pixels), frame in zip(seen, frames):
        got = np.array(pixels, np.uint8).reshape(frame.shape).astype(int)
        alpha = frame[..., 3]
        if kind == "gif":  # whose pixels are there or not
            np.testing.assert_array_equal(got[..., 3], np.where(alpha >= 80, 255, 0))
        else:
            np.testing.assert_array_equal(got[..., 3], alpha)
        clear = alpha > 128  # of what is fainter, a canvas keeps few bits of a colour
        np.testing.assert_allclose(got[clear][:, :3], frame[clear][:, :3], atol=2 * loop // 3)
