"""Chapter 3, the training: 10,000 iterations, and the picture of how the neuron learns."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from celsius_neuron.neuron import (
    backward,
    forward,
    get_predicted_fahrenheit_values,
    update_parameters,
)

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation
    from matplotlib.figure import Figure

ITERATIONS = 10_000
LEARNING_RATE = 0.001

State = tuple[int, float, float, float]  # iteration, weight, bias, loss
History = list[State]


class Divergence(ValueError):
    """The loss grows: the learning rate is too large."""


def train(
    celsius_values: list[float],
    fahrenheit_values: list[float],
    weight: float,
    bias: float,
    iterations: int = ITERATIONS,
    learning_rate: float = LEARNING_RATE,
    report: Callable[[State], object] | None = None,
) -> tuple[float, float]:
    """Return weight and bias after the training (article: lines 57-59).

    report, if given, is called with the state (iteration, weight, bias, loss) after 0, 1, 2,
    ... iterations. report=print shows the states, report=history.append keeps them in a list.

    Raises Divergence, a ValueError, when the loss is more than ten times the first one, or in
    the end larger than the first one, by more than rounding.

    >>> train([-1, 1], [2, 6], weight=0, bias=0, iterations=2, learning_rate=0.25, report=print)
    (0, 0, 0, 20.0)
    (1, 1.0, 2.0, 5.0)
    (2, 1.5, 3.0, 1.25)
    (1.5, 3.0)
    """
    _, first_loss = forward(celsius_values, fahrenheit_values, weight, bias)
    for iteration in range(iterations + 1):
        output, loss = forward(celsius_values, fahrenheit_values, weight, bias)
        if report:
            report((iteration, weight, bias, loss))

        # A loss above the first one never comes down again. It may grow tenfold, so that the
        # picture shows the climb. At the bottom rounding makes it grow, too, by less than 1e-9.
        # "not <=" is true of nan as well.
        allowed = first_loss if iteration == iterations else 10 * first_loss
        if not loss <= allowed + 1e-9:
            raise Divergence(
                f"at iteration {iteration} the loss is {float(loss):.4g}, up from "
                f"{float(first_loss):.4g}: with these Celsius values, learning rate "
                f"{learning_rate} is too large; take one below "
                f"{0.99995 * safe_learning_rate(celsius_values):.5g}"  # five digits, none above it
            )
        if iteration == iterations:
            break

        grad_weight, grad_bias = backward(celsius_values, fahrenheit_values, output)
        weight, bias = update_parameters(weight, bias, grad_weight, grad_bias, learning_rate)
    return weight, bias


def safe_learning_rate(celsius_values: list[float]) -> float:
    """Return a learning rate: below it, every iteration lowers the loss.

    The loss is a valley. Its curvatures, the second derivatives, are 2/N · Σ cᵢ² along the
    weight and 2 along the bias. No direction in between is curved more than both together, λ.
    In a direction of curvature κ, an iteration multiplies the distance to the bottom by
    1 - η·κ. That is between 1 - η·λ and 1, and so above -1 as long as 1 - η·λ > -1, which is
    η < 2/λ = 1 / (1 + mean of cᵢ²).

    >>> safe_learning_rate([-3, 3])
    0.1
    """
    return 1 / (1 + sum([celsius * celsius for celsius in celsius_values]) / len(celsius_values))


def plot(celsius_values: list[float], fahrenheit_values: list[float], history: History) -> "Figure":
    """Return the picture of the training, as it is in the end (article: lines 65-67).

    history holds the states that train() reported: all, or some with the first and the last.
    """
    import matplotlib.pyplot as plt  # here, because training does without

    figure = plt.figure()
    draw(figure, celsius_values, fahrenheit_values, history)
    plt.close(figure)  # a notebook shows what a cell returns, and would show it again
    return figure


def animate(
    figure: "Figure", celsius_values: list[float], fahrenheit_values: list[float], history: History
) -> "FuncAnimation":
    """Return the same picture, moving: on this figure the neuron learns before one's eyes."""
    from matplotlib.animation import FuncAnimation

    move, last = draw(figure, celsius_values, fahrenheit_values, history)
    frames = [0] * 3 + list(range(last)) + [last] * 8  # the first and the last one are held
    return FuncAnimation(figure, move, frames, interval=250, repeat=False)


def keep(history: History, state: State) -> None:
    """Add a state to the history. Drop the one before if it is not drawn: so it stays short."""
    if history and not is_drawn(history[-1][0]):
        history.pop()
    history.append(state)


def is_drawn(iteration: int) -> bool:
    """Tell whether the picture shows an iteration: one of 0, 1, 2, ... 10, 20, ... 100, 200, ...

    >>> [iteration for iteration in range(8, 301) if is_drawn(iteration)]
    [8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300]
    """
    return not str(iteration)[1:].strip("0")  # only zeros after the first digit


