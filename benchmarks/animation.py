"""The animation of the README, a looping GIF.

    python benchmarks/animation.py docs/tower.gif

In a real JupyterLab in headless Chromium the mouse drags the slider `bias` of the tower from the printed value to one that
gives a tower, then `w` and back. Every frame is a screenshot of the page; a dot shows where the mouse is, since screenshots
leave it out.
"""

import argparse
import io
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image, ImageDraw

from tests.browser import lab

SETUP = f"import sys\nsys.path.insert(0, {str(lab.ROOT)!r})\nfrom helpers import explorers"

#: Of the animation: its width, bytes at most, ms a frame.
WIDTH, MOST_BYTES, FRAME = 600, 1_500_000, 70
#: Slider, the fraction of its track to which it is dragged, frames for it, frames of rest after it.
STROKES = [("bias", 0.52, 14, 8), ("w", 0.25, 14, 2), ("w", 0.85, 16, 4), ("w", 0.495, 8, 2), ("bias", 0.3333, 8, 0)]


def record(path: Path):
    """Write the animation of the README."""
    with (
        tempfile.TemporaryDirectory() as folder,
        lab.browser() as chromium,
        lab.opened(
            chromium, Path(folder), [SETUP, "explorers.tower()"], viewport={"width": 1180, "height": 900}
        ) as opened,
    ):
        frames = list(frames_of(opened.page, opened.explorer()))
    write(frames, path)
    size = path.stat().st_size
    print(f"{path}: {len(frames)} frames, {len(frames) * FRAME / 1000:.1f} s, {size:,} bytes")
    if size > MOST_BYTES:
        sys.exit(f"more than {MOST_BYTES:,} bytes: fewer frames, or a narrower picture")


def frames_of(page, explorer):
    """The pictures of all strokes, one after the other."""
    explorer.handle("bias").scroll_into_view_if_needed()
    area = explorer.root.bounding_box()
    # From the sliders to the sentence, without the buttons below.
    area["height"] = explorer.root.locator(".nn-tools").bounding_box()["y"] - area["y"] - 22
    for name, to, moves, rest in STROKES:
        track = explorer.slider(name).locator(".noUi-target").bounding_box()
        handle = explorer.handle(name).bounding_box()
        x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
        end = track["x"] + to * track["width"]
        page.mouse.move(x, y)
        page.mouse.down()
        for k in range(1, moves + 1):
            # Slow at both ends, as a hand is.
            share = k / moves
            place = x + (end - x) * share * share * (3 - 2 * share)
            page.mouse.move(place, y)
            yield frame(page, explorer, name, area, (place - area["x"], y - area["y"]))
        page.mouse.up()
        for _ in range(rest):
            yield frame(page, explorer, name, area, (end - area["x"], y - area["y"]))


def frame(page, explorer, name, area, mouse) -> Image.Image:
    """What the page shows in `area`, with a dot where the mouse is."""
    explorer.wait_until_shown(name, explorer.slider_value(name))
    shot = Image.open(io.BytesIO(page.screenshot(clip=area))).convert("RGB")
    x, y = mouse
    ImageDraw.Draw(shot, "RGBA").ellipse((x - 9, y - 9, x + 9, y + 9), fill=(0, 114, 178, 150))
    height = round(shot.height * WIDTH / shot.width)
    return shot.resize((WIDTH, height), Image.Resampling.LANCZOS)


def write(frames: list[Image.Image], path: Path):
    """Write a looping GIF with one palette for all frames: then a pixel that does not change costs nothing."""
    sample = Image.new("RGB", (WIDTH, 4 * frames[0].height))
    for k in range(4):
        sample.paste(frames[k * (len(frames) - 1) // 3], (0, k * frames[0].height))
    palette = sample.quantize(256, method=Image.Quantize.MEDIANCUT)
    palette.putpalette([255 if color > 250 else color for color in palette.getpalette()])  # white stays white
    first, *others = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    first.save(path, save_all=True, append_images=others, duration=FRAME, loop=0, optimize=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, metavar="GIF", help="write the animation there")
    if missing := lab.browser_missing():
        sys.exit(missing)
    record(parser.parse_args().path)
