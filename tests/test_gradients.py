"""The gradients in neuron.py are those that a person derives by hand.

Numbers are whole, or fractions.Fraction: every == is exact, and no test needs a tolerance.
"""

from fractions import Fraction
from itertools import product

import pytest

from celsius_neuron.data import celsius_to_fahrenheit, generate_data
from celsius_neuron.neuron import (
    backward,
    forward,
    get_predicted_fahrenheit_values,
    update_parameters,
)


def test_water_freezes_at_32_and_boils_at_212_fahrenheit():
    assert [celsius_to_fahrenheit(celsius) for celsius in (0, 100, -40)] == [32, 212, -40]


def test_the_data_are_100_pairs_from_minus_50_to_49_celsius():
    celsius_values, fahrenheit_values = generate_data()
    assert celsius_values == list(range(-50, 50))
    assert fahrenheit_values == [celsius_to_fahrenheit(celsius) for celsius in celsius_values]
    assert {type(number) for number in celsius_values + fahrenheit_values} == {float}


# One pair, 42 °C = 107.6 °F, with weight 0.8 and bias 0.5

CELSIUS, FAHRENHEIT = [Fraction(42)], [Fraction("107.6")]
WEIGHT, BIAS = Fraction("0.8"), Fraction("0.5")


def test_weight_0_9_is_better_than_0_8_and_0_7_is_worse():
    def loss(weight):
        return forward(CELSIUS, FAHRENHEIT, weight, BIAS)[1]

    assert loss(Fraction("0.9")) < loss(WEIGHT) < loss(Fraction("0.7"))


def test_weight_gradient_sums_celsius_and_not_output():
    output, grad_output = Fraction("34.1"), -147
    grad_weight, _ = backward(CELSIUS, FAHRENHEIT, [output])
    sentence = "it is output times grad_output; it must be celsius times grad_output"
    assert grad_weight != output * grad_output, sentence
    assert grad_weight == 42 * grad_output


def test_one_step_is_as_worked_by_hand():
    # The output is 42 · 0.8 + 0.5, the loss (107.6 - 34.1)² = 73.5².
    output, loss = forward(CELSIUS, FAHRENHEIT, WEIGHT, BIAS)
    assert (output, loss) == ([Fraction("34.1")], Fraction("5402.25"))
    # The slope of the square is -2 · 73.5 = -147, for the weight 42 times that.
    grad_weight, grad_bias = backward(CELSIUS, FAHRENHEIT, output)
    assert (grad_weight, grad_bias) == (-6174, -147)
    # 0.8 + 0.0001 · 6174 and 0.5 + 0.0001 · 147
    updated = update_parameters(WEIGHT, BIAS, grad_weight, grad_bias, Fraction("0.0001"))
    assert updated == (Fraction("1.4174"), Fraction("0.5147"))


# Two pairs: 10 °C = 50 °F and 40 °C = 104 °F, with weight 2 and bias 20


def test_two_pairs_loss_is_the_mean_and_gradients_are_sums():
    # The outputs are 40 and 100, the errors 10 and 4, the loss is (100 + 16) / 2.
    assert forward([10, 40], [50, 104], 2, 20) == ([40, 100], 58)
    assert backward([10, 40], [50, 104], [40, 100]) == (10 * -10 + 40 * -4, -10 + -4)


def test_two_pairs_each_grad_output_is_output_minus_fahrenheit():
    # L = ((f₁ - o₁)² + (f₂ - o₂)²) / 2, so ∂L/∂o₁ = o₁ - f₁ = -10 and ∂L/∂o₂ = -4.
    # A Celsius value of 1 lets one of them through to the weight's gradient, 0 blocks it.
    assert backward([1, 0], [50, 104], [40, 100])[0] == 40 - 50
    assert backward([0, 1], [50, 104], [40, 100])[0] == 100 - 104


# All 100 pairs, where Σc = -50 and Σc² = 83,350


