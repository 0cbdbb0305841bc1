"""Chapter 3, the training: 10,000 iterations, the safe rates, the lines before, after and true."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from celsius_neuron import neuron

ITERATIONS = 10_000
LEARNING_RATE = 0.001
Pairs = tuple[list[float], list[float]]
BLUE, RED, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"


class State(NamedTuple):
    """The neuron after some iterations: its weight, its bias (in °F) and its loss (in °F²)."""

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

    yield hands a state to the loop that asked for it, and waits there until the loop asks for
    the next one. So train(...) alone trains nothing: something has to loop over it.

    >>> for state in train([-1, 1], [2, 6], weight=0, bias=0, iterations=2, learning_rate=0.25):
    ...     print(state.iteration, state.weight, state.bias, state.loss)
    0 0 0 20.0
    1 1.0 2.0 5.0
    2 1.5 3.0 1.25

    list() loops over it and keeps all the states:

    >>> states = list(train([-1, 1], [2, 6], weight=0, bias=0))
    >>> len(states), round(states[-1].weight, 6), round(states[-1].bias, 6)
    (10001, 2.0, 4.0)
    """
    for iteration in range(iterations + 1):
        output, loss = neuron.forward(celsius_values, fahrenheit_values, weight, bias)
        yield State(iteration, weight, bias, loss)
        grad_weight, grad_bias = neuron.backward(celsius_values, fahrenheit_values, output)
        weight, bias = neuron.update_parameters(weight, bias, grad_weight, grad_bias, learning_rate)


def moments(states: Iterable[State]) -> Iterator[State]:
    """Yield the states to look at: 0, 1, 2, ... 10, 20, ... 100, 200, ..., and the last one.

    The last one is the end of the training, or the first state that climbs.

    >>> [s.iteration for s in moments(train([-1, 1], [2, 6], weight=0, bias=0, iterations=34))]
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 34]
    """
    first = None
    for state in states:
        first = first or state
        due = not str(state.iteration)[1:].strip("0")  # only zeros follow the first digit
        if due:
            yield state
        if climbs(first, state):
            break
    if not due:
        yield state


def climbs(first: State, now: State) -> bool:
    """Tell whether the loss has grown tenfold since the first state, or is no number any more."""
    return not now.loss <= 10 * first.loss  # "not <=" is true of nan, too


def advice(celsius_values: list[float], learning_rate: float) -> str:
    """Say, in two lines, why the loss has grown tenfold, and what to do."""
    safe = safe_learning_rate(celsius_values)
    grown = f"The loss has grown tenfold. The learning rate {learning_rate:.5g} is"
    if learning_rate >= safe:
        return f"{grown} too large.\nTake one below {safe:.5g}."
    return f"{grown} small enough.\nA gradient may be wrong. Run: pytest -x tests/test_gradients.py"


def safe_learning_rate(celsius_values: list[float]) -> float:
    """Return a learning rate below which no iteration raises the loss, apart from rounding.

    The loss is a valley along the weight, and another along the bias. In each of them the
    slope is the distance from the bottom times a number, the steepness: 2/N · Σ cᵢ² for the
    weight, 2 for the bias. A step is the rate times the slope. A step of more than twice the
    distance ends on the other side, farther away than it began. So the rate times the
    steepness has to stay below 2. Weight and bias move at the same time, but a valley in
    between, along both of them at once, is never steeper than the two steepnesses together:

        η · (2/N · Σ cᵢ² + 2) < 2

    >>> safe_learning_rate([-3, 3])
    0.1
    """
    mean_square = sum([celsius * celsius for celsius in celsius_values]) / len(celsius_values)
    return 2 / (2 * mean_square + 2)


def plot(axes: Any, pairs: Pairs, before: State, after: State) -> None:
    """Draw the pairs, and what the neuron predicts before and after (article: lines 65 and 67).

    axes is a panel of matplotlib's: pyplot.gca() gives one, and pyplot.show() shows it. (Any, since
    this chapter needs no matplotlib.) Nearly everyone can tell Okabe and Ito's colors apart.
    """
    axes.plot(*pairs, ".", color=BLUE, label="true: the pairs")
    count = f"iteration {after.iteration:,}"
    for name, state, style, color in ("before", before, ":", RED), (count, after, "--", GREEN):
        output = neuron.get_predicted_fahrenheit_values(pairs[0], state.weight, state.bias)
        label = f"{name}: {equation(state.weight, state.bias)}"
        axes.plot(pairs[0], output, style, color=color, linewidth=2, label=label)
    axes.set(xlabel="Celsius (°C)", ylabel="Fahrenheit (°F)")
    axes.legend(loc="upper left")


def equation(weight: float, bias: float) -> str:
    """Return the neuron's line as text.

    >>> equation(1.8, 0), equation(1.8, -0.5)
    ('F = 1.8000 C + 0.0000', 'F = 1.8000 C - 0.5000')
    """
    return f"F = {weight:.4f} C {'-' if bias < 0 else '+'} {abs(bias):.4f}"
