"""What README.md says is so: its commands, its Python, its numbers, its links to the source."""

import doctest
import math
import re
import shlex
from fractions import Fraction
from pathlib import Path

import pytest
import test_gradients
from PIL import Image

from celsius_neuron.__main__ import main
from celsius_neuron.data import generate_data
from celsius_neuron.neuron import backward, forward, update_parameters
from celsius_neuron.train import ITERATIONS, LEARNING_RATE, safe_learning_rate, train

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXT = " ".join(README.split())


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


EXAMPLES = [
    example for block in blocks("console") for example in re.split(r"^\$ ", block, flags=re.M)[1:]
]


# Commands and Python


def test_there_are_commands_and_python_to_check():
    assert len(EXAMPLES) >= 5
    assert len(blocks("pycon")) >= 6


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split("\n")[0])
def test_command_prints_what_the_readme_shows(example, capsys):
    command, shown = example.split("\n", 1)
    python, m, package, *arguments = shlex.split(command)
    assert (python, m, package) == ("python", "-m", "celsius_neuron")
    if "--no-plot" not in arguments:
        arguments.append("--no-plot")  # a window prints nothing
    main(arguments)
    output = "".join(capsys.readouterr())
    assert doctest.OutputChecker().check_output(shown, output, doctest.ELLIPSIS), output


def test_python_prints_what_the_readme_shows():
    session = "\n".join(blocks("pycon"))
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0


def test_ci_runs_the_test_command_as_it_is_written_here():
    (command,) = [block.strip() for block in blocks("sh") if "pytest" in block]
    assert f"\n{command} || exit\n" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    workflow = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    assert f"run: {command}\n" in workflow


def test_a_wrong_weight_gradient_fails_the_test_that_the_readme_names(monkeypatch):
    (name,) = re.findall(r"`(test_\w+)`", README)
    source = (ROOT / "celsius_neuron" / "neuron.py").read_text(encoding="utf-8")
    (line,) = [line for line in source.splitlines() if "grad_weight = " in line]
    wrong = {}
    exec(source.replace(line, line.replace("celsius_values", "output")), wrong)
    getattr(test_gradients, name)()
    monkeypatch.setattr(test_gradients, "backward", wrong["backward"])
    with pytest.raises(AssertionError):
        getattr(test_gradients, name)()


# Links


def test_links_into_the_source_lead_to_the_only_line_that_holds_them():
    links = re.findall(r"\[`([^`]+)`\]\((celsius_neuron/\w+\.py)#L(\d+)\)", README)
    assert len(links) == README.count(".py#L") >= 15
    for code, file, number in links:
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        assert [n for n, line in enumerate(lines, 1) if code in line] == [int(number)], code


def test_other_links_lead_to_files_and_headings():
    for target in re.findall(r"\]\(([\w./]+)\)", README):
        assert (ROOT / target).is_file(), target
    headings = [title.lower().replace(" ", "-") for title in re.findall(r"^## (.*)$", README, re.M)]
    for anchor in re.findall(r"\]\(#(.*?)\)", README):
        assert anchor in headings


def test_every_line_number_of_the_article_is_in_the_table():
    numbers = "65–67 9 11–14 16 17 57 58 59 20–23 25–30 30 31 34–36 38–40 42 47 49–50".split()
    cells = " ".join(row.split("|")[2] for row in README.splitlines() if row.startswith("| "))
    assert sorted(re.findall(r"[\d–]+", cells.replace("---", ""))) == sorted(numbers)


def test_the_moving_picture_shows_the_whole_training_and_repeats():
    file = ROOT / ".github" / "learning.gif"
    assert file.stat().st_size < 500_000
    with Image.open(file) as gif:
        assert gif.n_frames == 1 + 4 * 9 + 1  # 0, 1 to 9, 10 to 90, ... 9,000, and 10,000
        assert gif.info["loop"] == 0


# Numbers: each is computed, and looked for in its sentence


