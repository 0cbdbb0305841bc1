"""The gradients in neuron.py are those a person derives by hand.

Numbers are fractions.Fraction, so every == is exact and no test needs a tolerance.
"""

import random
from fractions import Fraction

import pytest

from celsius_neuron.data import celsius_to_fahrenheit, generate_data
from celsius_neuron.neuron import (
    backward,
    forward,
    get_predicted_fahrenheit_values,
    update_parameters,
)


def random_fractions(numbers, how_many):
    return [Fraction(numbers.randint(-999, 999), numbers.randint(1, 99)) for _ in range(how_many)]


# The data


def test_water_freezes_at_32_boils_at_212_and_the_scales_meet_at_minus_40():
    assert [celsius_to_fahrenheit(celsius) for celsius in (0, 100, -40)] == [32, 212, -40]
    assert celsius_to_fahrenheit(Fraction(42)) == Fraction("107.6")


def test_the_data_are_the_100_whole_celsius_values_from_minus_50_to_49_and_their_fahrenheit():
    celsius_values, fahrenheit_values = generate_data()
    assert celsius_values == list(range(-50, 50))
    assert fahrenheit_values == [celsius_to_fahrenheit(celsius) for celsius in celsius_values]


# One pair, 42 °C = 107.6 °F, with weight 0.8 and bias 0.5

CELSIUS, FAHRENHEIT = [Fraction(42)], [Fraction("107.6")]
WEIGHT, BIAS = Fraction("0.8"), Fraction("0.5")


def test_one_pair_output_is_celsius_times_weight_plus_bias():
    assert get_predicted_fahrenheit_values(CELSIUS, WEIGHT, BIAS) == [Fraction("34.1")]


def test_one_pair_loss_is_the_squared_error():
    # (107.6 - 34.1)² = 73.5²
    assert forward(CELSIUS, FAHRENHEIT, WEIGHT, BIAS) == ([Fraction("34.1")], Fraction("5402.25"))


def test_one_pair_gradients():
    output, _ = forward(CELSIUS, FAHRENHEIT, WEIGHT, BIAS)
    grad_output = 2 * (Fraction("34.1") - Fraction("107.6"))
    assert grad_output == -147
    assert backward(CELSIUS, FAHRENHEIT, output) == (42 * grad_output, grad_output) == (-6174, -147)


def test_one_pair_update():
    # 0.8 + 0.001 · 6174 and 0.5 + 0.001 · 147
    updated = update_parameters(WEIGHT, BIAS, -6174, -147, Fraction("0.001"))
    assert updated == (Fraction("6.974"), Fraction("0.647"))


def test_the_negative_gradient_says_that_0_9_is_a_better_weight_than_0_8_and_0_7_a_worse():
    _, loss = forward(CELSIUS, FAHRENHEIT, WEIGHT, BIAS)
    _, loss_above = forward(CELSIUS, FAHRENHEIT, Fraction("0.9"), BIAS)
    _, loss_below = forward(CELSIUS, FAHRENHEIT, Fraction("0.7"), BIAS)
    assert loss_above < loss < loss_below


def test_weight_gradient_sums_celsius_times_grad_output_and_not_output_times_grad_output():
    grad_weight, _ = backward(CELSIUS, FAHRENHEIT, [Fraction("34.1")])
    assert grad_weight == 42 * -147  # and not 34.1 · -147


# Two pairs: 10 °C = 50 °F and 40 °C = 104 °F, with weight 2 and bias 20


def test_two_pairs_loss_is_half_the_sum_of_the_squared_errors():
    # The outputs are 40 and 100, the errors 10 and 4, the loss is (100 + 16) / 2.
    assert forward([10, 40], [50, 104], 2, 20) == ([40, 100], 58)


def test_two_pairs_each_grad_output_is_output_minus_fahrenheit():
    # L = ((f₁ - o₁)² + (f₂ - o₂)²) / 2, so ∂L/∂o₁ = o₁ - f₁ = -10 and ∂L/∂o₂ = -4.
    # A Celsius value of 1 lets one of them through to the weight's gradient, 0 blocks it.
    assert backward([1, 0], [50, 104], [40, 100])[0] == 40 - 50
    assert backward([0, 1], [50, 104], [40, 100])[0] == 100 - 104


