"""The training arrives, as fast and as far as the mathematics says; the picture shows it."""

import math
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise

import pytest

from celsius_neuron.data import celsius_to_fahrenheit, generate_data
from celsius_neuron.neuron import forward, get_predicted_fahrenheit_values
from celsius_neuron.train import equation, largest_learning_rate, plot, train


@pytest.fixture(scope="module")
def hundred_pairs():
    return generate_data()


@pytest.fixture(scope="module")
def trained(hundred_pairs):
    return train(*hundred_pairs, 0.5, 0.5)


# It arrives


# An error in the end is linear in weight and bias at the start: three starts stand for all.
@pytest.mark.parametrize("start", [(0, 0), (1, 1), (-100, 300)])
def test_ten_thousand_iterations_find_weight_1_8_and_bias_32_from_any_start(hundred_pairs, start):
    weight, bias, _ = train(*hundred_pairs, *start)
    assert abs(weight - 1.8) < 1e-8
    assert abs(bias - 32) < 1e-5


@pytest.mark.parametrize("celsius", [-49.5, 0.5, 36.6, -273.15, 1000])
def test_the_neuron_is_right_between_and_far_outside_the_values_it_was_trained_on(trained, celsius):
    weight, bias, _ = trained
    (predicted,) = get_predicted_fahrenheit_values([celsius], weight, bias)
    assert abs(predicted - celsius_to_fahrenheit(celsius)) < 1e-4


# Each iteration: forward, backward, update


def test_three_iterations_are_the_three_steps_worked_by_hand():
    # One pair, 1 °C = 3 °F, from weight 0 and bias 0, with learning rate 1/8: the gradients
    # are both 2·(o - 3), and the output goes 0, 3/2, 9/4, 21/8.
    weight, bias, losses = train([Fraction(1)], [3], 0, 0, 3, Fraction(1, 8))
    assert weight == bias == Fraction(21, 16)
    assert losses == [9, Fraction(9, 4), Fraction(9, 16)]


def test_losses_are_those_of_each_forward_pass_and_report_gets_every_state(hundred_pairs):
    states = []
    weight, bias, losses = train(
        *hundred_pairs, 0.5, 0.25, iterations=7, report=lambda *state: states.append(state)
    )
    assert [iteration for iteration, *_ in states] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert states[0][1:3] == (0.5, 0.25)
    assert states[-1][1:3] == (weight, bias)
    for _, w, b, loss in states:
        assert loss == forward(*hundred_pairs, w, b)[1]
    assert losses == [loss for *_, loss in states[:-1]]


def test_no_iterations_change_nothing(hundred_pairs):
    assert train(*hundred_pairs, 0.5, 0.25, iterations=0) == (0.5, 0.25, [])


def test_lists_that_do_not_pair_up_are_refused():
    with pytest.raises(ValueError, match="pair up"):
        train([1, 2], [3], 0.5, 0.5)


# Why 10,000 iterations


def predicted_errors(weight_error, bias_error, iterations, learning_rate):
    """The gradients of the 100 pairs, 1667·Δw - Δb and -Δw + 2·Δb, make the errors a recurrence."""
    for _ in range(iterations):
        weight_error, bias_error = (
            weight_error - learning_rate * (1667 * weight_error - bias_error),
            bias_error - learning_rate * (-weight_error + 2 * bias_error),
        )
    return weight_error, bias_error


def test_errors_follow_the_linear_recurrence_exactly(exact_hundred_pairs):
    rate = Fraction(1, 1000)
    weight, bias, _ = train(*exact_hundred_pairs, Fraction(1, 2), Fraction(1, 4), 9, rate)
    assert (weight - Fraction(9, 5), bias - 32) == predicted_errors(
        Fraction(1, 2) - Fraction(9, 5), Fraction(1, 4) - 32, 9, rate
    )


def test_bias_error_shrinks_by_0_998_an_iteration_as_the_recurrence_predicts(
    hundred_pairs, trained
):
    biases = [train(*hundred_pairs, 0.5, 0.5, iterations)[1] for iterations in (10, 100, 1_000)]
    for iterations, bias in zip((10, 100, 1_000, 10_000), [*biases, trained[1]]):
        _, predicted = predicted_errors(0.5 - 1.8, 0.5 - 32, iterations, 0.001)
        assert bias - 32 == pytest.approx(predicted, rel=1e-10, abs=1e-11)
        assert predicted == pytest.approx(-31.5 * 0.998**iterations, rel=0.02)


