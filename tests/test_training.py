"""The training arrives, as fast and as far as the mathematics says; too large a rate is told."""

import math
import subprocess
import sys
import tracemalloc
from fractions import Fraction
from itertools import pairwise

import pytest

from celsius_neuron.data import celsius_to_fahrenheit, generate_data
from celsius_neuron.neuron import forward, get_predicted_fahrenheit_values
from celsius_neuron.train import Divergence, is_drawn, keep, safe_learning_rate, train


@pytest.fixture(scope="module")
def hundred_pairs():
    return generate_data()


@pytest.fixture(scope="module")
def history(hundred_pairs):
    """All states of a training from weight 0.5 and bias 0.5."""
    history = []
    train(*hundred_pairs, 0.5, 0.5, report=history.append)
    return history


# It arrives


# An error in the end is linear in weight and bias at the start: three starts stand for all.
@pytest.mark.parametrize("start", [(0, 0), (1, 1), (-100, 300)])
def test_ten_thousand_iterations_find_weight_1_8_and_bias_32_from_any_start(hundred_pairs, start):
    weight, bias = train(*hundred_pairs, *start)
    assert abs(weight - 1.8) < 1e-8
    assert abs(bias - 32) < 1e-5


@pytest.mark.parametrize("celsius", [-49.5, 0.5, 36.6, -273.15, 1000])
def test_the_neuron_is_right_between_and_far_outside_the_values_it_was_trained_on(history, celsius):
    _, weight, bias, _ = history[-1]
    (predicted,) = get_predicted_fahrenheit_values([celsius], weight, bias)
    assert abs(predicted - celsius_to_fahrenheit(celsius)) < 1e-4


# Each iteration: forward, backward, update


def test_three_iterations_are_the_three_steps_worked_by_hand():
    # One pair, 1 °C = 3 °F, from weight 0 and bias 0, with learning rate 1/8: the gradients
    # are both 2·(o - 3), and the output goes 0, 3/2, 9/4, 21/8.
    states = []
    trained = train([Fraction(1)], [3], 0, 0, 3, Fraction(1, 8), states.append)
    assert trained == (Fraction(21, 16), Fraction(21, 16))
    assert states == [
        (0, 0, 0, 9),
        (1, Fraction(3, 4), Fraction(3, 4), Fraction(9, 4)),
        (2, Fraction(9, 8), Fraction(9, 8), Fraction(9, 16)),
        (3, Fraction(21, 16), Fraction(21, 16), Fraction(9, 64)),
    ]


def test_report_gets_every_state_from_the_first_to_the_one_returned(hundred_pairs):
    states = []
    trained = train(*hundred_pairs, 0.5, 0.25, iterations=7, report=states.append)
    assert [iteration for iteration, *_ in states] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert states[0][1:3] == (0.5, 0.25)
    assert states[-1][1:3] == trained
    for _, weight, bias, loss in states:
        assert loss == forward(*hundred_pairs, weight, bias)[1]


def test_no_iterations_change_nothing(hundred_pairs):
    assert train(*hundred_pairs, 0.5, 0.25, iterations=0) == (0.5, 0.25)


def test_lists_that_do_not_pair_up_are_refused():
    with pytest.raises(ValueError, match="pair up"):
        train([1, 2], [3], 0.5, 0.5)


def test_training_keeps_nothing_so_that_memory_does_not_grow_with_the_iterations():
    def peak(iterations):
        history = []
        tracemalloc.start()
        train([1], [2], 0.5, 0.5, iterations, report=lambda state: keep(history, state))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert [iteration for iteration, *_ in history if not is_drawn(iteration)] == []
        return peak

    assert peak(5_000) < peak(1_000) + 4_000  # 4 more states are drawn, 4,000 more are made


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
    weight, bias = train(*exact_hundred_pairs, Fraction(1, 2), Fraction(1, 4), 9, rate)
    assert (weight - Fraction(9, 5), bias - 32) == predicted_errors(
        Fraction(1, 2) - Fraction(9, 5), Fraction(1, 4) - 32, 9, rate
    )