def test_numbers_of_the_one_step():
    weight, bias, celsius, fahrenheit = Fraction("0.8"), Fraction("0.5"), 42, Fraction("107.6")
    rate = Fraction("0.0001")
    (output,), loss = forward([celsius], [fahrenheit], weight, bias)
    grad_weight, grad_bias = backward([celsius], [fahrenheit], [output])
    stepped, _ = update_parameters(weight, bias, grad_weight, grad_bias, rate)
    assert (
        f"bias: 42 · 0.8 + 0.5 = {float(output)}. That is {float(fahrenheit - output)} too" in TEXT
    )
    assert f"The loss is this error's square, {float(loss)}." in TEXT
    better, worse = ("0.9", "0.7") if grad_weight < 0 else ("0.7", "0.9")
    assert f"The weight's slope is 2 · 42 · ({float(output)} - 107.6) = {grad_weight} (see" in TEXT
    assert f"So {better}, not {worse}. The bias, with its slope of {grad_bias}, should" in TEXT
    assert f"lands at 0.8 + 0.0001 · {-grad_weight} = {float(stepped)}, not at {better}:" in TEXT
    limit = safe_learning_rate([celsius])  # with one pair the second curvature is 0
    assert f"needs less than 2 / (2 · 42² + 2) = {limit:.5f} (see" in TEXT
    assert limit == pytest.approx(2 / (2 * 42**2 + 2))


def test_numbers_of_the_formulas():
    # With one pair of 5 °C and an output 3 too large, only constants are left.
    (output,), loss = forward([5], [0], weight=1, bias=-2)
    assert rf"L = \frac{{1}}{{N}} \sum_i (f_i - o_i)^{math.log(loss, output):.0f}" in TEXT
    _, grad_bias = backward([5], [0], [output])
    assert rf"\partial o_i}} = \frac{{{grad_bias / output:.0f} (o_i - f_i)}}{{N}}" in TEXT
    (higher,), _ = forward([5], [0], weight=1, bias=-1)
    assert rf"\frac{{\partial o_i}}{{\partial b}} = {higher - output} " in TEXT


def test_numbers_that_stand_elsewhere_too():
    (last_loss,) = re.findall(r"^    10,000 .* (\S+)$", blocks("console")[0], re.M)
    assert f"The loss says how wrong the neuron is; {last_loss} is as good as 0." in TEXT
    assert f"## Why {ITERATIONS:,}, and which rate" in TEXT
    assert f"The program's rate, {LEARNING_RATE}, is too large" in TEXT
    assert f"- The rate is {LEARNING_RATE}." in TEXT


