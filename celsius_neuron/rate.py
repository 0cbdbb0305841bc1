"""Chapter 4, the learning rate: how large it may be, and what happens if it is larger.

The README section "Why 10,000 iterations, and which learning rate?" tells the same story.
"""

from collections.abc import Iterable, Iterator
from math import exp

from celsius_neuron.train import ITERATIONS, State


def steepness(celsius_values: list[float]) -> tuple[float, float]:
    """Return how steep the two valleys of the loss are: along the weight, and along the bias.

    Keep one parameter fixed, and draw the loss against the other one: the curve is a valley, a
    parabola. Its slope is a fixed number times the distance from the bottom. This number, the
    slope at distance 1, is the steepness (its usual name is curvature; the second derivative):

        ∂²L/∂w² = 2/N · Σ cᵢ²        ∂²L/∂b² = 2

    >>> steepness([-3, 3])
    (18.0, 2)
    """
    squares = [celsius * celsius for celsius in celsius_values]
    along_weight, along_bias = 2 * sum(squares) / len(squares), 2
    return along_weight, along_bias


def safe_learning_rate(celsius_values: list[float]) -> float:
    """Return a learning rate below which no iteration raises the loss, apart from rounding.

    A step is the rate times the slope, so it is the rate times the steepness times the distance
    from the bottom. A step of more than twice the distance overshoots so far that it ends higher
    than it began. So the rate times the steepness has to stay below 2. The weight and the bias
    move at the same time, so their path is diagonal. A valley along a diagonal can be steeper than
    both of the two valleys, but never steeper than their steepnesses added together (the largest
    eigenvalue is at most the trace):

        η · (2/N · Σ cᵢ² + 2) < 2

    >>> safe_learning_rate([-3, 3])
    0.1
    """
    return 2 / sum(steepness(celsius_values))


def has_diverged(first: State, now: State) -> bool:
    """Return whether the loss is more than ten times the first one, or is no longer a number."""
    return not now.loss <= 10 * first.loss  # with "not", because every comparison with nan is false


def until_diverged(states: Iterable[State]) -> Iterator[State]:
    """Yield the states, and stop after the first one that has diverged.

    >>> states = [State(0, 1, 1, 2.0), State(1, 5, 1, 20.5), State(2, 1, 1, 0.1)]
    >>> [state.loss for state in until_diverged(states)]
    [2.0, 20.5]
    """
    first = None
    for state in states:
        if first is None:
            first = state
        yield state
        if has_diverged(first, state):
            break


def is_too_slow(celsius_values: list[float]) -> bool:
    """Return whether 10,000 iterations at the safe rate may leave more than 1% of the distance.

    (You can skip this function. It decides which advice is given below.)

    If inputs are far from 0, or very large or very small, one direction of the loss can be much
    flatter than the other. Its steepness is at least determinant / trace. Both belong to the
    matrix of second derivatives: its determinant is 4 times the variance of the inputs, and its
    trace is the sum of the two steepnesses. Along that direction, an iteration keeps
    1 - rate · steepness of the distance, so about exp(-10,000 · rate · steepness) of it is left.

    >>> is_too_slow([-3, 3]), is_too_slow([997, 1003])
    (False, True)
    """
    mean = sum(celsius_values) / len(celsius_values)
    variance = sum([(celsius - mean) ** 2 for celsius in celsius_values]) / len(celsius_values)
    least_steepness = 4 * variance / sum(steepness(celsius_values))
    return exp(-ITERATIONS * safe_learning_rate(celsius_values) * least_steepness) > 0.01


def advice(celsius_values: list[float], learning_rate: float) -> str:
    """Say why a training run has diverged, and what to do about it."""
    safe = safe_learning_rate(celsius_values)
    grown = "The loss has grown more than tenfold"
    if learning_rate < safe:
        return (
            f"{grown}, although a learning rate of {learning_rate:.5g} is safe.\n"
            "A gradient may be wrong. Run: pytest -x tests/test_gradients.py"
        )
    too_large = f"{grown}. A learning rate of {learning_rate:.5g} is too large.\n"
    has_spread = min(celsius_values) < max(celsius_values)
    if has_spread and is_too_slow(celsius_values):
        return (
            f"{too_large}A rate below {safe:.5g} is safe, but too slow for these inputs.\n"
            "Subtract their mean, and divide by their spread."
        )
    return f"{too_large}Use one below {safe:.5g}."
