"""Chapter 3, the training: 10,000 iterations, and the picture of what they did."""

from collections.abc import Callable
from math import hypot, isfinite
from typing import TYPE_CHECKING

from celsius_neuron.neuron import (
    backward,
    forward,
    get_predicted_fahrenheit_values,
    update_parameters,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ITERATIONS = 10_000
LEARNING_RATE = 0.001


def train(
    celsius_values: list[float],
    fahrenheit_values: list[float],
    weight: float,
    bias: float,
    iterations: int = ITERATIONS,
    learning_rate: float = LEARNING_RATE,
    report: Callable[[int, float, float, float], object] | None = None,
) -> tuple[float, float, list[float]]:
    """Return the trained weight and bias, and each iteration's loss (article: lines 57-59).

    An iteration's loss is that of its forward pass, before its update.

    report(iteration, weight, bias, loss), if given, is called with the state after 0, 1, 2, ...
    iterations, as the training proceeds: report=print shows the loss fall.

    Raises ValueError as soon as the loss is no longer finite, or in the end if it is larger
    than at first: then the learning rate is too large.

    >>> train([-1, 1], [2, 6], weight=0, bias=0, iterations=2, learning_rate=0.25)
    (1.5, 3.0, [20.0, 5.0])
    """
    losses: list[float] = []
    for iteration in range(iterations):
        output, loss = forward(celsius_values, fahrenheit_values, weight, bias)
        losses.append(loss)
        if not isfinite(loss):
            raise divergence(iteration, losses[0], loss, learning_rate, celsius_values)
        if report:
            report(iteration, weight, bias, loss)
        grad_weight, grad_bias = backward(celsius_values, fahrenheit_values, output)
        weight, bias = update_parameters(weight, bias, grad_weight, grad_bias, learning_rate)

    _, loss = forward(celsius_values, fahrenheit_values, weight, bias)
    has_grown = losses and not loss <= losses[0]
    # "not <=" is true of nan as well. At a rate that converges, only rounding lets a loss grow.
    if has_grown and not 0 < learning_rate < largest_learning_rate(celsius_values):
        raise divergence(iterations, losses[0], loss, learning_rate, celsius_values)
    if report:
        report(iterations, weight, bias, loss)
    return weight, bias, losses


def largest_learning_rate(celsius_values: list[float]) -> float:
    """Return the learning rate below which the training converges, from any start.

    The loss is a valley. Its curvatures are the second derivatives:

        ∂²L/∂w² = 2/N · Σ cᵢ²        ∂²L/∂w∂b = 2/N · Σ cᵢ        ∂²L/∂b² = 2

    The steepest of them all, λ, is the larger eigenvalue of the matrix that they form. In its
    direction each step multiplies the distance from the bottom by 1 - η·λ, which shrinks it
    as long as η < 2/λ.

    >>> largest_learning_rate([-3, 3])
    0.1111111111111111
    """
    sample_size = len(celsius_values)
    weight_curvature = 2 * sum([celsius * celsius for celsius in celsius_values]) / sample_size
    mixed_curvature = 2 * sum(celsius_values) / sample_size
    bias_curvature = 2
    middle = (weight_curvature + bias_curvature) / 2
    steepest = middle + hypot((weight_curvature - bias_curvature) / 2, mixed_curvature)
    return 2 / steepest


def divergence(
    iteration: int,
    first_loss: float,
    loss: float,
    learning_rate: float,
    celsius_values: list[float],
) -> ValueError:
    """Return the error that says why the training failed, and what to do."""
    return ValueError(
        f"at iteration {iteration} the loss is {float(loss):.4g}, up from {float(first_loss):.4g}: "
        f"with these Celsius values, learning rate {learning_rate} is too large; "
        f"take a smaller one, below about {largest_learning_rate(celsius_values):.5g}"
    )


def plot(
    celsius_values: list[float],
    fahrenheit_values: list[float],
    before: tuple[float, float],
    after: tuple[float, float],
    losses: list[float],
) -> "Figure":
    """Return the picture: the true line and those before and after training; the loss.

    before and after are (weight, bias). Both lines are predicted by the same function; only
    the training lies between them (article: lines 65-67).
    """
    import matplotlib.pyplot as plt  # here, because training does without

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5))
    figure.subplots_adjust(left=0.08, right=0.97, bottom=0.12, top=0.92, wspace=0.25)

    # The true line is broad and pale, so that the line after training is seen on top of it.
    true_label = f"true: {equation(9 / 5, 32)}"
    left.plot(celsius_values, fahrenheit_values, "tab:blue", lw=8, alpha=0.5, label=true_label)
    for name, (weight, bias), style in [("before", before, "r:"), ("after", after, "g--")]:
        output = get_predicted_fahrenheit_values(celsius_values, weight, bias)
        left.plot(celsius_values, output, style, lw=2, label=f"{name}: {equation(weight, bias)}")
    left.set_title("The neuron before and after training", y=1)
    left.set_xlabel("Celsius (°C)")
    left.set_ylabel("Fahrenheit (°F)")
    left.locator_params(nbins=5)
    left.legend(loc="upper left")

    right.loglog(range(1, len(losses) + 1), losses, "k-o", markevery=[0])
    right.set_ylim(losses[0] / 1e5, losses[0] * 10)  # further down, the first fall cannot be seen
    right.set_title("The loss while it learns", y=1)
    right.set_xlabel("iteration")
    right.set_ylabel("loss: mean squared error (°F²)")
    for axis in right.xaxis, right.yaxis:
        axis.set_major_formatter("{x:,g}")  # 1,000 and not 10³
    right.minorticks_off()
    return figure


def equation(weight: float, bias: float) -> str:
    """Return the neuron's line as text.

    >>> equation(1.8, -32)
    'F = 1.8000 C - 32.0000'
    """
    return f"F = {weight:.4f} C {'-' if bias < 0 else '+'} {abs(bias):.4f}"
