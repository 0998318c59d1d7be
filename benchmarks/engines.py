"""What a picture costs in Chromium, Firefox and WebKit: the explorers of notebook 03 on the site.

    python benchmarks/engines.py [chromium firefox webkit]

The first slider of each explorer is set to 40 values, one a frame, by the page itself. Timed are the `draw`, from the begin
of the frame to the end of what the explorer does in it, and the `picture`, until the frame is painted as well.
JSC_useJIT=0 in the environment shows WebKit without its compiler: that, and nothing of the drawing, makes it seven times as
slow as Chromium.
"""

import statistics
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.shell.site import build
from tests.browser import engines, lab, lite

PAGE, MOVES = "read/03_bump_plots.html", 40

READY = """(number) => {
  const figure = document.querySelectorAll("figure.explorer")[number];
  figure.scrollIntoView({ block: "center" });
  return !!figure.querySelector("canvas[data-shown]");
}"""

TIME = """async (number, moves) => {
  const figure = document.querySelectorAll("figure.explorer")[number];
  const track = figure.querySelector("input[type=range]");
  const [low, high, times] = [Number(track.min), Number(track.max), []];
  for (let move = 0; move < moves; move++) {
    await new Promise((done) => {
      let begin, drawn;
      const { port1, port2 } = new MessageChannel(); // what is posted in a frame arrives when it is painted
      port1.onmessage = () => done(times.push([drawn - begin, performance.now() - begin]));
      requestAnimationFrame(() => { begin = performance.now(); });
      track.value = low + (high - low) * (0.1 + (0.8 * move) / moves);
      track.dispatchEvent(new Event("input", { bubbles: true })); // the explorer asks for the same frame
      requestAnimationFrame(() => { drawn = performance.now(); port2.postMessage(null); });
    });
  }
  const { panels } = JSON.parse(figure.querySelector("script").textContent).view.spec;
  return [panels.map(({ kind }) => kind).join(", "), times];
}"""


@contextmanager
def asked(engine: str, address: str):
    """A function that asks the page at this address, open in this engine."""
    if engine == "chromium":
        with lab.browser() as chromium:
            page = chromium.new_page(viewport={"width": engines.WIDTH, "height": engines.HEIGHT})
            page.goto(address)
            yield lambda function, *given: page.evaluate(f"(given) => ({function})(...given)", list(given))
    else:
        with engines.opened(engine) as page:
            page.goto(address)
            yield page.evaluate


def main():
    """Measure the engines that the command line names, or all."""
    with tempfile.TemporaryDirectory() as folder:
        site = build.build(Path(folder) / "_site", lite=False)
        print("| engine | explorer | draw: median, p95 | picture: median, p95, ms |\n|---|---|---|---|")
        with lite.site(site) as server:
            for engine in sys.argv[1:] or ["chromium", "firefox", "webkit"]:
                with asked(engine, f"{server.address}/{PAGE}") as ask:
                    for number in range(ask("() => document.querySelectorAll('figure.explorer').length")):
                        while not ask(READY, number):
                            pass
                        kinds, times = ask(TIME, number, MOVES)
                        both = ["{:.0f}, {:.0f}".format(*_figures(column)) for column in zip(*times, strict=True)]
                        print(f"| {engine} | {number}: {kinds} | {both[0]} | {both[1]} |", flush=True)


def _figures(times) -> tuple[float, float]:
    """Median and 95th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
