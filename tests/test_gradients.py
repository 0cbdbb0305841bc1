"""The neuron gives what you get on paper. pytest -x stops at the first thing to fix."""

import traceback
from fractions import Fraction
from functools import partial
from numbers import Real

import pytest

from celsius_neuron import neuron, train

# The example, with weight 2 and bias 35. On paper: loss 309 / 5, grad_bias 10, grad_weight 468.
CELSIUS = [-30, 50, 20, -20, 30]
FAHRENHEIT = [-22, 122, 68, -4, 86]
OUTPUT = [-25, 135, 75, -5, 95]  # celsius * 2 + 35
ERROR = [-3, 13, 7, -1, 9]  # output - fahrenheit; sum: 25; squares: 9 + 169 + 49 + 1 + 81 = 309
GRAD_OUTPUT = [-1.2, 5.2, 2.8, -0.4, 3.6]  # error * 2 / 5; sum: 10
PRODUCT = [36, 260, 56, 8, 108]  # celsius * grad_output; sum: 468
RETURNS = {"get_predicted_fahrenheit_values": "output", "forward": "output, loss"}
RETURNS |= {"backward": "grad_weight, grad_bias", "update_parameters": "weight, bias"}
fail = partial(pytest.fail, pytrace=False)  # with only a sentence, no traceback
FIRST = "only the first pair counts: is `return` inside the loop?"
LAST = "only the last pair counts: is the total replaced each time?"
TWOS = "the 2 is missing", "the 2 is counted twice", "both the 2 and the N are missing"


def same(got, should, size=None):
    """Compare fractions exactly, and floats up to their rounding, which grows with their size."""
    if isinstance(should, list):
        return all(map(same, got, should))
    exact = isinstance(got, (int, Fraction)) and isinstance(should, (int, Fraction))
    return got == should if exact else abs(got - should) <= 1e-9 * (size or abs(should))


def check(name, got, should, known=(), size=None):
    """Fail with a sentence if got is not what it should be. Name the mistake if it is known."""
    if same(got, should, size):
        return
    known = [(w, x) for w, v in dict(known).items() for x in (v if type(v) is tuple else [v])]
    what = [mistake for mistake, value in known if same(got, value)]
    pairs = list(zip(got, should)) if isinstance(should, list) else [(got, should)]
    for d in range(13):  # as many digits after the decimal point as round(), int() or // has left
        if all(round(g, d) == g and abs(g - s) < min(10**-d, abs(s) / 50) for g, s in pairs):
            what.append("it is right except for rounding")
    texts = [", ".join(f"{float(number):.12g}" for number in numbers) for numbers in zip(*pairs)]
    texts = texts if texts[0] != texts[1] else [str(got), str(should)]
    texts = [f"[{text}]" for text in texts] if isinstance(got, list) else texts
    fail(": ".join([f"{name} is {texts[0]} but should be {texts[1]}", *what[:1]]))


def kind(value):
    """Return 'one number', 'a list of 5' or, for anything else, the value itself as text."""
    if isinstance(value, (list, tuple)) and all(isinstance(number, Real) for number in value):
        return f"a list of {len(value)}"
    return "one number" if isinstance(value, Real) else str(value)


def call(name, *arguments):
    """Call a function of neuron.py with new lists. Fail with a sentence if that goes wrong."""
    given = tuple(value[:] if isinstance(value, list) else value for value in arguments)
    result, why = None, "returned None: is `return` missing?"
    try:
        result = getattr(neuron, name)(*given)
    except Exception as error:
        _, line, function, source = traceback.extract_tb(error.__traceback__)[-1]
        where = "" if function == "call" else f" on line {line}, `{source}`"
        why = f"stopped{where}: {type(error).__name__}: {error}"
    if result is None:
        fail(f"{name} {why}")
    names = RETURNS[name].split(", ")
    two = len(names) == 2 and isinstance(result, (list, tuple)) and len(result) == 2
    values = list(result) if two else [result]
    wanted = [kind(arguments[0]) if n == "output" else "one number" for n in names]
    got, wanted = " and ".join(map(kind, values)), " and ".join(wanted)
    if got != wanted:
        loop = ": is `return` or `[]` inside the loop?" if kind(values[0]) == "a list of 1" else ""
        text = f"{name} returned {got} but should return {wanted} ({RETURNS[name]}){loop}"
        fail(text.replace("one number and one number", "two numbers"))
    if given != arguments:
        fail(f"{name} changed a list it was given")
    return [list(value) if isinstance(value, tuple) else value for value in values]