def test_after_ten_iterations_the_weight_is_near_and_the_bias_is_not(hundred_pairs):
    weight, bias, _ = train(*hundred_pairs, 0.5, 0.5, iterations=10)
    assert abs(weight - 1.8) < 0.05
    assert abs(bias - 32) > 30


def test_the_loss_falls_at_every_iteration(trained):
    _, _, losses = trained
    assert len(losses) == 10_000
    assert all(later < earlier for earlier, later in pairwise(losses))


# Which learning rate


@pytest.fixture(scope="module")
def limit(exact_hundred_pairs):
    """2/λ, with λ the larger eigenvalue of the loss's second derivatives.

    The loss is of degree two, so second differences with a step of 1 are those derivatives.
    """

    def loss(w, b):
        return forward(*exact_hundred_pairs, w, b)[1]

    ww = loss(1, 0) - 2 * loss(0, 0) + loss(-1, 0)
    bb = loss(0, 1) - 2 * loss(0, 0) + loss(0, -1)
    wb = loss(1, 1) - loss(1, 0) - loss(0, 1) + loss(0, 0)
    assert (ww, wb, bb) == (1667, -1, 2)

    # λ solves (ww - λ)·(bb - λ) = wb².
    eigenvalue = ((ww + bb) + math.sqrt((ww + bb) ** 2 - 4 * (ww * bb - wb**2))) / 2
    assert f"{eigenvalue:.4f}" == "1667.0006"
    return 2 / eigenvalue


def test_largest_learning_rate_is_2_over_the_largest_eigenvalue(hundred_pairs, limit):
    assert largest_learning_rate(hundred_pairs[0]) == pytest.approx(limit, rel=1e-12)


@pytest.mark.parametrize("celsius_values", [[3], [-3, 5], [1, 2, 4]])
def test_largest_learning_rate_is_where_the_steepest_step_turns_over(celsius_values):
    # The matrix of second derivatives minus λ has determinant 0, and no eigenvalue is larger.
    n = len(celsius_values)
    ww, wb = 2 * sum(c * c for c in celsius_values) / n, 2 * sum(celsius_values) / n
    steepest = 2 / largest_learning_rate(celsius_values)
    assert (ww - steepest) * (2 - steepest) == pytest.approx(wb**2)
    assert steepest >= (ww + 2) / 2


def test_training_converges_just_below_the_largest_learning_rate(hundred_pairs, limit):
    weight, bias, _ = train(*hundred_pairs, 0.5, 0.5, learning_rate=0.999 * limit)
    assert abs(weight - 1.8) < 1e-5
    assert abs(bias - 32) < 1e-5


def test_the_loss_grows_just_above_the_largest_learning_rate(hundred_pairs, limit):
    with pytest.raises(ValueError, match="at iteration 1000 .* smaller one, below about 0.0011998"):
        train(*hundred_pairs, 0.5, 0.5, iterations=1_000, learning_rate=1.001 * limit)


def divergence_of(pairs, iterations, learning_rate):
    """Train until it fails, and return what it said and all the losses that it reported."""
    losses = []
    with pytest.raises(ValueError) as error:
        train(*pairs, 0.5, 0.5, iterations, learning_rate, lambda *state: losses.append(state[3]))
    return str(error.value), losses


@pytest.mark.parametrize("rate, loss", [(0.0013, "inf"), (0.01, "inf"), (1, "inf"), (1e308, "nan")])
def test_a_loss_that_is_no_longer_finite_ends_the_training_and_says_why(hundred_pairs, rate, loss):
    message, losses = divergence_of(hundred_pairs, 10_000, rate)
    assert all(math.isfinite(loss) for loss in losses)
    assert len(losses) < 2500
    assert message == (
        f"at iteration {len(losses)} the loss is {loss}, up from 2360: with these Celsius values, "
        f"learning rate {rate} is too large; take a smaller one, below about 0.0011998"
    )


def test_a_loss_larger_than_at_first_is_an_error_in_the_end_and_says_why():
    # With one pair, 2 °C = 9 °F, the curvature is 2·(2² + 1) = 10: a rate of 1/4 makes the error
    # -3/2 times what it was, so that it goes from 9 - 1.5 = 7.5 to -11.25 and 16.875.
    message, losses = divergence_of(([2], [9]), 2, 0.25)
    assert losses == [7.5**2, 11.25**2]
    assert message == (
        "at iteration 2 the loss is 284.8, up from 56.25: with these Celsius values, "
        "learning rate 0.25 is too large; take a smaller one, below about 0.2"
    )


