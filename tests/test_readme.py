"""What README.md shows is so: its commands, its Python, its sums, its links to the source.

Where one of these tests fails, nothing need be wrong with the neuron: the README is out of date.
"""

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from celsius_neuron import neuron
from celsius_neuron.__main__ import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
WRONG = README.split("### What if a gradient is wrong?")[1].split("## Questions")[0]
OUT_OF_DATE = "README.md no longer says what the program does"


def blocks(language, text=README):
    """Each block, and what is said to come out: the rest of it, or the next block of text."""
    pattern = rf"^```{language}\n(.*?)^```$(?:(?!```).)*(?:^```text\n(.*?)^```$)?"
    return re.findall(pattern, text, re.DOTALL | re.MULTILINE)


def assert_same(shown, printed):
    if not doctest.OutputChecker().check_output(shown, printed, doctest.ELLIPSIS):
        pytest.fail("\n".join([f"{OUT_OF_DATE}:", *printed.splitlines()[:12]]), pytrace=False)


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block[0].splitlines()[0][2:])
def test_command_prints_what_is_shown(block, capsys, monkeypatch):
    if block in blocks("console", WRONG):  # grad_weight sums output times grad_output
        right = neuron.backward
        monkeypatch.setattr(neuron, "backward", lambda c, true, output: right(output, true, output))
    command, shown = "".join(block).removeprefix("$ ").split("\n", 1)
    assert shown, f"{command}: what comes out is missing"
    python, m, package, *arguments = shlex.split(command)
    assert (python, m, package) == ("python", "-m", "celsius_neuron")
    advice = main([*arguments, "--no-plot"])  # a window prints nothing
    assert_same(shown, capsys.readouterr().out + (f"{advice}\n" if advice else ""))


def test_typed_python_prints_what_is_shown():
    session = "\n".join([block for block, _ in blocks("pycon")])
    assert session.count(">>>") > 40
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", "README.md", 0)
    report = []
    doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert_same("", "".join(report))


@pytest.mark.parametrize("block", blocks("python"), ids=["two inputs", "dual", "torch"])
def test_python_program_prints_what_is_shown(block, capsys):
    program, shown = block
    if "import torch" in program:
        pytest.importorskip("torch")
    exec(program, {"__name__": "__main__"})
    assert_same(shown, capsys.readouterr().out)


def test_wrong_gradient_gets_the_sentence_that_is_quoted(tmp_path):
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


def test_sums_are_right_to_the_digits_shown():
    prose = re.sub(r"^```.*?^```", "", README, flags=re.DOTALL | re.MULTILINE)
    sums = re.findall(r"`([\d(-][^`\n]+) = (-?[\d.]+)(%?)`", prose)
    assert len(sums) > 30
    for text, shown, percent in sums:
        expression = re.sub("([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"**\1", text.replace("·", "*"))
        expression = expression.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
        assert re.fullmatch(r"[\d.+\-*/() ]+", expression), text
        value, digits = eval(expression), len(shown.partition(".")[2])
        assert f"{100 * value if percent else value:.{digits}f}" == shown, text


def test_links_into_the_source_lead_to_the_line_that_is_named():
    link = r"\[`(\w+\.py)`, line (\d+)\]\(celsius_neuron/\1#L\2\) \| `(.+?)` \|"
    links = re.findall(link, README)
    assert len(links) == README.count("#L")
    for file, line, code in links:
        lines = (ROOT / "celsius_neuron" / file).read_text(encoding="utf-8").splitlines()
        found = [str(number) for number, text in enumerate(lines, 1) if code in text]
        assert found == [line], f"{OUT_OF_DATE}: `{code}` is in line {found} of {file}"


def test_other_links_lead_to_files_and_headings():
    titles = re.findall(r"^#+ (.*)", README, re.MULTILINE)
    headings = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
    for file, anchor in re.findall(r"\]\(([\w./]*)(?:#([a-z0-9-]+))?\)", README):
        assert (ROOT / file).exists() and (anchor in headings or not anchor), (file, anchor)


def test_options_that_are_named_exist(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    usage = capsys.readouterr().out
    assert stop.value.code == 0 and usage.isascii()
    options = set(re.findall(r"[ `](--[a-z][a-z-]*)", README))
    assert len(options) == 6
    assert all(text in usage for text in (*options, "CELSIUS", "10000", "0.001"))
    extras = set(re.findall(r"\.\[(\w+)\]", README))  # what pip installs, on Windows, too
    assert all(f"\n{extra} = [" in (ROOT / "pyproject.toml").read_text() for extra in extras)


def test_ci_runs_the_test_command_as_it_is_written():
    (command,) = [block.strip() for block, _ in blocks("sh") if ".venv/bin/pytest" in block]
    for file in ".ci/run", ".github/workflows/test.yml":
        assert command in (ROOT / file).read_text(encoding="utf-8")


def test_the_moving_picture_is_small_and_moves_through_all_moments():
    file = ROOT / ".github" / "learning.gif"
    assert file.stat().st_size < 500_000
    with Image.open(file) as gif:
        assert gif.n_frames == 1 + 4 * 9 + 1  # 0, 1 to 9, 10 to 90, ... 9,000, and 10,000
