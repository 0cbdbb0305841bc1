"""Chapter 3, the training: 10,000 iterations, and the lines before, after and true."""

from collections.abc import Iterator
from typing import NamedTuple

from celsius_neuron import neuron

ITERATIONS = 10_000
LEARNING_RATE = 0.001


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

    list() keeps all the states, and after a loop that does nothing, state is the last one:

    >>> states = list(train([-1, 1], [2, 6], weight=0, bias=0, iterations=100))
    >>> len(states)
    101
    >>> for state in train([-1, 1], [2, 6], weight=0, bias=0):
    ...     pass
    >>> round(state.weight, 6), round(state.bias, 6)
    (2.0, 4.0)
    """
    for iteration in range(iterations + 1):
        output, loss = neuron.forward(celsius_values, fahrenheit_values, weight, bias)
        yield State(iteration, weight, bias, loss)
        grad_weight, grad_bias = neuron.backward(celsius_values, fahrenheit_values, output)
        weight, bias = neuron.update_parameters(weight, bias, grad_weight, grad_bias, learning_rate)


def safe_learning_rate(celsius_values: list[float]) -> float:
    """Return a learning rate below which no iteration raises the loss.

    The loss is a valley along the weight, and another along the bias. In each of them the
    slope is the distance from the bottom times a number, the steepness: 2/N · Σ cᵢ² for the
    weight, 2 for the bias. A step is the rate times the slope. A step of more than twice the
    distance ends on the other side, farther away than it began. So the rate times the
    steepness has to stay below 2. Weight and bias move at the same time, and no direction is
    steeper than the two steepnesses added up:

        η · (2/N · Σ cᵢ² + 2) < 2

    >>> safe_learning_rate([-3, 3])
    0.1
    """
    mean_square = sum([celsius * celsius for celsius in celsius_values]) / len(celsius_values)
    weight_steepness, bias_steepness = 2 * mean_square, 2
    return 2 / (weight_steepness + bias_steepness)


def plot(celsius_values, fahrenheit_values, before, after, axes=None):
    """Draw the true line, and the neuron's before and after the training (lines 65-67).

    before and after are states. The lines are drawn on the given matplotlib axes, or on the
    current ones, which matplotlib.pyplot.show() shows.
    """
    if axes is None:
        import matplotlib.pyplot as plt  # imported here: training does not need it

        axes = plt.gca()
    axes.plot(celsius_values, fahrenheit_values, color="skyblue", linewidth=8, label="true")
    for name, state, style in ("before", before, "r:"), ("after", after, "g--"):
        line = f"{name}: {equation(state.weight, state.bias)}"
        output = neuron.get_predicted_fahrenheit_values(celsius_values, state.weight, state.bias)
        axes.plot(celsius_values, output, style, linewidth=2, label=line)
    axes.set(xlabel="Celsius (°C)", ylabel="Fahrenheit (°F)")
    axes.legend()


def equation(weight: float, bias: float) -> str:
    """Return the neuron's line as text.

    >>> equation(1.8, -32)
    'F = 1.8000 C - 32.0000'
    """
    return f"F = {weight:.4f} C {'-' if bias < 0 else '+'} {abs(bias):.4f}"