@pytest.mark.parametrize("iterations", [10, 100, 1_000, 10_000])
def test_bias_error_shrinks_by_0_998_an_iteration_as_the_recurrence_predicts(history, iterations):
    _, _, bias, _ = history[iterations]
    _, predicted = predicted_errors(0.5 - 1.8, 0.5 - 32, iterations, 0.001)
    assert bias - 32 == pytest.approx(predicted, rel=1e-10, abs=1e-11)
    assert predicted == pytest.approx(-31.5 * 0.998**iterations, rel=0.02)


def test_after_ten_iterations_the_weight_is_near_and_the_bias_is_not(history):
    _, weight, bias, _ = history[10]
    assert abs(weight - 1.8) < 0.05
    assert abs(bias - 32) > 30


def test_the_loss_falls_at_every_iteration(history):
    assert len(history) == 10_001
    assert all(later < earlier for (*_, earlier), (*_, later) in pairwise(history))


# Which learning rate


def loss_curvatures(celsius_values, fahrenheit_values):
    """The second derivatives ww, wb, bb of the loss, exact, since it is of degree two."""

    def loss(w, b):
        return forward(celsius_values, fahrenheit_values, w, b)[1]

    return (
        loss(1, 0) - 2 * loss(0, 0) + loss(-1, 0),
        loss(1, 1) - loss(1, 0) - loss(0, 1) + loss(0, 0),
        loss(0, 1) - 2 * loss(0, 0) + loss(0, -1),
    )


@pytest.fixture(scope="module")
def limit(exact_hundred_pairs):
    """2/λ, with λ the larger eigenvalue of the loss's second derivatives."""
    ww, wb, bb = loss_curvatures(*exact_hundred_pairs)
    assert (ww, wb, bb) == (1667, -1, 2)
    # λ solves (ww - λ)·(bb - λ) = wb².
    eigenvalue = ((ww + bb) + math.sqrt((ww + bb) ** 2 - 4 * (ww * bb - wb**2))) / 2
    assert f"{eigenvalue:.4f}" == "1667.0006"
    return 2 / eigenvalue


@pytest.mark.parametrize("celsius_values", [[3], [-3, 5], [1, 2, 4], range(-50, 50)])
def test_safe_learning_rate_is_2_over_the_sum_of_both_curvatures(celsius_values):
    ww, wb, bb = loss_curvatures([Fraction(c) for c in celsius_values], [0] * len(celsius_values))
    assert safe_learning_rate(celsius_values) == pytest.approx(float(2 / (ww + bb)), rel=1e-15)
    # The eigenvalues' product is not negative, so neither is larger than their sum, ww + bb.
    assert ww * bb - wb**2 >= 0


def test_training_converges_just_below_the_limit(hundred_pairs, limit):
    weight, bias = train(*hundred_pairs, 0.5, 0.5, learning_rate=0.999 * limit)
    assert abs(weight - 1.8) < 1e-5
    assert abs(bias - 32) < 1e-5


def divergence_of(pairs, iterations, learning_rate):
    """Train until it fails, and return what it said, and all the losses that it reported."""
    history = []
    with pytest.raises(Divergence) as error:
        train(*pairs, 0.5, 0.5, iterations, learning_rate, history.append)
    return str(error.value), [loss for *_, loss in history]


def test_training_diverges_just_above_the_limit(hundred_pairs, limit):
    message, losses = divergence_of(hundred_pairs, 10_000, 1.001 * limit)
    assert losses[-1] > 10 * losses[0] >= losses[-2]
    assert message.endswith("take one below 0.0011983")


