"""The gradients in neuron.py are those that a person derives by hand.

First comes an example in numbers that one can work out on paper. Then comes a proof: forward
itself tells the slopes of the loss, in fractions, and they are exactly those of backward.
"""

from fractions import Fraction

import pytest

from celsius_neuron.neuron import backward, forward, update_parameters


def check(name, got, must, known=()):
    """Fail with a sentence if a value is not what it must be. Name the mistake if it is known."""
    if got != must:
        mistakes = []
        if isinstance(got, (int, float, Fraction)):
            got = float(got)
            mistakes = [what for value, what in dict(known).items() if abs(value - got) < 1e-6]
        sentence = f"{name} is {got}, must be {float(must)}"
        pytest.fail(": ".join([sentence, *mistakes]), pytrace=False)


def test_data_are_whole_degrees_from_minus_50_to_49_and_true_at_minus_40_0_and_30():
    from celsius_neuron.data import generate_data

    celsius_values, fahrenheit_values = generate_data()
    assert celsius_values == list(range(-50, 50)) and len(fahrenheit_values) == 100
    for celsius, fahrenheit in (-40, -40), (0, 32), (30, 86):
        check(f"{celsius} C in Fahrenheit", fahrenheit_values[celsius + 50], fahrenheit)


# Three pairs, with weight 2.4 and bias 14. By hand:
#
#     celsius   fahrenheit   output              error, f - o   grad_output, (o - f) * 2 / 3
#          10           50   24 + 14 = 38                  12                             -8
#          20           68   48 + 14 = 62                   6                             -4
#          50          122   120 + 14 = 134               -12                              8

PAIRS, OUTPUT = ([10, 20, 50], [50, 68, 122]), [38, 62, 134]
RATE = 0.005


def test_output_is_celsius_times_weight_plus_bias():
    output, _ = forward(*PAIRS, 2.4, 14)
    check("the number of outputs", len(output), 3)
    for celsius, got, must in zip(PAIRS[0], output, OUTPUT):
        known = {
            celsius * 2.4: "the bias is missing",
            celsius * (2.4 + 14): "the bias has to be added after multiplying",
            celsius * 2.4 - 14: "the bias has the wrong sign",
        }
        check(f"the output for {celsius} C", got, must, known)


def test_loss_is_the_mean_of_the_squared_errors():
    known = {
        144 + 36 + 144: "it is the sum of the squares, and not their mean",
        108 / 2: "it is half of the mean",
        108**0.5: "it is the root of the mean",
        (12 + 6 + 12) / 3: "it is the mean of the absolute errors, which are not squared",
        (12 + 6 - 12) / 3: "the errors are not squared",
        144 / 3: "only the last pair counts",
        324 / 2: "it is divided by N - 1",
    }
    check("the loss", forward(*PAIRS, 2.4, 14)[1], (144 + 36 + 144) / 3, known)


def test_bias_gradient_is_the_sum_of_grad_output():
    _, grad_bias = backward(*PAIRS, OUTPUT)
    known = {
        4: "the sign is wrong; grad_output is output minus Fahrenheit",
        -4 / 2: "the 2 is missing",
        -4 * 3: "it is not divided by N",
        -4 / 3: "it is divided by N twice; the sum must not be divided again",
        -4 * 3 / 2: "it is divided by N - 1, or neither the 2 nor the N is there",
        8 + 4 + 8: "the errors have lost their signs",
        0: "it is not computed",
        240: "it is multiplied by celsius, or the two gradients are exchanged",
        8: "only the last pair counts",
        -(40 + 48 + 72) * 2 / 3: "celsius minus Fahrenheit is taken; it is output minus Fahrenheit",
    }
    check("grad_bias", grad_bias, -8 - 4 + 8, known)


def test_weight_gradient_is_the_sum_of_celsius_times_grad_output():
    grad_weight, _ = backward(*PAIRS, OUTPUT)
    wrong = "times grad_output; it must be celsius times grad_output"
    known = {
        -240: "the sign is wrong",
        240 / 2: "the 2 is missing",
        240 * 3: "it is not divided by N",
        240 / 3: "it is divided by N again; each grad_output has been divided already",
        38 * -8 + 62 * -4 + 134 * 8: f"it is output {wrong}",
        50 * -8 + 68 * -4 + 122 * 8: f"it is Fahrenheit {wrong}",
        -4: "it is the sum of grad_output; each must be multiplied by celsius first",
        80 * -4: "it is the product of two sums; it must be the sum of products",
        50 * 8: "only the last pair counts",
    }
    check("grad_weight", grad_weight, 10 * -8 + 20 * -4 + 50 * 8, known)


