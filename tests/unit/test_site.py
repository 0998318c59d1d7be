"""The site: what is on its pages, and that a build leaves a whole site or none."""

import base64
import html
import json
import re
import zipfile
from html.parser import HTMLParser
from urllib.parse import unquote

import nbformat
import numpy as np
import pytest

from helpers import explorers
from helpers.errors import InputError
from helpers.explorers.core import short_text
from helpers.shell.publish import Address
from helpers.shell.site import build, cells, markdown, mathml, reading

NOTEBOOKS = build.ROOT / "notebooks"
CELLS = {path.stem: nbformat.read(path, 4).cells for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
OUTPUTS = {stem: [each for cell in stored for each in cell.get("outputs", [])] for stem, stored in CELLS.items()}
PNG = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg=="
    )
).decode()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build.build(tmp_path_factory.mktemp("site") / "_site", lite=False)


class Page(HTMLParser):
    """What a page says, and what it refers to."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self._skipped = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag in ("script", "style", "code", "pre"):
            self._skipped.append(tag)

    def handle_endtag(self, tag):
        if self._skipped and self._skipped[-1] == tag:
            self._skipped.pop()

    def handle_data(self, data):
        if not self._skipped:
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self):
        return " ".join(self.words)

    @property
    def anchors(self):
        return {attributes["id"] for _, attributes in self.tags if "id" in attributes}


@pytest.fixture(scope="module")
def found(site):
    return {path.relative_to(site).as_posix(): Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}


def raw_latex(page):
    """What looks like LaTeX in the words of a page."""
    return re.findall(r"\\[a-zA-Z]+|\$[^ ]|\\\\", page.text)


def broken_links(site, name, found):
    """Local addresses on a page that lead nowhere."""
    broken = []
    for tag, attribute in (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src")):
        for address in (a[attribute] for a in found[name].all(tag) if attribute in a):
            if re.match(r"[a-z]+:", address):
                continue
            path, _, anchor = address.partition("#")
            target = (site / name).parent / unquote(path.partition("?")[0]) if path else site / name
            there = target.resolve()
            known = there.is_file() and there.is_relative_to(site.resolve())
            if known and anchor:
                known = unquote(anchor) in found[there.relative_to(site.resolve()).as_posix()].anchors
            if not known:
                broken.append(address)
    return broken


# ---- the real site -----------------------------------------------------------------------------------------------


def test_every_notebook_has_its_page(site, found):
    assert set(found) == {"index.html"} | {f"read/{stem}.html" for stem in CELLS} and len(CELLS) == 7
    for stem in CELLS:
        title = CELLS[stem][0].source.splitlines()[0].removeprefix("# ")
        assert title in found[f"read/{stem}.html"].text and title in found["index.html"].text
        assert (site / "notebooks" / f"{stem}.ipynb").read_bytes() == (NOTEBOOKS / f"{stem}.ipynb").read_bytes()


def test_every_stored_picture_is_on_its_page_with_words_and_a_size(site, found):
    for stem, outputs in OUTPUTS.items():
        stored = [base64.b64decode(each.data["image/png"]) for each in outputs if "image/png" in each.get("data", {})]
        images = found[f"read/{stem}.html"].all("img")
        assert stored and [(site / "read" / image["src"]).read_bytes() for image in images] == stored
        assert all(
            len(image["alt"]) > 30 and int(image["width"]) > 100 and int(image["height"]) > 20 for image in images
        )


def test_no_latex_is_left(site, found):
    for name, page in found.items():
        assert raw_latex(page) == [], name
        assert page.all("math") or name == "index.html"
    assert raw_latex(Page(r"<p>so \frac{1}{2}</p>")) and raw_latex(Page("<p>and $x$ too</p>"))
    assert not raw_latex(Page(r"<pre>\n $x</pre><p>costs 3 $ a day</p>"))


def test_every_formula_of_the_notebooks_is_on_its_page(site, found):
    inline = re.compile(r"(?<!\\)\$\$.+?\$\$|(?<![\\$])\$[^$]+?\$", flags=re.DOTALL)
    for stem in CELLS:
        texts = [cell.source for cell in CELLS[stem] if cell.cell_type == "markdown"]
        texts += [each.data["text/html"] for each in OUTPUTS[stem] if "text/html" in each.get("data", {})]
        code = re.compile(r"```.*?```|`[^`\n]*`|<code>.*?</code>", flags=re.DOTALL)
        formulas = sum(len(inline.findall(code.sub("", text))) for text in texts)
        assert len(found[f"read/{stem}.html"].all("math")) == formulas > 20, stem


def test_links_lead_somewhere(site, found):
    for name in found:
        assert broken_links(site, name, found) == []
    found = found | {
        "index.html": Page(
            '<a href="read/nothing.html">a</a><a href="read/01_derivatives.html#nowhere">b</a><img src="x.png">'
        )
    }
    assert len(broken_links(site, "index.html", found)) == 3


def test_a_page_without_its_pictures_stays_below_a_megabyte(site):
    common = sum(
        (site / name).stat().st_size for name in ("style.css", "explorers.js", "page.js", "STIXTwoMath-subset.woff2")
    )
    for path in site.rglob("*.html"):
        assert path.stat().st_size + common < 1_000_000, path.name


def test_explorers_move_where_they_can_and_the_others_say_where(site):
    for stem, outputs in OUTPUTS.items():
        widgets = sum(cells.WIDGET in each.get("data", {}) for each in outputs)
        text = (site / "read" / f"{stem}.html").read_text("utf-8")
        moving = text.count('<figure class="explorer">')
        notes = text.count("The controls of this picture work")
        assert moving + notes == widgets and moving >= (0 if stem == "06_mnist_multiclass" else 1), stem
        for state in re.findall(r'<script type="application/json">(.*?)</script>', text, flags=re.DOTALL):
            view = json.loads(state)["view"]
            assert view["spec"]["panels"] and not view["spec"]["kernelOnly"]


def test_the_stored_descriptions_are_those_of_the_explorers():
    """What moves on the page is what the code of today would show: for explorers that depend on nothing else."""
    compared = 0
    for cell in (cell for stored in CELLS.values() for cell in stored if cell.cell_type == "code"):
        call = cell.source.splitlines()[-1]
        for output in cell.outputs:
            if short_text.MIME not in output.get("data", {}) or not call.startswith("explorers."):
                continue
            try:
                today = short_text.description(eval(call, {"explorers": explorers}))  # the course's own cells
            except NameError:  # it shows what another cell has made
                continue
            assert same(short_text.unzip_json(output.data[short_text.MIME]), json.loads(json.dumps(today))), cell.id
            compared += 1
    assert compared >= 15


def same(one, two):
    """Equal but for the last digits of numbers, which differ from one libm to another, and for what is not given."""
    if isinstance(one, dict) and isinstance(two, dict):
        one, two = ({key: value for key, value in each.items() if value is not None} for each in (one, two))
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, float) or isinstance(two, float):
        return bool(np.isclose(one, two, rtol=1e-9, atol=1e-12))
    return one == two


def test_numbers_of_the_landing_page_stand_in_the_readme(site):
    facts = re.search(r'id="different".*?</section>', (site / "index.html").read_text("utf-8"), flags=re.DOTALL)[0]
    readme = (build.ROOT / "README.md").read_text("utf-8")
    numbers = re.findall(r"\b\d+\b", re.sub(r"<[^>]*>", "", facts))
    assert {"917", "277", "120", "23", "238"} <= set(numbers) and "thirty errors" in facts and "thirty errors" in readme
    for number in numbers:
        assert re.search(rf"(?<![\d.]){number}(?![\d.]\d)", readme), number


def test_the_whole_course_is_one_download(site, tmp_path):
    with zipfile.ZipFile(site / "course.zip") as archive:
        archive.extractall(tmp_path)
    course = tmp_path / "neural-network-course"
    assert {
        "README.md",
        "LICENSE",
        "requirements.txt",
        "notebooks/01_derivatives.ipynb",
        "helpers/explorers/core/view.js",
    } <= {path.relative_to(course).as_posix() for path in course.rglob("*")}
    assert not list(course.rglob("*.pyc")) and not list(course.rglob("*-ubyte*"))


def test_the_whole_course_without_git(tmp_path):
    kept = ["README.md", "helpers/a.py", "notebooks/01.ipynb"]
    for name in [*kept, "data/mnist/train", "helpers/__pycache__/a.pyc", ".venv/x.py", "_site/index.html"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [path.as_posix() for path in build.course_files(tmp_path)] == sorted(kept)


# ---- a small course, to see what goes wrong ----------------------------------------------------------------------


def small_course(folder, outputs, title="# A title", about="- **Time**: about one hour.", repository=""):
    """A course of one notebook in `folder`, with a code cell of these outputs."""
    new = nbformat.v4
    texts = [new.new_markdown_cell(title, id="title"), new.new_markdown_cell(about, id="about")]
    code = new.new_code_cell("1 + 1", id="code0", outputs=outputs, execution_count=1)
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    nbformat.write(new.new_notebook(cells=[*texts, code]), folder / "notebooks" / "01_one.ipynb")
    (folder / "pyproject.toml").write_text(f'[tool.course-pack]\nrepository = "{repository}"\n')
    (folder / "LICENSE").write_text("free")
    return folder


def picture(alt="A picture of a bump between two steps"):
    metadata = {"image/png": {"alt": alt}} if alt else {}
    return nbformat.v4.new_output("display_data", {"image/png": PNG, "text/plain": "x"}, metadata=metadata)


def page_of(root, output):
    return (build.build(output, lite=False, root=root) / "read" / "01_one.html").read_text("utf-8")


def test_a_picture_without_words_is_refused(tmp_path):
    root = small_course(tmp_path / "course", [picture(alt="")])
    with pytest.raises(ValueError, match="code0 has no words"):
        build.build(tmp_path / "_site", lite=False, root=root)
    assert not (tmp_path / "_site").exists() and sorted(p.name for p in tmp_path.iterdir()) == ["course"]


def test_an_error_leaves_the_old_site_as_it_was_and_a_good_build_replaces_it(tmp_path, monkeypatch):
    output, root = tmp_path / "_site", small_course(tmp_path / "course", [picture()])

    def those_there():
        assert sorted(path.name for path in tmp_path.iterdir()) == ["_site", "course"]
        return {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}

    build.build(output, lite=False, root=root)
    first = those_there()
    (output / "stale.html").write_text("x")
    build.build(output, lite=False, root=root)
    assert those_there() == first
    small_course(root, [picture()], about=r"$\unheardof{x}$")
    with pytest.raises(mathml.LatexError, match="unheardof"):
        build.build(output, lite=False, root=root)
    assert those_there() == first
    small_course(root, [picture()], title="# Another")
    real = build.os.replace

    def failing(source, target):
        if str(source).endswith(".part"):
            raise PermissionError("somebody reads it")
        real(source, target)

    monkeypatch.setattr(build.os, "replace", failing)
    with pytest.raises(PermissionError):
        build.build(output, lite=False, root=root)
    assert those_there() == first


def test_a_folder_with_something_else_is_left_alone(tmp_path, capsys):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    with pytest.raises(InputError, match="something else"):
        build.build(tmp_path / "thesis", lite=False)
    assert build.main(["--without-lite", "--output", str(tmp_path / "thesis")]) == 1
    assert "No site was built" in capsys.readouterr().out
    assert (tmp_path / "thesis" / "chapter.tex").read_text() == "years of work"


def test_links_to_colab_and_binder_where_the_address_is_known_and_no_badge(tmp_path):
    address = Address("https://github.com/somebody/a-course", "main")
    title = f"# A title\n\n{address.badges('notebooks/01_one.ipynb')}"
    text = page_of(small_course(tmp_path, [picture()], title, repository=address.repository), tmp_path / "_site")
    assert "https://colab.research.google.com/github/somebody/a-course/blob/main/notebooks/01_one.ipynb" in text
    assert "https://mybinder.org/v2/gh/somebody/a-course/main?urlpath=lab%2Ftree%2Fnotebooks%2F01_one.ipynb" in text
    assert "badge" not in text and ">A title</h1>" in text
    other = page_of(small_course(tmp_path, [picture()]), tmp_path / "_site")
    assert "colab" not in other.lower() and "mybinder" not in other


def test_an_explorer_that_needs_python_says_where_it_moves():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", id="one", outputs=[
        picture(), nbformat.v4.new_output("display_data", {cells.WIDGET: {"model_id": "1"}}),
    ])])  # fmt: skip
    made = cells.Body(notebook, stem="a", elsewhere="elsewhere", link=str)
    assert made.still == 1 and made.moving == 0 and "work elsewhere" in made.cells[0] and "widget" not in made.cells[0]
    notebook.cells[0].outputs[0].data[short_text.MIME] = short_text.zip_json({"view": "</script>"})
    made = cells.Body(notebook, stem="a", elsewhere="elsewhere", link=str)
    assert made.moving == 1 and made.still == 0 and "\\u003c/script>" in made.cells[0]


def test_stubs_are_exercises_and_say_where_they_are_worked():
    not_yet = nbformat.v4.new_output("display_data", {"text/html": "<b>Not attempted yet.</b> Replace it"})
    stub = nbformat.v4.new_code_cell("...", id="a-stub", metadata={"tags": ["exercise"]}, outputs=[not_yet])
    other = nbformat.v4.new_code_cell("...", id="b", outputs=[not_yet])
    made = cells.Body(nbformat.v4.new_notebook(cells=[stub, other]), stem="a", elsewhere="elsewhere", link=str)
    assert (
        "works elsewhere" in made.cells[0] and "Not attempted" not in made.cells[0] and "Not attempted" in made.cells[1]
    )


def test_a_link_to_another_notebook_leads_to_its_page(tmp_path):
    among = reading.chapters(small_course(tmp_path, [picture()]) / "notebooks")
    here = Address("https://github.com/a/b", "main")
    assert reading._link("01_one.ipynb#A-title", among, here) == "01_one.html#A-title"
    assert reading._link("../docs/x.md", among, here) == "https://github.com/a/b/blob/main/docs/x.md"
    assert reading._link("https://example.org", among, here) == "https://example.org"


def test_only_a_site_with_lite_leads_to_it(tmp_path):
    (chapter,) = among = reading.chapters(small_course(tmp_path, [picture()]) / "notebooks")
    for lite in (True, False):
        page, _ = reading.page(chapter, among, Address("", "main"), lite)
        assert ("../lite/notebooks/index.html?path=notebooks/01_one.ipynb" in page) == lite


# ---- formulas ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("latex", [r"\unheardof{x}", r"a & b", r"\left( a"])
def test_a_formula_that_cannot_be_shown_is_refused(latex):
    with pytest.raises(mathml.LatexError):
        mathml.mathml(latex)


def words_of(latex, **options):
    return html.unescape(re.sub(r"<[^>]+>", "", mathml.mathml(latex, **options))).replace("\xa0", " ")


def test_formulas_say_what_the_latex_says():
    assert words_of(r"\frac{\partial E}{\partial w}") == "∂E∂w"
    assert words_of(r"\begin{aligned} a &= b \\[4pt] &= c && \text{by hand} \end{aligned}") == "a=b=cby hand"
    assert mathml.mathml(r"\begin{aligned} a &= b \\ &= c \end{aligned}").count("<mtr>") == 2
    assert words_of(r"\mathbb R^{k} \ni \mathbf x") == "ℝk∋𝐱"
    assert "<mi>se</mi>" in mathml.mathml(r"\mathrm{se}") and "<mi>softmax</mi>" in mathml.mathml(
        r"\operatorname{softmax}(z)"
    )
    assert words_of(r"f'(x) + \hat y + \sigma''") == "f′(x)+y^+σ″" and "<msup>" not in mathml.mathml("f'")
    assert "mspace" in mathml.mathml(r"\ln 19") and "mspace" not in mathml.mathml(r"\ln(19)")
    assert mathml.mathml("x", True).startswith('<span class="formula"><math display="block">')


def test_brackets_enclose_only_their_matrix():
    assert re.search(r"<mrow><mo>\(</mo><mtable", mathml.mathml(r"a = \begin{pmatrix} 1 \\ 2 \end{pmatrix} b"))
    squared = mathml.mathml(r"\bigl( a + b \bigr)^2")
    assert re.search(r"<msup><mrow><mo[^>]*>\(</mo>.*<mo[^>]*>\)</mo></mrow><mn>2</mn></msup>", squared)


def test_formulas_in_html_but_not_in_code():
    text = mathml.in_html("<p>$a &lt; b$ and $$c$$</p><code>$x$</code><pre>$y$</pre>")
    assert text.count("<math") == 2 and "<code>$x$</code><pre>$y$</pre>" in text and "<mo>&lt;</mo>" in text


def test_no_line_begins_with_a_comma():
    one = mathml.mathml("x")
    assert mathml.in_html("<p>With $x$, so $x$ and ($x$). $$x$$.</p>") == (
        f'<p>With <span class="one">{one},</span> so {one} and (<span class="one">{one}).</span> {mathml.mathml("x", True)}.</p>'
    )


def test_the_font_of_the_formulas_has_every_character(site):
    ranges = re.search(r"unicode-range: (.*?);", build.style(), flags=re.DOTALL)[1].split(",")
    bounds = [[int(end, 16) for end in each.strip().removeprefix("U+").split("-")] for each in ranges]
    known = {code for bound in bounds for code in range(bound[0], bound[-1] + 1)}
    used = set()
    for path in site.rglob("*.html"):
        for formula in re.findall(r"<math.*?</math>", path.read_text("utf-8"), flags=re.DOTALL):
            used |= set(html.unescape(re.sub(r"<mtext.*?</mtext>|<[^>]+>", "", formula, flags=re.DOTALL))) - set(" \n")
    assert len(used) > 80 and {character for character in used if ord(character) not in known} == set()


# ---- the description beside a picture ----------------------------------------------------------------------------


def test_a_description_survives_its_packing():
    for explorer in (explorers.tower(), explorers.fit(), explorers.initialisation()):
        (stored,) = short_text.beside(explorer).values()
        assert short_text.unzip_json(stored) == json.loads(json.dumps(short_text.description(explorer)))
        assert (
            stored == short_text.zip_json(short_text.description(explorer))
            and len(stored["gzip"]) < short_text.MOST_BYTES
        )
    with pytest.raises(ValueError, match="not the description"):
        short_text.unzip_json({"gzip": base64.b64encode(b"x").decode()})


def test_a_picture_that_python_computes_has_no_description():
    assert short_text.beside(explorers.curve_of(np.tanh)) == {}


def test_a_large_description_is_left_out(monkeypatch):
    monkeypatch.setattr(short_text, "MOST_BYTES", 100)
    assert short_text.beside(explorers.tower()) == {}


def test_the_picture_and_its_description_are_one_output(monkeypatch):
    shown = []
    from helpers.explorers.core import explorer
    from helpers.pictures import figures

    monkeypatch.setattr(figures, "display", lambda data, **kw: shown.append((data, kw)))
    monkeypatch.setattr(explorer, "display", lambda data, **kw: shown.append((data, kw)))
    explorers.step()._ipython_display_()
    (first, options), (second, _) = shown
    assert set(first) == {"image/png", "text/plain", short_text.MIME} and options["metadata"]["image/png"]["alt"]
    assert short_text.MIME not in second and cells.WIDGET in second


# ---- the script --------------------------------------------------------------------------------------------------


def test_a_front_end_of_another_shape_is_noticed(monkeypatch):
    monkeypatch.setattr(build.explorer, "front_end", lambda: "export const render = 1;")
    with pytest.raises(ValueError, match="export default"):
        build.script()


def test_anchors_are_those_of_jupyter():
    renderer = markdown.Renderer(str)
    markdown.render("## Two paths, derivative with respect to `x1`", renderer)
    assert renderer.headings == [
        markdown.Heading(2, "Two-paths,-derivative-with-respect-to-x1", renderer.headings[0].text)
    ]