@pytest.mark.parametrize("rate, iterations", [(0.0013, 10), (0.01, 1), (1, 1), (1e308, 1)])
def test_ten_times_the_first_loss_ends_the_training_and_is_reported(
    hundred_pairs, rate, iterations
):
    message, losses = divergence_of(hundred_pairs, 10_000, rate)
    assert len(losses) == iterations + 1
    assert all(loss <= 10 * losses[0] for loss in losses[:-1])
    assert not losses[-1] <= 10 * losses[0]
    assert message == (
        f"at iteration {iterations} the loss is {losses[-1]:.4g}, up from 2360: with these Celsius "
        f"values, learning rate {rate} is too large; take one below 0.0011983"
    )


def test_a_loss_larger_than_at_first_is_an_error_in_the_end_and_says_why():
    # With one pair, 2 °C = 9 °F, the curvature is 2·(2² + 1) = 10: a rate of 1/4 makes the error
    # -3/2 times what it was, so that it goes from 9 - 1.5 = 7.5 to -11.25 and 16.875.
    message, losses = divergence_of(([2], [9]), 2, 0.25)
    assert losses == [7.5**2, 11.25**2, 16.875**2]
    assert message == (
        "at iteration 2 the loss is 284.8, up from 56.25: with these Celsius values, "
        "learning rate 0.25 is too large; take one below 0.19999"
    )


def test_a_loss_above_the_first_one_never_comes_down_again(hundred_pairs):
    # So nothing is lost by stopping. A little above the limit it falls at first, with the bias.
    history = []
    with pytest.raises(Divergence):
        train(*hundred_pairs, 0.5, 0.5, learning_rate=0.0012, report=history.append)
    losses = [loss for *_, loss in history]
    turn = losses.index(min(losses))
    assert turn > 100
    assert all(later < earlier for earlier, later in pairwise(losses[: turn + 1]))
    assert all(later > earlier for earlier, later in pairwise(losses[turn:]))


@pytest.mark.parametrize("celsius_values", [[2], [7, 8], [0.1, 0.2, 0.4], [250, 260, 270, 280]])
def test_the_rate_that_the_error_names_converges(celsius_values):
    fahrenheit_values = [celsius_to_fahrenheit(celsius) for celsius in celsius_values]
    rate = 3 * safe_learning_rate(celsius_values)
    with pytest.raises(Divergence) as error:
        train(celsius_values, fahrenheit_values, 0, 0, learning_rate=rate)
    advised = float(str(error.value).split()[-1])
    assert 0.999 < advised / safe_learning_rate(celsius_values) < 1
    losses = []
    train(celsius_values, fahrenheit_values, 0, 0, 99, advised, lambda s: losses.append(s[3]))
    assert all(later < earlier for earlier, later in pairwise(losses[:9]))


def test_a_negative_learning_rate_climbs_and_is_refused():
    message, _ = divergence_of(([2], [9]), 2, -0.01)
    assert "at iteration 2 the loss is" in message


def test_a_loss_that_is_no_larger_than_at_first_is_no_error_whatever_the_rate(hundred_pairs):
    # At 0.0012 the weight's error grows, but for a while the bias's shrinks by more.
    losses = []
    train(*hundred_pairs, 0.5, 0.5, 600, 0.0012, report=lambda state: losses.append(state[3]))
    assert min(losses) < losses[-1] < losses[0]
    # At the bottom nothing moves.
    assert train([2], [9], 4, 1, iterations=3, learning_rate=1) == (4, 1)


def test_a_very_small_loss_that_grows_is_an_error_as_well():
    # As above, the error becomes -3/2 times what it was, here from 2/10,000.
    with pytest.raises(Divergence, match="at iteration 1 the loss is 9e-08, up from 4e-08"):
        train([2], [9], 4.0001, 1, iterations=1, learning_rate=0.25)


def test_rounding_at_the_bottom_is_not_taken_for_divergence():
    # At first the loss is next to 0, and here rounding makes it larger.
    losses = []
    train([-0.7], [-0.01], 0.4, 0.27, 1, 0.604, report=lambda state: losses.append(state[3]))
    assert 0 < losses[0] < losses[1] < 1e-30


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
