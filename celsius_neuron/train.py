"""Chapter 3, the training: 10,000 iterations, and a plot of the lines before and after."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from celsius_neuron import neuron

ITERATIONS = 10_000
LEARNING_RATE = 0.001

# Two types that the functions below use:
Pairs = tuple[list[float], list[float]]  # two lists: the inputs, and their true values
Names = tuple[str, str]  # the names of the input and of the output

NAMES = "Celsius", "Fahrenheit"  # used unless others are given
BLUE, RED, GREEN = "#56B4E9", "#C00020", "#007A55"  # shades that are easy to tell apart


class State(NamedTuple):
    """The neuron after some iterations: weight (in °F per °C), bias (in °F) and loss (in °F²).

    A NamedTuple is a tuple whose parts have names:

    >>> state = State(0, 0.8, 0.5, 1794.25)
    >>> state.weight
    0.8
    """

    iteration: int
    weight: float
    bias: float
    loss: float


def train(
    celsius_values: list[float],
    fahrenheit_values: list[float],
    weight: float,
    bias: float,
    iterations: int = ITERATIONS,
    learning_rate: float = LEARNING_RATE,
) -> Iterator[State]:
    """Yield the neuron's state after 0, 1, 2, ... iterations (article: lines 57-59).

    train(...) alone trains nothing: it returns an iterator. If you loop over it, as below, each
    pass of your loop runs this function up to its next yield, which hands over a state and pauses.
    An iterator can be looped over only once. For another run, call train(...) again.

    Here are two pairs on the line y = 2x + 4:

    >>> for state in train([-1, 1], [2, 6], weight=0, bias=0, iterations=2, learning_rate=0.25):
    ...     print(state.iteration, state.weight, state.bias, state.loss)
    0 0 0 20.0
    1 1.0 2.0 5.0
    2 1.5 3.0 1.25

    list(train(...)) runs the whole loop and keeps all the states. Such a list is called a history:

    >>> history = list(train([-1, 1], [2, 6], weight=0, bias=0))
    >>> len(history), round(history[-1].weight, 6), round(history[-1].bias, 6)
    (10001, 2.0, 4.0)
    """
    for iteration in range(iterations + 1):  # one more, because state 0 is before training
        output, loss = neuron.forward(celsius_values, fahrenheit_values, weight, bias)
        yield State(iteration, weight, bias, loss)
        grad_weight, grad_bias = neuron.backward(celsius_values, fahrenheit_values, output)
        weight, bias = neuron.update_parameters(weight, bias, grad_weight, grad_bias, learning_rate)


def plot(axes: Any, pairs: Pairs, before: State, after: State, names: Names = NAMES) -> None:
    """Draw the pairs, and the neuron's line before and after training (article: lines 65 and 67).

    axes is matplotlib's word for one panel of a figure: "figure, axes = pyplot.subplots()" makes
    both. Afterward, call pyplot.legend() to name the lines, and pyplot.show() to show them. (The
    type is Any, not Axes, so that this file needs no matplotlib: you can train without it.)
    """
    celsius_values, fahrenheit_values = pairs
    axes.plot(
        celsius_values, fahrenheit_values, "o", color=BLUE, markersize=9, label="true: the pairs"
    )
    ends = [min(celsius_values), max(celsius_values)]  # a straight line needs only two points

    output = neuron.get_predicted_fahrenheit_values(ends, before.weight, before.bias)
    label = f"before: {equation(before.weight, before.bias, names)}"
    axes.plot(ends, output, ":", color=RED, linewidth=2, label=label)  # dotted

    output = neuron.get_predicted_fahrenheit_values(ends, after.weight, after.bias)
    when = "1 iteration" if after.iteration == 1 else f"{after.iteration:,} iterations"
    label = f"after {when}: {equation(after.weight, after.bias, names)}"
    axes.plot(ends, output, "--", color=GREEN, linewidth=2, label=label)  # dashed

    axes.set(xlabel=names[0], ylabel=names[1])


def equation(weight: float, bias: float, names: Names = NAMES) -> str:
    """Return the neuron's line as text.

    >>> equation(1.8, 32), equation(1.8, -0.5, ("x", "y"))
    ('Fahrenheit = 1.8000 * Celsius + 32.0000', 'y = 1.8000 * x - 0.5000')
    """
    signed = format_number(bias, "+")
    sign, size = signed[0], signed[1:]  # "-0.5000" becomes "-" and "0.5000"
    return f"{names[1]} = {format_number(weight)} * {names[0]} {sign} {size}"


def format_number(number: float, sign: str = "") -> str:
    """Return a number as text with four decimals, or at most five digits if it is large.

    If sign is "+", numbers get a plus sign unless they are negative (after rounding).

    >>> format_number(2.43547), format_number(-1e-9, "+"), format_number(272615295)
    ('2.4355', '+0.0000', '2.7262e+08')
    """
    if abs(number) >= 10_000:
        return format(number, sign + ".5g")  # format(2, "+.5g") is f"{2:+.5g}"
    rounded = round(number, 4) + 0.0  # round(-0.00001, 4) is -0.0; adding 0.0 turns it into 0.0
    return format(rounded, sign + ".4f")
