"""Training converges, as fast and as far as the mathematics says."""

from fractions import Fraction

import pytest

from celsius_neuron import data, neuron, rate, train

AGES = [21, 44, 64, 27, 54, 32, 59, 47, 59, 71, 47, 54, 61, 21, 64, 44, 27, 20, 32, 24]
MILEAGES = [1000 * km for km in (240, 140, 150, 185, 176, 115, 167, 89, 144, 84, 82, 63, 74, 98)]
LISTS = [AGES, MILEAGES, range(400), [40, 0, 10, 20, 30], [7, 8], [3, -3], [5, 5]]
LISTS += [range(-50, 50), range(-20, 80), range(-15, 85), [k + 0.15 for k in range(223, 323)]]


def test_10000_iterations_converge_to_1_8_and_32_and_the_loss_falls_in_each():
    pairs, whole = data.generate_data(), list(range(-50, 50))
    assert pairs == (whole, pytest.approx([celsius * 1.8 + 32 for celsius in whole]))
    history = list(train.train(*pairs, 0.8, 0.5))
    assert [state.iteration for state in history] == list(range(10_001))
    assert abs(history[-1].weight - 1.8) < 1e-8 and abs(history[-1].bias - 32) < 1e-6
    losses = [state.loss for state in history]
    assert losses == sorted({*losses}, reverse=True), "the loss does not fall in every iteration"


def test_errors_follow_the_linear_recurrence_exactly_for_9_iterations():
    inputs, true, step, dw, db = range(-50, 50), Fraction(9, 5), Fraction(1, 1000), -999, 468
    pairs = inputs, [true * celsius + 32 for celsius in inputs]
    for state in train.train(*pairs, true + dw, 32 + db, iterations=9, learning_rate=step):
        assert (state.weight - true, state.bias - 32) == (dw, db), f"iteration {state.iteration}"
        dw, db = dw - step * (1667 * dw - db), db - step * (2 * db - dw)


@pytest.mark.parametrize("inputs", LISTS, ids=lambda inputs: str(inputs)[:20])
def test_below_the_safe_rate_every_loss_falls_and_advice_names_it_and_what_else_helps(inputs):
    pairs, nudges = ([Fraction(value) for value in inputs], [5] * len(inputs)), (-1, 0, 1)
    loss = {(w, b): neuron.forward(*pairs, w, b)[1] for w in nudges for b in nudges}
    ww, bb = [loss[w, b] - 2 * loss[0, 0] + loss[-w, -b] for w, b in ((1, 0), (0, 1))]  # exact
    wb = (loss[1, 1] - loss[1, -1] - loss[-1, 1] + loss[-1, -1]) / 4
    safe, total, product = rate.safe_learning_rate(inputs), ww + bb, ww * bb - wb * wb
    expected = float(ww), float(bb), float(2 / total)
    assert (*rate.steepness(inputs), safe) == pytest.approx(expected, rel=1e-14)
    # Two eigenvalues with this sum and product are not negative, so neither exceeds the sum.
    assert total > 0 and product >= 0
    outputs = [4 * value + 3 for value in inputs]
    losses = [state.loss for state in train.train(inputs, outputs, -3, 500, 5, 0.9999 * safe)]
    assert losses == sorted({*losses}, reverse=True), "the loss does not fall in every iteration"
    what = (
        f"Use one below {safe:.5g}. If that is too slow, rescale the inputs:\nsubtract their mean, "
    )
    for learning_rate in safe, 1000 * safe:
        text = rate.advice(inputs, learning_rate)
        assert f"{learning_rate:.5g} is too large.\n{what}and divide by their spread." in text
    assert "safe.\nA gradient may be wrong" in rate.advice(inputs, 0.999 * safe)


def test_a_run_has_diverged_if_its_loss_has_grown_over_tenfold_or_is_nan_and_stops_there():
    states = [train.State(0, 1, 1, loss) for loss in (2.0, 20.0, 20.1, float("nan"))]
    assert [rate.has_diverged(states[0], state) for state in states] == [False, False, True, True]
    assert list(rate.until_diverged(left := iter(states))) == states[:3]
    assert not rate.has_diverged(states[0]._replace(loss=1e-30), states[0]._replace(loss=1e-28))
    assert next(left) is states[3], "a state beyond the first that has diverged was taken"
