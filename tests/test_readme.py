"""What README.md and ARTICLE.md show is true: commands, Python, sums, links to the source.

If one of these tests fails, the neuron may be fine: it is the page that is out of date.
"""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from matplotlib import pyplot
from PIL import Image

from celsius_neuron import neuron, picture
from celsius_neuron.__main__ import main
from celsius_neuron.window import Window

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARTICLE = (ROOT / "celsius_neuron" / "ARTICLE.md").read_text(encoding="utf-8")
WRONG = README.split("## What if a gradient is wrong?")[1].split("\n## ")[0]
PROSE = re.sub(r"^```.*?^```", "", README, flags=re.DOTALL | re.MULTILINE)
OUT_OF_DATE = "README.md no longer shows what the program does"


def wrong_backward(celsius_values, fahrenheit_values, output, right=neuron.backward):
    return right(output, fahrenheit_values, output)  # grad_weight sums output times grad_output


def blocks(language, text=README):
    """Each block with its expected output: the rest of the block, or the next text block."""
    pattern = rf"^```{language}\n(.*?)^```$(?:(?!```).)*(?:^```text\n(.*?)^```$)?"
    return re.findall(pattern, text, re.DOTALL | re.MULTILINE)


def assert_same(shown, printed):
    if not doctest.OutputChecker().check_output(shown, printed, doctest.ELLIPSIS):
        pytest.fail("\n".join([f"{OUT_OF_DATE}:", *printed.splitlines()[:12]]), pytrace=False)


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block[0].splitlines()[0][2:])
def test_command_prints_what_is_shown(block, capsys, monkeypatch):
    if block in blocks("console", WRONG):
        monkeypatch.setattr(neuron, "backward", wrong_backward)
    command, shown = "".join(block).removeprefix("$ ").split("\n", 1)
    assert shown, f"{command}: its output is missing"
    assert command.startswith("python -m celsius_neuron ")
    advice = main([*shlex.split(command)[3:], "--no-plot"])  # a window prints nothing
    assert_same(shown, capsys.readouterr().out + (f"{advice}\n" if advice else ""))


def test_typed_python_prints_what_is_shown(monkeypatch):
    monkeypatch.setattr(picture, "draw", Mock())  # which would take a long time
    monkeypatch.setattr(Window, "open", lambda window: None)  # a window prints nothing
    session = "\n".join([block for block, _ in blocks("pycon")])
    assert session.count(">>>") > 60
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", "README.md", 0)
    report = []
    doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    pyplot.close("all")
    assert_same("", "".join(report))


@pytest.mark.parametrize(("program", "shown"), blocks("python"), ids=["inputs", "torch", "dual"])
def test_python_program_prints_what_is_shown(program, shown, capsys):
    if "import torch" in program:
        pytest.importorskip("torch")
    exec(program, {"__name__": "__main__"})
    assert_same(shown, capsys.readouterr().out)


def test_wrong_gradient_prints_the_quoted_sentence(tmp_path):
    for name in "celsius_neuron", "tests":
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, copy_function=shutil.copyfile, ignore=ignored)
    path = tmp_path / "celsius_neuron" / "neuron.py"
    wrong = re.sub(r"(grad_weight = sum\(.*)celsius_values", r"\1output", path.read_text("utf-8"))
    path.write_text(wrong, "utf-8")
    (command,) = set(re.findall(r"Run: (pytest .*)", WRONG))
    arguments = [sys.executable, "-m", *shlex.split(command), "--color=no", "-p", "no:randomly"]
    process = subprocess.run(arguments, cwd=tmp_path, capture_output=True, encoding="utf-8")
    (sentence,) = re.findall(r"^> (grad_weight .*)$", WRONG, re.MULTILINE)
    assert sentence in process.stdout.splitlines(), OUT_OF_DATE


def test_calculations_are_right_to_the_digits_shown():
    sums = re.findall(r"`([\d(-][^`\n]+) = (-?[\d.]+)(\\?%?)`", PROSE)
    assert len(sums) > 30
    for text, shown, percent in sums:
        expression = text.replace("·", "*").replace(r"\cdot", "*")
        expression = re.sub(r"\^\{(\d+)\}", r"**\1", expression)
        assert re.fullmatch(r"[\d.+\-*/() ]+", expression), text
        value, digits = eval(expression), len(shown.partition(".")[2])
        assert f"{100 * value if percent else value:.{digits}f}" == shown, text


def test_long_numbers_in_the_prose_also_appear_in_a_tested_place():
    def long_numbers(text):
        numbers = re.findall(r"\d[\d,]*(?:\.\d+)?(?:e-\d+)?", text)
        return {float(n.replace(",", "")) for n in numbers if len(re.findall(r"\d", n)) > 3}

    tested = re.findall(r"^```(?:console|pycon|text)\n.*?^```", README, re.DOTALL | re.MULTILINE)
    tested += re.findall(r"`[^`\n]+ = [^`\n]+`|^> .*", PROSE, re.MULTILINE)
    assert len(numbers := long_numbers(PROSE)) > 20
    assert numbers <= long_numbers("\n".join(tested))


def test_links_lead_to_files_headings_and_names():
    for page, folder in (README, ROOT), (ARTICLE, ROOT / "celsius_neuron"):
        links = re.findall(r"\[([^\]\n]*)\]\((?!http)([^)#\s]*)(?:#([^)\s]+))?\)", page)
        assert len(links) > 10
        for words, file, anchor in links:
            target = folder / file if file else folder / "README.md"
            assert target.exists(), file
            if anchor:
                titles = re.findall(r"^#+ (.*)", target.read_text("utf-8"), re.MULTILINE)
                headings = [re.sub(r"[^\w -]", "", t.lower()).replace(" ", "-") for t in titles]
                assert anchor in headings, anchor
            elif file.endswith(".py") and (name := words.strip("`")) != Path(file).name:
                source = target.read_text("utf-8")
                assert re.search(rf"^ *(def |class )?{re.escape(name)}\b", source, re.M), words


def test_named_options_exist(capsys):
    stop = pytest.raises(SystemExit, main, ["--help"])
    usage, options = capsys.readouterr().out, re.findall(r"[ `](--(?!clear)[a-z][a-z-]+)", README)
    assert stop.value.code == 0 and usage.isascii() and len({*options}) == 6
    assert all(text in usage for text in (*options, "CELSIUS", "10000", "0.001"))
    extras = set(re.findall(r"\.\[(\w+)\]", README))  # what pip installs, on Windows, too
    assert all(f"\n{extra} = [" in (ROOT / "pyproject.toml").read_text() for extra in extras)


def test_ci_runs_the_test_command_as_written_and_the_animation_is_small():
    (command,) = [block.strip() for block, _ in blocks("sh") if ".venv/bin/pytest" in block]
    for file in ".ci/run", ".github/workflows/test.yml":
        assert command in (ROOT / file).read_text(encoding="utf-8")
    file = ROOT / ".github" / "learning.gif"
    assert file.stat().st_size < 400_000
    with Image.open(file) as gif:
        assert gif.n_frames == 20  # 0, 1, ... 10, 20, 50, 100, ... 5,000, 10,000