def mistakes(shares, twos=TWOS):
    """Return what the usual mistakes make of a sum with one share for each pair."""
    total, first, last = sum(shares), shares[0], shares[-1]
    known = dict(zip(twos, (total / 2, total * 2, total / 2 * 5))) | {"the sign is wrong": -total}
    known |= {"it is not divided by N": total * 5, "it is divided by N twice": total / 5}
    known |= {"it is divided by 100, not by N": total * 5 / 100}
    known |= {FIRST: first, "the first pair is missing": total - first}
    return known | {LAST: last, "the last pair is missing": total - last}


def test_output_is_celsius_times_weight_plus_bias():
    known = {"it is celsius itself": CELSIUS, "it should not be sorted": sorted(OUTPUT)}
    known |= {"the bias is missing": [c * 2 for c in CELSIUS]}
    known |= {"the weight is missing": [c + 35 for c in CELSIUS]}
    known |= {"the bias has the wrong sign": [c * 2 - 35 for c in CELSIUS]}
    known |= {"the bias should be added after multiplying": [c * (2 + 35) for c in CELSIUS]}
    known |= {"weight and bias are swapped": [c * 35 + 2 for c in CELSIUS]}
    check("output", *call("get_predicted_fahrenheit_values", CELSIUS, 2, 35), OUTPUT, known)
    check("the output of forward", call("forward", CELSIUS, FAHRENHEIT, 2, 35)[0], OUTPUT, known)


def test_loss_is_the_mean_of_the_squared_errors():
    twos = "it is half of the mean", "it is twice the mean", "it is half of the sum, not the mean"
    known = mistakes([error * error / 5 for error in ERROR], twos)
    known |= {FIRST: (9, 9 / 5), LAST: (81, 81 / 5)}
    known |= {"it is divided by N - 1": 309 / 4, "it is the root of the mean": (309 / 5) ** 0.5}
    known |= {"the errors are not squared": (5, -5, 33 / 5)}
    known |= {"the errors are doubled, not squared": (10, -10)}
    known |= {"^ is not the power operator in Python; use **": (5.4, -5.4, -6.2)}  # 13 ^ 2 is 15
    known |= {"square each error before adding": 125, "put parentheses around f - o": -6655}
    check("loss", call("forward", CELSIUS, FAHRENHEIT, 2, 35)[1], 309 / 5, known)


def test_bias_gradient_is_the_sum_of_grad_output():
    grad_weight, grad_bias = call("backward", CELSIUS, FAHRENHEIT, OUTPUT)
    celsius = "the two gradients are swapped" if same(grad_weight, 10) else "it is grad_weight"
    known = mistakes(GRAD_OUTPUT) | {celsius: 468, "each grad_output is rounded": (7, 9, 11)}
    known |= {"the errors are squared": (123.6, 61.8), "the errors have lost their signs": 13.2}
    known |= {"it uses celsius - fahrenheit; it should be output - fahrenheit": -200 * 2 / 5}
    known |= {"it uses output - celsius; it should be output - fahrenheit": 225 * 2 / 5}
    check("grad_bias", grad_bias, 10, known)


def test_weight_gradient_is_the_sum_of_celsius_times_grad_output():
    wrong = "times grad_output; it should be celsius times grad_output"
    known = mistakes(PRODUCT) | {"it is the product of two sums, not the sum of products": 50 * 10}
    known |= {f"it is output {wrong}": sum(o * g for o, g in zip(OUTPUT, GRAD_OUTPUT))}
    known |= {f"it is fahrenheit {wrong}": sum(f * g for f, g in zip(FAHRENHEIT, GRAD_OUTPUT))}
    known |= {"it is the sum of grad_output; each should be multiplied by celsius first": 10}
    check("grad_weight", call("backward", CELSIUS, FAHRENHEIT, OUTPUT)[0], 468, known)


