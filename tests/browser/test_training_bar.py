"""The bar of a training in a real JupyterLab: it moves, the stop button stops it, one line is stored."""

import re

import nbformat
import pytest

from tests.browser import lab

pytestmark = pytest.mark.browser

CODE = f"""import sys
sys.path.insert(0, {str(lab.ROOT)!r})
import time
import numpy as np
from helpers.networks.network import Network
from helpers.networks.training import train
x = np.random.default_rng(0).normal(size=(300, 2))
network = Network.dense([2, 8, 2])
history = train(network, x, x[:, 0] > 0, "categorical_cross_entropy", epochs=2000, validation=0.2,
                callbacks=[lambda history, network: time.sleep(0.1)])"""
OUTPUT = ".jp-CodeCell .jp-OutputArea-output"


def test_the_bar_moves_and_the_stop_button_stops_it(chromium, tmp_path):
    file = tmp_path / "training.ipynb"
    lab.write(file, [CODE, "print('kept', history.interrupted)"])
    with lab.server(tmp_path) as (address, token):
        page = chromium.new_page(viewport={"width": 1000, "height": 700})
        notebook = lab.Notebook(page, address, token, file.name)
        notebook.run_cell(0)
        bar = page.locator(f"{OUTPUT} progress")
        bar.wait_for(timeout=30_000)
        first = float(bar.get_attribute("value"))
        page.wait_for_function(
            "first => document.querySelector('.jp-OutputArea-output progress')?.value > first", arg=first
        )
        words = page.locator(OUTPUT).inner_text()
        assert re.search(r"epoch \d+ of 2000: cost [\d.]+, accuracy [\d.]+%, validation cost", words)
        assert page.locator(OUTPUT).count() == 1
        page.locator("[data-command='notebook:interrupt-kernel'], [title^='Interrupt']").first.click()
        bar.wait_for(state="detached", timeout=20_000)
        words = page.locator(OUTPUT).inner_text()
        assert re.search(r"Epoch \d+ of \d+: cost .*Interrupted: what was learned is kept\.$", words)
        notebook.run_cell(1)
        page.get_by_text("kept True", exact=True).wait_for(timeout=20_000)
        notebook.save()
        assert notebook.errors == []
        page.close()
    (output,) = nbformat.read(file, 4).cells[0].outputs
    assert output.output_type == "display_data" and "<progress" not in output.data["text/html"]
    assert output.data["text/plain"] == words.strip()