def test_update_goes_down_the_slopes_by_rate_times_gradient():
    weight, bias = update_parameters(2.4, 14, 240, -4, RATE)
    plus, rate = "it goes up the slope; the step must be subtracted", "the learning rate is missing"
    other, zero = "the gradient of the other parameter is taken", "it has not moved"
    swapped = "weight and bias are exchanged"
    known = {14 - 0.02: plus, 14 + 4: rate, 14 - 1.2: other, 14: zero, 1.2: swapped}
    check("the new bias", bias, 14 + 0.02, known)
    known = {2.4 + 1.2: plus, 2.4 - 240: rate, 2.4 + 0.02: other, 2.4: zero}
    check("the new weight", weight, 2.4 - 1.2, known)


def test_two_iterations_go_on_from_the_weight_and_the_bias_that_are_now():
    from celsius_neuron.train import train

    _, one, two = train(*PAIRS, 2.4, 14, 2, RATE)
    before = "both gradients must be from before the update"
    known = {14.34: f"its gradient is that of the new weight; {before}"}
    check("the bias after 1 iteration", one.bias, 14.02, known)
    known = {2.4 - 1.205333: f"its gradient is that of the new bias; {before}"}
    check("the weight after 1 iteration", one.weight, 1.2, known)
    # Now the outputs are 26.02, 38.02 and 74.02: grad_bias is -67.96, grad_weight -2158.9333.
    known = {14.04: "the output is not the present one", 14.36: "it is divided by //, not by /"}
    check("the bias after 2 iterations", round(two.bias, 4), 14.3598, known)
    check("the weight after 2 iterations", round(two.weight, 4), 11.9947)


def test_the_pair_of_the_article_is_as_worked_by_hand():
    """42 °C = 107.6 °F, with weight 0.8 and bias 0.5."""
    (output,), loss = forward([42], [107.6], 0.8, 0.5)
    check("the output for 42 C", output, 34.1)
    known = {5402: "it is divided by //, not by /"}
    check("the loss", loss, 5402.25, known)  # (107.6 - 34.1)² = 73.5²
    grad_weight, grad_bias = backward([42], [107.6], [34.1])
    check("grad_bias", grad_bias, -147)  # -2 · 73.5
    check("grad_weight", grad_weight, -6174)  # so the weight has to grow, to 0.9 and not to 0.7
    assert forward([42], [107.6], 0.9, 0.5)[1] < loss < forward([42], [107.6], 0.7, 0.5)[1]


class Dual:  # with it, forward differentiates itself
    """A number that carries its slope along. An ordinary number stands still: its slope is 0."""

    def __init__(self, value, slope=0):
        self.value, self.slope = value, slope

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        slope = self.slope * other.value + self.value * other.slope  # the product rule
        return Dual(self.value * other.value, slope)

    def __sub__(self, other):
        return self + other * -1

    def __rsub__(self, other):
        return self * -1 + other

    def __pow__(self, two):
        return self * self

    def __truediv__(self, number):
        return Dual(self.value / number, self.slope / number)

    __radd__, __rmul__ = __add__, __mul__


def test_gradients_are_the_slopes_that_forward_itself_tells():
    # The slopes grow evenly: where they are right at three corners, they are right everywhere.
    starts = (0, 0), (1, 0), (0, 1), (Fraction(4, 5), Fraction(1, 2))
    for size in 1, 2, 3, 5, 100:
        celsius_values = [Fraction(celsius) for celsius in range(-50, size - 50)]
        on_a_line = [celsius * Fraction(9, 5) + 32 for celsius in celsius_values]
        on_a_curve = [celsius * celsius for celsius in celsius_values]
        for pairs in (celsius_values, on_a_line), (celsius_values, on_a_curve):
            for weight, bias in starts:
                output, loss = forward(*pairs, weight, bias)
                grad_weight, grad_bias = backward(*pairs, output)
                along_bias = forward(*pairs, weight, Dual(bias, slope=1))[1]
                along_weight = forward(*pairs, Dual(weight, slope=1), bias)[1]
                assert along_bias.value == along_weight.value == loss
                check(f"grad_bias of {size} pairs", grad_bias, along_bias.slope)
                check(f"grad_weight of {size} pairs", grad_weight, along_weight.slope)


def test_lists_of_different_lengths_are_refused():
    for lengths in (2, 1), (1, 2), (0, 1):
        with pytest.raises(ValueError, match="same length"):
            forward(*[[7] * length for length in lengths], 1, 1)
    for lengths in (1, 2, 2), (2, 1, 1), (2, 1, 2), (2, 2, 1), (1, 1, 2):
        with pytest.raises(ValueError, match="same length"):
            backward(*[[7] * length for length in lengths])