def test_two_pairs_gradients_are_sums_over_the_samples():
    assert backward([10, 40], [50, 104], [40, 100]) == (10 * -10 + 40 * -4, -10 + -4)


# All 100 pairs, where Σc = -50 and Σc² = 83,350


# Both sides are linear in w and in b: where they agree at three corners, they agree everywhere.
@pytest.mark.parametrize("w, b", [(0, 0), (1, 0), (0, 1)])
def test_hundred_pairs_gradients_collapse_to_1667_and_2(exact_hundred_pairs, w, b):
    # ∂L/∂w = 2/100 · Σ c·(o - f), where o - f = c·(w - 9/5) + (b - 32):
    # the sums are Σc² = 83,350, Σc = -50 and Σ1 = 100, and 2/100 makes them 1667, -1 and 2.
    celsius_values, fahrenheit_values = exact_hundred_pairs
    assert sum(celsius_values) == -50
    assert sum(celsius * celsius for celsius in celsius_values) == 83_350

    output, _ = forward(celsius_values, fahrenheit_values, w, b)
    grad_weight, grad_bias = backward(celsius_values, fahrenheit_values, output)
    assert grad_weight == 1667 * (w - Fraction(9, 5)) - (b - 32)
    assert grad_bias == -(w - Fraction(9, 5)) + 2 * (b - 32)


def test_hundred_pairs_loss_is_zero_at_9_fifths_and_32(exact_hundred_pairs):
    _, loss = forward(*exact_hundred_pairs, Fraction(9, 5), 32)
    assert loss == 0


# Any data. A loss of degree two makes the central difference exact: with a step of 1,
# (L(x + 1) - L(x - 1)) / 2 is the derivative itself.


@pytest.fixture(params=[1, 2, 9])
def any_data(request):
    size = request.param
    numbers = random.Random(size)
    celsius_values = random_fractions(numbers, size)
    fahrenheit_values = random_fractions(numbers, size)
    weight, bias = random_fractions(numbers, 2)
    return celsius_values, fahrenheit_values, weight, bias


def loss_of(celsius_values, fahrenheit_values, weight, bias):
    return forward(celsius_values, fahrenheit_values, weight, bias)[1]


def test_loss_is_the_mean_of_the_squared_errors(any_data):
    celsius_values, fahrenheit_values, weight, bias = any_data
    total = Fraction(0)
    for i in range(len(celsius_values)):
        total += (fahrenheit_values[i] - (celsius_values[i] * weight + bias)) ** 2
    assert loss_of(*any_data) == total / len(celsius_values)


def test_weight_gradient_is_the_exact_central_difference_of_the_loss(any_data):
    celsius_values, fahrenheit_values, weight, bias = any_data
    output, _ = forward(*any_data)
    above = loss_of(celsius_values, fahrenheit_values, weight + 1, bias)
    below = loss_of(celsius_values, fahrenheit_values, weight - 1, bias)
    assert backward(celsius_values, fahrenheit_values, output)[0] == (above - below) / 2


def test_bias_gradient_is_the_exact_central_difference_of_the_loss(any_data):
    celsius_values, fahrenheit_values, weight, bias = any_data
    output, _ = forward(*any_data)
    above = loss_of(celsius_values, fahrenheit_values, weight, bias + 1)
    below = loss_of(celsius_values, fahrenheit_values, weight, bias - 1)
    assert backward(celsius_values, fahrenheit_values, output)[1] == (above - below) / 2


def test_chain_rule_output_changes_by_celsius_per_weight_and_by_1_per_bias(any_data):
    celsius_values, _, weight, bias = any_data
    output = get_predicted_fahrenheit_values(celsius_values, weight, bias)
    more_weight = get_predicted_fahrenheit_values(celsius_values, weight + 1, bias)
    more_bias = get_predicted_fahrenheit_values(celsius_values, weight, bias + 1)
    assert [more - o for more, o in zip(more_weight, output)] == celsius_values
    assert [more - o for more, o in zip(more_bias, output)] == [1] * len(output)