def test_which_rate_is_too_large_depends_on_the_celsius_values_alone():
    # 2 °C again, so 1/4 is too large, although every other number is as small as a good rate.
    with pytest.raises(ValueError, match="at iteration 1 "):
        train([2], [0.11], weight=0.06, bias=0, iterations=1, learning_rate=0.25)


def test_a_negative_learning_rate_climbs_and_is_refused():
    message, _ = divergence_of(([2], [9]), 2, -0.01)
    assert "at iteration 2 the loss is" in message


@pytest.mark.parametrize("rate", [0.01, 1e308])
def test_a_first_step_that_goes_astray_is_said_even_if_it_is_the_only_one(hundred_pairs, rate):
    message, _ = divergence_of(hundred_pairs, 1, rate)
    assert message.startswith("at iteration 1 the loss is ")


def test_a_loss_that_is_no_larger_than_at_first_is_no_error_whatever_the_rate(hundred_pairs):
    # Above the limit the weight's error grows, but for a while the bias's shrinks by more.
    weight, bias, losses = train(*hundred_pairs, 0.5, 0.5, iterations=600, learning_rate=0.0012)
    _, last_loss = forward(*hundred_pairs, weight, bias)
    assert min(losses) < last_loss < losses[0]
    # At the bottom nothing moves.
    assert train([2], [9], 4, 1, iterations=3, learning_rate=1) == (4, 1, [0, 0, 0])


def test_rounding_at_the_bottom_is_not_taken_for_divergence():
    # At first the loss is next to 0, and here rounding makes it larger.
    pair = [-0.7], [-0.01]
    _, first_loss = forward(*pair, 0.4, 0.27)
    weight, bias, _ = train(*pair, 0.4, 0.27, iterations=1, learning_rate=0.604)
    _, last_loss = forward(*pair, weight, bias)
    assert 0 < first_loss < last_loss < 1e-30


# Without a library


def test_data_neuron_and_train_import_neither_matplotlib_nor_numpy():
    program = (
        "import sys\n"
        "from celsius_neuron.data import generate_data\n"
        "from celsius_neuron.train import train\n"
        "train(*generate_data(), 0.5, 0.5, iterations=10)\n"
        "print({'matplotlib', 'numpy'} & set(sys.modules))\n"
    )
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert process.stdout == "set()\n"


# The picture


@pytest.fixture
def panels(hundred_pairs):
    import matplotlib.pyplot as plt

    weight, bias, losses = train(*hundred_pairs, 0.5, -0.25, iterations=20)
    figure = plot(*hundred_pairs, (0.5, -0.25), (weight, bias), losses)
    yield *figure.axes, (weight, bias), losses
    plt.close(figure)


def test_picture_shows_the_true_line_and_the_predictions_before_and_after(hundred_pairs, panels):
    left, _, after, _ = panels
    celsius_values, fahrenheit_values = hundred_pairs
    lines = left.get_lines()
    assert [list(line.get_xdata()) for line in lines] == [celsius_values] * 3
    assert [list(line.get_ydata()) for line in lines] == [
        fahrenheit_values,
        get_predicted_fahrenheit_values(celsius_values, 0.5, -0.25),
        get_predicted_fahrenheit_values(celsius_values, *after),
    ]


def test_picture_names_each_equation_and_each_unit(panels):
    left, right, after, _ = panels
    assert [text.get_text() for text in left.get_legend().get_texts()] == [
        "true: F = 1.8000 C + 32.0000",
        "before: F = 0.5000 C - 0.2500",
        f"after: {equation(*after)}",
    ]
    assert (left.get_xlabel(), left.get_ylabel()) == ("Celsius (°C)", "Fahrenheit (°F)")
    assert (right.get_xlabel(), right.get_ylabel()) == (
        "iteration",
        "loss: mean squared error (°F²)",
    )


def test_picture_tells_the_three_lines_apart_by_colour_by_style_and_where_they_coincide(panels):
    from matplotlib.colors import same_color

    left, *_ = panels
    true, before, after = left.get_lines()
    for line, color in (true, "tab:blue"), (before, "r"), (after, "g"):
        assert same_color(line.get_color(), color)
    assert [line.get_linestyle() for line in (true, before, after)] == ["-", ":", "--"]
    assert true.get_linewidth() > 2 * after.get_linewidth()  # drawn first, and seen on both sides


def test_picture_shows_the_loss_of_every_iteration_on_logarithmic_axes(panels):
    _, right, _, losses = panels
    (line,) = right.get_lines()
    assert list(line.get_xdata()) == list(range(1, 21))
    assert list(line.get_ydata()) == losses
    assert (right.get_xscale(), right.get_yscale()) == ("log", "log")
