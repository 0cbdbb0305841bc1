"""The training arrives, as fast and as far as the mathematics says."""

from fractions import Fraction
from itertools import pairwise

import pytest

from celsius_neuron.data import generate_data
from celsius_neuron.neuron import forward
from celsius_neuron.train import State, advice, climbs, safe_learning_rate, train


def loss_falls(states):
    return all(later.loss < earlier.loss for earlier, later in pairwise(states))


def test_10000_iterations_find_1_8_and_32_and_the_loss_falls():
    states = list(train(*generate_data(), 0.8, 0.5))
    assert [state.iteration for state in states] == list(range(10_001))
    assert abs(states[-1].weight - 1.8) < 1e-8
    assert abs(states[-1].bias - 32) < 1e-6
    assert loss_falls(states)


def test_errors_follow_the_linear_recurrence_exactly():
    celsius_values, nine_fifths, rate = range(-50, 50), Fraction(9, 5), Fraction(1, 1000)
    pairs = celsius_values, [celsius * nine_fifths + 32 for celsius in celsius_values]
    # Both sides are linear in the start: where they agree at three starts, they agree everywhere.
    for weight, bias in (0, 0), (1, 0), (0, 1):
        dw, db = weight - nine_fifths, bias - 32
        for state in train(*pairs, weight, bias, 9, rate):
            assert (state.weight - nine_fifths, state.bias - 32) == (dw, db)  # without rounding
            dw, db = dw - rate * (1667 * dw - db), db - rate * (-dw + 2 * db)


def test_safe_rate_is_2_over_the_sum_of_both_steepnesses_and_just_below_it_each_loss_falls():
    for celsius_values in [3], [7, 8], [-3, 5], [1, 2, 4], range(-50, 50):
        # The second derivatives: if the truth is 0, the loss is (ww·w² + 2·wb·w·b + bb·b²) / 2.
        pairs = [Fraction(celsius) for celsius in celsius_values], [0] * len(celsius_values)
        ww, bb, both = [2 * forward(*pairs, w, b)[1] for w, b in ((1, 0), (0, 1), (1, 1))]
        wb = (both - ww - bb) / 2
        safe = safe_learning_rate(celsius_values)
        assert safe == pytest.approx(float(2 / (ww + bb)), rel=1e-15, abs=0)
        # The eigenvalues' sum is positive and their product not negative: so none of them is
        # negative, and neither is larger than their sum, ww + bb.
        assert ww + bb > 0 and ww * bb - wb**2 >= 0
        fahrenheit_values = [celsius * 1.8 + 32 for celsius in celsius_values]
        assert loss_falls(train(celsius_values, fahrenheit_values, 0, 0, 9, 0.9999 * safe))


def test_a_loss_climbs_if_it_has_grown_tenfold_or_is_no_number():
    losses = 20, 20.1, float("nan")
    assert [climbs(State(0, 1, 1, 2.0), State(9, 1, 1, loss)) for loss in losses] == [0, 1, 1]


def test_advice_blames_the_rate_from_the_safe_one_on_and_a_gradient_below():
    assert "too large" in advice([-3, 3], 0.1) and "too large" in advice([-3, 3], 0.2)
    assert "gradient may be wrong" in advice([-3, 3], 0.0999)