def draw(
    figure: "Figure", celsius_values: list[float], fahrenheit_values: list[float], history: History
) -> tuple[Callable[[int], Any], int]:
    """Draw the last moment. Return move(index), which moves to any moment, and the last index.

    Left the neuron's line, right the loss against the weight and against the bias.
    """
    moments = [state for state in history if is_drawn(state[0]) or state is history[-1]]
    iterations, weights, biases, losses = zip(*moments)
    last = len(moments) - 1
    marked = 1, 10, 100, 1_000

    def loss_at(weight: float, bias: float) -> float:
        return forward(celsius_values, fahrenheit_values, weight, bias)[1]

    figure.set_size_inches(10, 5.6)
    figure.subplots_adjust(left=0.07, right=0.98, bottom=0.09, top=0.94, wspace=0.24, hspace=0.5)
    left, top, bottom = figure.subplot_mosaic("LW;LB").values()  # L beside W above B

    # The lines. The true one is broad and pale, to be seen under the others.
    true, before = equation(9 / 5, 32), equation(weights[0], biases[0])
    output = get_predicted_fahrenheit_values(celsius_values, weights[0], biases[0])
    left.plot(celsius_values, fahrenheit_values, "skyblue", lw=8, label=f"true: {true}")
    left.plot(celsius_values, output, "r:", lw=2, label=f"before: {before}")
    (now,) = left.plot([], [], "g--", lw=2, label="now")
    now_label = left.legend(loc="upper left", framealpha=1).get_texts()[2]  # EPS has no alpha
    left.set(xlim=(-65, 65), ylim=(-180, 180), xlabel="Celsius (°C)", ylabel="Fahrenheit (°F)")

    # The valleys: the loss for each weight with the first bias, for each bias with weight 9/5.
    # Where the other one has changed, the neuron is above or below its valley.
    each_weight, each_bias = [i / 20 for i in range(73)], list(range(-5, 70))
    top.plot(each_weight, [loss_at(weight, biases[0]) for weight in each_weight], "0.8", lw=3)
    bottom.plot(each_bias, [loss_at(9 / 5, bias) for bias in each_bias], "0.8", lw=3)

    # Where the neuron was after 1, 10, 100 and 1,000 iterations, seen once it has moved on.
    traces: list[tuple[int, Any]] = []
    for index, (iteration, weight, bias, loss) in enumerate(moments[:-1]):
        if iteration in marked:
            output = get_predicted_fahrenheit_values(celsius_values, weight, bias)
            (line,) = left.plot(celsius_values, output, "grey", lw=0.7)
            # The numbers stand on both sides, or they would crowd.
            end, side = (0, "right") if iteration in (1, 100) else (-1, "left")
            point, number = (celsius_values[end], output[end]), f" {iteration:,} "
            at_end = left.annotate(number, point, ha=side, va="center", size=9)
            side, lift = ("right", -0.1) if iteration == 10 else ("left", 0.06)
            at_dot = bottom.annotate(number, (bias, loss + lift * losses[0]), ha=side, size=9)
            traces += (index, line), (index, at_end), (index, at_dot)

    # In the valleys the neuron's way, and at its place a short line: the gradient is its slope.
    ways = []
    for axes, name, values, half in (top, "weight", weights, 0.25), (bottom, "bias", biases, 5):
        axes.set(ylim=(-0.1 * losses[0], 1.5 * losses[0]), xlabel=name, ylabel="loss (°F²)")
        (way,) = axes.plot([], [], "k.-", lw=0.6)
        (tangent,) = axes.plot([], [], "go-", lw=2.5, ms=8, markevery=[1])  # its middle is marked
        ways.append((axes, name, values, half, way, tangent))

    def move(index: int) -> None:
        iteration, weight, bias, loss = moments[index]
        output = get_predicted_fahrenheit_values(celsius_values, weight, bias)
        now.set_data(celsius_values, output)
        when = "after" if index == last else "now"
        now_label.set_text(f"{when}: {equation(weight, bias)}")
        left.set_title(f"iteration {iteration:,}: loss {loss:.4g}")
        slopes = backward(celsius_values, fahrenheit_values, output)
        dots = [i for i in range(index + 1) if iterations[i] <= 10 or iterations[i] in marked]
        for slope, (axes, name, values, half, way, tangent) in zip(slopes, ways):
            way.set_data(values[: index + 1], losses[: index + 1])
            way.set_markevery(dots)
            x, rise = values[index], half * slope
            tangent.set_data([x - half, x, x + half], [loss - rise, loss, loss + rise])
            axes.set_title(f"{name} {x:.4g}: slope {slope:.4g}")
        for earlier, artist in traces:
            artist.set_visible(earlier < index)

    move(last)
    return move, last


def equation(weight: float, bias: float) -> str:
    """Return the neuron's line as text.

    >>> equation(1.8, -32)
    'F = 1.8000 C - 32.0000'
    """
    return f"F = {weight:.4f} C {'-' if bias < 0 else '+'} {abs(bias):.4f}"