def test_chain_rule_gradients_are_grad_output_times_celsius_and_times_1(any_data):
    celsius_values, fahrenheit_values, weight, bias = any_data
    output, _ = forward(*any_data)

    # First the gradient of each output: the central difference of the loss in that output.
    def loss_with(i, changed):
        outputs = [*output[:i], changed, *output[i + 1 :]]
        return sum((f - o) ** 2 for f, o in zip(fahrenheit_values, outputs)) / len(outputs)

    grad_output = [
        (loss_with(i, output[i] + 1) - loss_with(i, output[i] - 1)) / 2 for i in range(len(output))
    ]
    # Then ∂L/∂w = Σ ∂L/∂oᵢ · cᵢ and ∂L/∂b = Σ ∂L/∂oᵢ · 1.
    assert backward(celsius_values, fahrenheit_values, output) == (
        sum(grad * celsius for grad, celsius in zip(grad_output, celsius_values)),
        sum(grad_output),
    )


def test_the_loops_of_the_article_give_what_the_comprehensions_give(any_data):
    celsius_values, fahrenheit_values, weight, bias = any_data
    sample_size = len(celsius_values)

    output = []
    for i in range(sample_size):
        output.append(celsius_values[i] * weight + bias)
    loss = 0
    for i in range(sample_size):
        loss = loss + (fahrenheit_values[i] - output[i]) ** 2
    loss = loss / sample_size
    grad_output = []
    for i in range(sample_size):
        grad_output.append(2 * (output[i] - fahrenheit_values[i]) / sample_size)
    grad_weight = 0
    for i in range(sample_size):
        grad_weight = grad_weight + celsius_values[i] * grad_output[i]
    grad_bias = 0
    for i in range(sample_size):
        grad_bias = grad_bias + grad_output[i]

    assert forward(*any_data) == (output, loss)
    assert backward(celsius_values, fahrenheit_values, output) == (grad_weight, grad_bias)


# The update


def test_update_subtracts_the_learning_rate_times_each_gradient(any_data):
    _, _, weight, bias = any_data
    grad_weight, grad_bias, learning_rate = Fraction(3, 7), Fraction(-5, 11), Fraction(2, 9)
    new_weight, new_bias = update_parameters(weight, bias, grad_weight, grad_bias, learning_rate)
    assert (weight - new_weight) / grad_weight == learning_rate
    assert (bias - new_bias) / grad_bias == learning_rate


def test_a_small_step_against_the_gradients_never_raises_the_loss(any_data):
    celsius_values, fahrenheit_values, weight, bias = any_data
    # Small: no curvature of the loss exceeds the sum of ∂²L/∂w² and ∂²L/∂b².
    mean_square = sum(celsius**2 for celsius in celsius_values) / len(celsius_values)
    learning_rate = 1 / (2 * mean_square + 2)
    output, loss = forward(*any_data)
    gradients = backward(celsius_values, fahrenheit_values, output)
    updated = update_parameters(weight, bias, *gradients, learning_rate)
    assert loss_of(celsius_values, fahrenheit_values, *updated) < loss


# Numbers and lists


def test_int_and_float_give_what_fractions_give():
    for number in int, float, Fraction:
        celsius_values, fahrenheit_values = [number(10), number(40)], [number(50), number(104)]
        assert forward(celsius_values, fahrenheit_values, number(2), number(20)) == ([40, 100], 58)
        assert backward(celsius_values, fahrenheit_values, [40, 100]) == (-260, -14)


@pytest.mark.parametrize(
    "celsius_values, fahrenheit_values", [([], []), ([1, 2], [3]), ([1], [2, 3]), ([1], [])]
)
def test_forward_refuses_lists_that_are_empty_or_do_not_pair_up(celsius_values, fahrenheit_values):
    with pytest.raises(ValueError, match="pair up"):
        forward(celsius_values, fahrenheit_values, 1, 1)


@pytest.mark.parametrize(
    "lengths", [(0, 0, 0), (1, 2, 2), (2, 1, 1), (2, 1, 2), (1, 2, 1), (2, 2, 1), (1, 1, 2)]
)
def test_backward_refuses_lists_that_are_empty_or_differ_in_length(lengths):
    with pytest.raises(ValueError, match="same length"):
        backward(*([1] * length for length in lengths))
