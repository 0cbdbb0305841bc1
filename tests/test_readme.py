"""What README.md says is so: its commands, its Python, its numbers, its links to the source."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from celsius_neuron.data import generate_data
from celsius_neuron.neuron import forward
from celsius_neuron.train import train

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


EXAMPLES = [
    example for block in blocks("console") for example in re.split(r"^\$ ", block, flags=re.M)[1:]
]


def test_there_are_commands_and_python_to_check():
    assert len(EXAMPLES) >= 5
    assert len(blocks("pycon")) >= 4


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split("\n")[0])
def test_command_prints_what_the_readme_shows(example, tmp_path):
    (tmp_path / ".github").mkdir()
    command, shown = example.split("\n", 1)
    python, *arguments = shlex.split(command)
    assert python == "python"
    process = subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert doctest.OutputChecker().check_output(shown, process.stdout, doctest.ELLIPSIS), (
        process.stdout
    )


def test_python_prints_what_the_readme_shows():
    session = "\n".join(blocks("pycon"))
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_links_into_the_source_lead_to_the_line_that_they_name():
    links = re.findall(r"\[`([^`]+)`\]\((celsius_neuron/\w+\.py)#L(\d+)\)", README)
    assert len(links) == README.count(".py#L") >= 15
    for code, file, number in links:
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        assert code in lines[int(number) - 1], f"{file}:{number} is not {code}"


def test_other_links_lead_to_files():
    for target in re.findall(r"\]\(([\w./]+)\)", README):
        assert (ROOT / target).is_file(), target


def test_every_line_number_of_the_article_is_in_the_table():
    numbers = "65–67 9 11–14 16 17 57 58 59 20–23 25–30 31 34–36 38–40 42 47 49–50".split()
    cells = " ".join(row.split("|")[2] for row in README.splitlines() if row.startswith("| "))
    assert sorted(re.findall(r"[\d–]+", cells.replace("---", ""))) == sorted(numbers)


def test_what_is_left_of_the_errors_after_10_and_1000_and_10000_iterations():
    assert round(0.667**10, 2) == 0.02
    assert round(0.998**10, 2) == 0.98
    assert round(0.998**1_000, 2) == 0.14
    assert f"{0.998**10_000:.0e}" == "2e-09"


def test_after_ten_iterations_the_weight_is_held_off_by_a_1667th_of_the_bias_error():
    weight, bias, _ = train(*generate_data(), 0.8444, 0.7580, iterations=10)
    later_weight, later_bias, _ = train(*generate_data(), 0.8444, 0.7580, iterations=100)
    assert weight - 1.8 == pytest.approx((bias - 32) / 1667, abs=0.02)
    assert later_weight - 1.8 == pytest.approx((later_bias - 32) / 1667, rel=0.01)


def test_summing_output_times_grad_output_ends_4_degrees_off():
    celsius_values, fahrenheit_values = generate_data()
    weight, bias = 0.8444, 0.7580
    for _ in range(10_000):
        output, _ = forward(celsius_values, fahrenheit_values, weight, bias)
        grad_output = [2 * (o - f) / 100 for o, f in zip(output, fahrenheit_values)]
        weight -= 0.0001 * sum([o * grad for o, grad in zip(output, grad_output)])
        bias -= 0.0001 * sum(grad_output)
    assert (round(weight, 2), round(bias, 1), round(bias - 32)) == (1.87, 27.8, -4)