def test_hundred_pairs_gradients_collapse_to_1667_and_2(exact_pairs):
    # ∂L/∂w = 2/100 · Σ c·(o - f), where o - f = c·(w - 9/5) + (b - 32):
    # the sums are Σc² = 83,350, Σc = -50 and Σ1 = 100, and 2/100 makes them 1667, -1 and 2.
    celsius_values, _ = exact_pairs
    assert sum(celsius_values) == -50
    assert sum(celsius * celsius for celsius in celsius_values) == 83_350
    # Both sides are linear in w and b: where they agree at three corners, they agree everywhere.
    for w, b in (0, 0), (1, 0), (0, 1):
        output, _ = forward(*exact_pairs, w, b)
        grad_weight, grad_bias = backward(*exact_pairs, output)
        assert grad_weight == 1667 * (w - Fraction(9, 5)) - (b - 32)
        assert grad_bias == -(w - Fraction(9, 5)) + 2 * (b - 32)
    # So both are 0 at w = 9/5 and b = 32, and the loss is 0 as well.
    assert forward(*exact_pairs, Fraction(9, 5), 32)[1] == 0


# Any one or two pairs. Both sides of each == are polynomials, of degree two at most in each
# number. A parabola is known by three of its points: where two such polynomials agree on a grid
# of three values for each number, they agree everywhere. So these are proofs. (All numbers here
# are whole or halves, and exact.)

GRID = [((c,), (f,), w, b) for c, f, w, b in product((0, 1, 3), repeat=4)] + [
    ((c, d), (f, g), w, b) for c, d, f, g, w, b in product((0, 1, 3), repeat=6)
]


def test_gradients_are_the_central_differences_of_the_loss():
    # For a loss of degree two, (L(x + 1) - L(x - 1)) / 2 is the derivative itself.
    for celsius_values, fahrenheit_values, w, b in GRID:
        pairs = celsius_values, fahrenheit_values
        grad_weight, grad_bias = backward(*pairs, forward(*pairs, w, b)[0])
        assert grad_weight == (forward(*pairs, w + 1, b)[1] - forward(*pairs, w - 1, b)[1]) / 2
        assert grad_bias == (forward(*pairs, w, b + 1)[1] - forward(*pairs, w, b - 1)[1]) / 2


def test_gradients_are_products_along_the_chain():
    for celsius_values, fahrenheit_values, w, b in GRID:
        output = get_predicted_fahrenheit_values(celsius_values, w, b)
        # The last link, ∂L/∂oᵢ: how the loss changes with one output. (With weight 1 and bias 0,
        # what goes into the neuron comes out unchanged.)
        grad_output = []
        for i, o in enumerate(output):
            changed = ([*output[:i], o + step, *output[i + 1 :]] for step in (1, -1))
            more, less = (forward(outputs, fahrenheit_values, 1, 0)[1] for outputs in changed)
            grad_output.append((more - less) / 2)
        # The first links, ∂oᵢ/∂w and ∂oᵢ/∂b: how each output changes with weight and bias.
        more_weight = get_predicted_fahrenheit_values(celsius_values, w + 1, b)
        more_bias = get_predicted_fahrenheit_values(celsius_values, w, b + 1)
        assert backward(celsius_values, fahrenheit_values, output) == (
            sum(grad * (more - o) for grad, more, o in zip(grad_output, more_weight, output)),
            sum(grad * (more - o) for grad, more, o in zip(grad_output, more_bias, output)),
        )


def test_lists_that_do_not_pair_up_are_refused():
    for lists in ([1, 2], [3]), ([1], [3, 4]), ([], [3]):
        with pytest.raises(ValueError, match="same length"):
            forward(*lists, 1, 1)
    for lists in ([1], [3, 4], [5, 6]), ([1, 2], [3], [5, 6]), ([1, 2], [3, 4], [5]):
        with pytest.raises(ValueError, match="same length"):
            backward(*lists)
