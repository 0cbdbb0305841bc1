"""Chapter 4, the learning rate: how large it may be, and what happens if it is larger.

The README section "Why 10,000 iterations, and which learning rate?" tells the same story.
"""

from collections.abc import Iterable, Iterator
from math import isnan

from celsius_neuron.train import State


def steepness(celsius_values: list[float]) -> tuple[float, float]:
    """Return how steep the two valleys of the loss are: along the weight, and along the bias.

    Keep one parameter fixed, and plot the loss against the other one: the curve is a valley (a
    parabola). Its slope is a fixed number times the distance from the bottom. This number is the
    steepness (its usual name is curvature): if the parameter grows by 1, the slope grows by this
    much. Put oᵢ = cᵢ·w + b into the formulas of backward, and the slopes are

        ∂L/∂w = Σ cᵢ · (cᵢ·w + b - fᵢ)·2/N
        ∂L/∂b = Σ (cᵢ·w + b - fᵢ)·2/N

    If w grows by 1, ∂L/∂w grows by Σ cᵢ · cᵢ·2/N. If b grows by 1, ∂L/∂b grows by Σ 2/N = 2.

    >>> steepness([-3, 3])
    (18.0, 2)
    """
    squares = [celsius * celsius for celsius in celsius_values]
    along_weight = 2 * sum(squares) / len(squares)
    along_bias = 2
    return along_weight, along_bias


def safe_learning_rate(celsius_values: list[float]) -> float:
    """Return a learning rate below which no iteration raises the loss, apart from rounding errors.

    A step is rate · slope, and the slope is steepness · distance from the bottom. So a step is
    rate · steepness · distance. If it is more than twice the distance, it overshoots so far that it
    ends higher than it began. So rate · steepness has to stay below 2.

    Which steepness? Picture the loss as a landscape over all weights and biases. A cut through it
    in any direction is a valley. The weight and the bias move at the same time, so the rate has to
    be small enough for the steepest of these valleys, which can be diagonal. But in every
    direction, the steepness is at most the sum of the two that steepness() returns (the README says
    why). So this is enough:

        rate · (2/N · Σ cᵢ² + 2) < 2

    >>> safe_learning_rate([-3, 3])
    0.1
    """
    return 2 / sum(steepness(celsius_values))


def has_diverged(first: State, now: State) -> bool:
    """Return whether the loss is more than ten times the first one or is no longer a number.

    A loss below 1e-20 may be nothing but rounding errors, so its growth does not count.
    """
    return now.loss > max(10 * first.loss, 1e-20) or isnan(now.loss)


def until_diverged(states: Iterable[State]) -> Iterator[State]:
    """Yield the states and stop after the first one that has diverged.

    >>> states = [State(0, 1, 1, 2.0), State(1, 5, 1, 20.5), State(2, 1, 1, 0.1)]
    >>> [state.loss for state in until_diverged(states)]
    [2.0, 20.5]
    """
    first = None  # not states[0], because an iterator has no [0]
    for state in states:
        if first is None:
            first = state
        yield state
        if has_diverged(first, state):
            break


def advice(celsius_values: list[float], learning_rate: float) -> str:
    """Return a message that says why a training run has diverged, and what to do about it."""
    safe = safe_learning_rate(celsius_values)
    grown = "The loss has grown more than tenfold"
    if learning_rate < safe:
        return (
            f"{grown}, although a learning rate of {learning_rate:.5g} is safe.\n"
            "A gradient may be wrong. Run: pytest -x tests/test_gradients.py"
        )
    return (
        f"{grown}. A learning rate of {learning_rate:.5g} is too large.\n"
        f"Use one below {safe:.5g}. If that is too slow, rescale the inputs:\n"
        "subtract their mean, and divide by their spread."
    )
