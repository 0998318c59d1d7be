"""Record the animation of the README: a tower dragged in a real JupyterLab, as a looping GIF or WebP.

    python benchmarks/record_animation.py docs/tower.gif

The mouse drags the slider `bias` from the printed value to one that gives a tower, then `w` and back. Every
frame is a screenshot of the page; a dot shows where the mouse is, since screenshots leave it out.
"""

import argparse
import io
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import nbformat
from PIL import Image, ImageDraw

from tests.browser import lab

WIDTH = 600
MOST_BYTES = 1_500_000
FRAME = 70  # ms
#: Slider, the fraction of its track to which it is dragged, frames for it, frames of rest after it.
STROKES = [
    ("bias", 0.52, 14, 8),
    ("w", 0.25, 14, 2),
    ("w", 0.85, 16, 4),
    ("w", 0.495, 8, 2),
    ("bias", 0.3333, 8, 0),
]


def record() -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        setup = f"import sys\nsys.path.insert(0, {str(lab.ROOT)!r})\nfrom helpers import explorers"
        cells = [nbformat.v4.new_code_cell(cell) for cell in (setup, "explorers.tower()")]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
        nbformat.write(notebook, folder / "tower.ipynb")
        with lab.server(folder) as (address, token), lab.browser() as chromium:
            page = chromium.new_page(viewport={"width": 1180, "height": 900})
            opened = lab.Notebook(page, address, token, "tower.ipynb")
            opened.run_all()
            explorer = opened.explorer()
            return list(frames_of(page, explorer))


def frames_of(page, explorer):
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
    explorer.wait_until_shown(name, explorer.slider_value(name))
    shot = Image.open(io.BytesIO(page.screenshot(clip=area))).convert("RGB")
    x, y = mouse
    ImageDraw.Draw(shot, "RGBA").ellipse((x - 9, y - 9, x + 9, y + 9), fill=(0, 114, 178, 150))
    height = round(shot.height * WIDTH / shot.width)
    return shot.resize((WIDTH, height), Image.Resampling.LANCZOS)


def write(frames: list[Image.Image], path: Path):
    if path.suffix == ".gif":
        # One palette for all frames: then a pixel that does not change costs nothing.
        sample = Image.new("RGB", (WIDTH, 4 * frames[0].height))
        for k in range(4):
            sample.paste(frames[k * (len(frames) - 1) // 3], (0, k * frames[0].height))
        palette = sample.quantize(256, method=Image.Quantize.MEDIANCUT)
        colors = palette.getpalette()
        palette.putpalette([255 if color > 250 else color for color in colors])  # white stays white
        frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    options = {"save_all": True, "append_images": frames[1:], "duration": FRAME, "loop": 0, "optimize": False}
    path.parent.mkdir(parents=True, exist_ok=True)
    frames[0].save(path, **options | ({"quality": 80, "method": 6} if path.suffix == ".webp" else {}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path, help="where to write it: a .gif or a .webp")
    path = parser.parse_args().path
    if missing := lab.browser_missing():
        sys.exit(missing)
    frames = record()
    write(frames, path)
    size = path.stat().st_size
    print(f"{path}: {len(frames)} frames, {len(frames) * FRAME / 1000:.1f} s, {size:,} bytes")
    if size > MOST_BYTES:
        sys.exit(f"more than {MOST_BYTES:,} bytes: fewer frames, or a narrower picture")


if __name__ == "__main__":
    main()
