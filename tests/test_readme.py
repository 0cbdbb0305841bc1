"""What README.md shows is so: its commands, its Python, its sums, its links to the source."""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path

import pytest
from PIL import Image

from celsius_neuron import neuron
from celsius_neuron.__main__ import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
RIGHT, WRONG = README.split("### What if a gradient is wrong?")  # here the source is changed


def blocks(language, text=README):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def assert_prints(block, capsys):
    command, shown = block.removeprefix("$ ").split("\n", 1)
    python, m, package, *arguments = shlex.split(command)
    assert (python, m, package) == ("python", "-m", "celsius_neuron")
    with redirect_stderr(sys.stdout):
        main(arguments + ["--no-plot"])  # a window prints nothing
    printed = capsys.readouterr().out
    assert doctest.OutputChecker().check_output(shown, printed, doctest.ELLIPSIS), printed


@pytest.mark.parametrize("block", blocks("console", RIGHT), ids=lambda block: block.split("\n")[0])
def test_command_prints_what_is_shown(block, capsys):
    assert_prints(block, capsys)


def test_python_prints_what_is_shown():
    session = "\n".join(blocks("pycon"))
    assert session.count(">>>") > 20
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


def test_wrong_gradient_prints_what_is_shown(monkeypatch, capsys):
    # With all 100 pairs 100,000 iterations take seconds. Their sums, worked out as in
    # test_gradients.py, do the same at once; so the "output" is only weight and bias here.
    def forward(_, __, w, b):
        return (w, b), 1667 / 2 * (w - 9 / 5) ** 2 - (w - 9 / 5) * (b - 32) + (b - 32) ** 2

    def wrong_backward(_, __, output):  # 2/N · Σ o·(o - f)
        (w, b), dw, db = output, output[0] - 9 / 5, output[1] - 32
        return 1667 * w * dw - (w * db + b * dw) + 2 * b * db, -dw + 2 * db

    monkeypatch.setattr(neuron, "forward", forward)
    monkeypatch.setattr(neuron, "backward", wrong_backward)
    for block in blocks("console", WRONG):
        assert_prints(block, capsys)


def test_wrong_gradient_fails_the_test_that_is_named(tmp_path):
    for name in "celsius_neuron", "tests":
        shutil.copytree(ROOT / name, tmp_path / name)
    path = tmp_path / "celsius_neuron" / "neuron.py"
    source = path.read_text(encoding="utf-8")
    (line,) = [line for line in source.splitlines() if "grad_weight = sum(" in line]
    path.write_text(source.replace(line, line.replace("celsius_values", "output")), "utf-8")
    (command,) = re.findall(r"pytest -x .*", blocks("sh", WRONG)[0])
    command = [sys.executable, "-m", *shlex.split(command), "-p", "no:randomly"]
    process = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    (failed,) = re.findall(r"^FAILED \S+::(\w+)", process.stdout, re.MULTILINE)
    (sentence,) = re.findall(r"^E +AssertionError: (.*)$", process.stdout, re.MULTILINE)
    assert f"`{failed}`" in WRONG and f"*{sentence}*" in " ".join(WRONG.split())


def test_sums_are_right_to_the_digits_shown():
    prose = re.sub(r"^```.*?^```", "", README, flags=re.DOTALL | re.MULTILINE)
    sums = re.findall(r"`([^`\n]+) = (-?[\d.]+)(%?)`", prose)
    assert len(sums) > 20
    for text, shown, percent in sums:
        expression = re.sub("([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"**\1", text.replace("·", "*"))
        expression = expression.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
        assert re.fullmatch(r"[\d.+\-*/() ]+", expression), text
        value, digits = eval(expression), len(shown.partition(".")[2])
        assert f"{100 * value if percent else value:.{digits}f}" == shown, text


def test_links_into_the_source_lead_to_the_line_that_is_named():
    links = re.findall(
        r"\[`(\w+\.py)`, line (\d+)\]\(celsius_neuron/(\w+\.py)#L(\d+)\) \| `(.+?)` \|", README
    )
    assert len(links) == README.count("#L")
    for name, line, file, anchor, code in links:
        lines = (ROOT / "celsius_neuron" / file).read_text(encoding="utf-8").splitlines()
        found = [str(number) for number, text in enumerate(lines, 1) if code in text]
        assert (name, line, anchor) == (file, *found, *found), code


def test_other_links_lead_to_files_and_headings():
    headings = [re.sub(r"\W+", "-", title.lower()) for title in re.findall(r"\n#+ (.*)", README)]
    for file, anchor in re.findall(r"\]\(([\w./]*)(?:#([a-z-]+))?\)", README):
        assert (ROOT / file).exists() and (anchor in headings or not anchor), (file, anchor)


def test_ci_runs_the_test_command_as_it_is_written():
    (command,) = [block.strip() for block in blocks("sh") if ".venv/bin/pytest" in block]
    for file in ".ci/run", ".github/workflows/test.yml":
        assert command in (ROOT / file).read_text(encoding="utf-8")


def test_the_moving_picture_is_small_and_moves_through_all_moments():
    file = ROOT / ".github" / "learning.gif"
    assert file.stat().st_size < 500_000
    with Image.open(file) as gif:
        assert gif.n_frames == 1 + 4 * 9 + 1  # 0, 1 to 9, 10 to 90, ... 9,000, and 10,000