def test_the_article_pair_matches_the_hand_calculation():
    output, loss = call("forward", [42], [107.6], 0.8, 0.5)
    check("output for 42 C", output, [34.1])
    check("loss", loss, 5402.25)  # (34.1 - 107.6) ** 2; slopes: 42 * -147 and -73.5 * 2
    check("what backward returns", call("backward", [42], [107.6], [34.1]), [-6174, -147])
    at_09, at_07 = [call("forward", [42], [107.6], weight, 0.5)[1] for weight in (0.9, 0.7)]
    assert at_09 < loss < at_07, "the weight should become 0.9, not 0.7"


@pytest.mark.parametrize("number", [float, Fraction])
def test_gradients_equal_the_slopes_of_forward_itself(number):
    # Along the weight w, the loss L is a parabola, p * w * w + q * w + r. Nudge w both ways:
    # (L(w + 1) - L(w - 1)) / 2 is 2 * p * w + q, exactly the slope at w: the chord of a parabola
    # is as steep as the tangent in the middle. The same goes for the bias.
    celsius_values = [number(c) for c in [30, -20, 45, -20, 0, -7, 30, *range(43, -50, -1)]]
    fahrenheit_values = [c * 9 / 5 + 32 + i % 3 for i, c in enumerate(celsius_values)]
    places = (-3, 7), (0, 0), (2, 35), (number(4) / 5, number(1) / 3), (500, -300), (-90, 800)
    for n, (w, b) in [(n, place) for n in (1, 2, 3, 5, 7, 100) for place in places]:
        pairs = celsius_values[:n], fahrenheit_values[:n]
        output, loss = call("forward", *pairs, w, b)
        where = f"for N = {n}, weight {float(w):g}, bias {float(b):g}"
        check(f"output {where}", output, [c * w + b for c in pairs[0]])
        check(f"loss {where}", loss, sum((o - f) ** 2 for o, f in zip(output, pairs[1])) / n)
        grad_weight, grad_bias = call("backward", *pairs, output)
        nudged = (w, b + 1), (w, b - 1), (w + 1, b), (w - 1, b)
        up, down, right, left = (call("forward", *pairs, *place)[1] for place in nudged)
        size = sum(abs(o - f) for o, f in zip(output, pairs[1])) * 2 / n
        check(f"grad_bias {where}", grad_bias, (up - down) / 2, size=size)
        check(f"grad_weight {where}", grad_weight, (right - left) / 2, size=50 * size)


def test_update_goes_down_the_slopes_by_rate_times_gradient():
    weight, bias = call("update_parameters", 2, 35, 468, 10, 0.01)
    plus, rate = "it goes up the slope; subtract the step", "the learning rate is missing"
    other, zero = "the other parameter's gradient is used", "it has not moved"
    step, swapped = "it is only the step", "weight and bias are swapped"
    known = {plus: 35.1, rate: 25, other: 30.32, zero: 35, step: (0.1, -0.1), swapped: -2.68}
    check("the new bias", bias, 34.9, known)  # 35 - 0.01 * 10
    known = {plus: 6.68, rate: -466, other: 1.9, zero: 2, step: (4.68, -4.68)}
    check("the new weight", weight, -2.68, known)  # 2 - 0.01 * 468


def test_second_iteration_starts_from_the_updated_weight_and_bias():
    history = list(train.train(CELSIUS[:], FAHRENHEIT[:], 2, 35, 2, 0.01))
    check("the number of states from 0 to 2", len(history), 3)
    _, one, two = history
    known = {"compute both gradients before the update": ([-2.68, 35.836], [-2.66, 34.9])}
    check("[weight, bias] after 1 iteration", [one.weight, one.bias], [-2.68, 34.9], known)
    # Now output is [115.3, -99.1, -18.7, 88.5, -45.5], grad_bias -83.8 and grad_weight -9081.2.
    known = {"output is out of date": [-7.36, 34.8]}
    check("[weight, bias] after 2 iterations", [two.weight, two.bias], [88.132, 35.738], known)


def test_lists_of_different_lengths_are_rejected():
    for lengths in (2, 1), (1, 2), (0, 1), (1, 2, 2), (2, 1, 1), (2, 1, 2), (2, 2, 1), (1, 1, 2):
        name, numbers = ("forward", [1, 1]) if len(lengths) == 2 else ("backward", [])
        try:
            getattr(neuron, name)(*[[7] * length for length in lengths], *numbers)
            raised = "nothing"
        except Exception as error:
            raised = type(error).__name__
        if raised != "ValueError":
            fail(f"{name} raised {raised} for lengths {lengths} but should raise ValueError")