def test_numbers_of_the_hundred_pairs(exact_hundred_pairs):
    celsius_values, _ = exact_hundred_pairs
    total, squares = sum(celsius_values), sum(celsius * celsius for celsius in celsius_values)
    assert rf"With $\sum c_i = {total}$ and $\sum c_i^2 = {squares}$, the slopes" in TEXT

    def gradients(weight, bias):
        output, _ = forward(*exact_hundred_pairs, weight, bias)
        return backward(*exact_hundred_pairs, output)

    weight, bias = Fraction(9, 5), 32
    assert gradients(weight, bias) == (0, 0)
    assert rf"$o_i - f_i = c_i (w - {weight}) + (b - {bias})$. With" in TEXT
    assert rf"Only at $w = {weight}$, $b = {bias}$ are both zero" in TEXT
    ww, wb = gradients(weight + 1, bias)
    bw, bb = gradients(weight, bias + 1)
    assert (wb, bw) == (-1, -1)
    assert rf"= {ww} \left(w - \tfrac{{9}}{{5}}\right) - (b - {bias})" in TEXT
    assert rf"= -\left(w - \tfrac{{9}}{{5}}\right) + {bb}\,(b - {bias})" in TEXT
    assert f"The numbers {ww} = 2 · {squares} / 100 and {bb} say how steep" in TEXT
    assert f"the slope is about {ww}, or {bb}, times the distance from the bottom" in TEXT
    assert f"since no direction is steeper than {ww} + {bb}." in TEXT

    factor, crawl = 1 - Fraction("0.001") * ww, 1 - Fraction("0.001") * bb
    left = [f"{float(crawl) ** iterations:.0%}" for iterations in (10, 1_000)]
    assert (
        f"- 1 - 0.001 · {ww} = {float(factor)} of the weight's distance from {weight}. The" in TEXT
    )
    assert f"after 10 iterations {float(factor) ** 10:.1%} is left." in TEXT
    assert (
        f"- 1 - 0.001 · {bb} = {float(crawl)} of the bias's distance from {bias}. It crawls" in TEXT
    )
    assert (
        f"iterations {left[0]} is left, after 1,000 still {left[1]}, after 10,000 two bill" in TEXT
    )
    assert round(float(crawl) ** 10_000 * 1e9) == 2
    assert f"at 0.0013 the weight's factor is 1 - 0.0013 · {ww} = {1 - 0.0013 * ww:.3f}." in TEXT

    safe = safe_learning_rate(celsius_values)
    assert safe == 2 / (ww + bb)
    assert f"Every rate below 2 / ({ww} + {bb}) = {float(safe):.7f} goes down" in TEXT
    eigenvalue = (ww + bb + math.sqrt((ww - bb) ** 2 + 4 * wb * bw)) / 2
    assert f"eigenvalues: below 2/λ = {2 / eigenvalue:.8f}, λ = {eigenvalue:.4f}." in TEXT


def test_numbers_of_the_table_after_ten_iterations():
    history = []
    train(*generate_data(), 0.844422, 0.757954, iterations=10, report=history.append)
    (_, first_weight, _, _), (_, weight, bias, _) = history[0], history[-1]
    left = (weight - 1.8) / (first_weight - 1.8)
    beside = (bias - 32) / 1667 / (first_weight - 1.8)
    assert f"In the table, {left:.1%} is left of the weight's: {beside:.1%} more, because" in TEXT
    assert left - beside == pytest.approx(0.667**10, abs=0.002)
    # The weight's slope is zero there:
    output, _ = forward(*generate_data(), 1.8 + (bias - 32) / 1667, bias)
    assert backward(*generate_data(), output)[0] == pytest.approx(0, abs=1e-9)
    assert "the weight's slope is zero not at 9/5, but at $9/5 + (b - 32)/1667$." in TEXT


def test_numbers_of_the_experiments():
    celsius_values, fahrenheit_values = generate_data()
    _, bias = train(celsius_values, fahrenheit_values, 0.844422, 0.757954, learning_rate=0.0001)
    left = (bias - 32) / (0.757954 - 32)
    assert f"without a hop; {left:.0%} of the bias's distance is left." in TEXT
    assert f"At the script's 0.0001 the bias ends at {bias:.1f}." in TEXT
    kelvin_values = [celsius + 273.15 for celsius in celsius_values]
    steeper = sum(k * k for k in kelvin_values) / sum(c * c for c in celsius_values)
    assert f"the weight's valley is {steeper:.0f} times as steep." in TEXT
    rate = 0.99 * safe_learning_rate(kelvin_values)
    _, bias = train(kelvin_values, fahrenheit_values, 0.5, 0.5, learning_rate=rate)
    assert abs(bias - 0.5) < 2  # of 460: "A rate small enough for it hardly moves the bias."


def test_number_of_the_published_script():
    celsius_values, fahrenheit_values = generate_data()
    weight, bias = 0.844422, 0.757954
    for _ in range(10_000):
        output, _ = forward(celsius_values, fahrenheit_values, weight, bias)
        grad_output = [2 * (o - f) / 100 for o, f in zip(output, fahrenheit_values)]
        weight -= 0.0001 * sum([o * grad for o, grad in zip(output, grad_output)])
        bias -= 0.0001 * sum(grad_output)
    assert f"sums output × grad_output; one knows it by its final weight, {weight:.2f}." in TEXT
