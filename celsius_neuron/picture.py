"""Chapter 5, the picture: the lines, the loss, the two valleys and the next step.

Chapters 1 to 4 explain how the neuron learns. This one only draws it, and chapter 6 lets you play
with it, so a beginner can skip both. In matplotlib's terms, the picture is a figure. A SubFigure is
a part of a figure, and you can draw in it just as in a whole figure. A panel is called "axes", and
everything that is drawn is an artist.
"""

from collections.abc import Sequence
from io import BytesIO
from math import sqrt
from pathlib import Path
from statistics import pvariance

from matplotlib import style, ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from PIL import Image  # installed with matplotlib

from celsius_neuron.neuron import backward, forward, get_predicted_fahrenheit_values
from celsius_neuron.rate import steepness
from celsius_neuron.train import GREEN, NAMES, RED, Names, Pairs, State, format_number, plot

ORANGE = "#E69F00"
SIZE = 10, 5.4  # of the figure, in inches
FONT_SIZE = 9.5  # in points, in a figure of this size
# Which iterations are played: 0, 1, 2, ..., 9, then 10, 20, 50, 100, 200, ... (up to 5,000,000).
# (The last iteration of a run is always played, too.)
FRAMES = list(range(10))
for power in range(1, 7):
    FRAMES += [10**power, 2 * 10**power, 5 * 10**power]
# Where the panels begin and end, as fractions of the figure, and the space between them.
MARGINS = {"left": 0.1, "right": 0.985, "bottom": 0.1, "top": 0.8, "hspace": 0.6, "wspace": 0.24}


def draw(
    figure: Figure | SubFigure,
    pairs: Pairs,
    history: list[State],
    learning_rate: float | None,
    previous: Sequence[State] = (),
    names: Names = NAMES,
) -> dict[str, Axes]:
    """Draw the last state of a history and the path to it; return the four panels by name.

    The history is the list of all states up to now. The learning rate is used only to show it and
    the next step. To hide both, pass None. The losses of a previous history are drawn for
    comparison. If the figure has panels from an earlier call, they are used again. (If a run may
    diverge, cut it off with until_diverged: a loss that is not a number cannot be drawn.)
    """
    settings = {
        "font.size": font_size(figure),
        "axes.titlesize": "medium",
        "axes.titley": 1.0,  # otherwise matplotlib looks for a free spot, which takes time
        "text.parse_math": False,  # so that a name can contain $
    }
    with style.context(["default", settings]):  # in here, the user's own settings do not apply
        panels = empty_panels(figure)
        draw_lines(panels["lines"], pairs, history, learning_rate, names)
        draw_loss(panels["loss"], history, previous)
        for name, unit in [("weight", f"{names[1]} per {names[0]}"), ("bias", names[1])]:
            draw_valley(panels[name], name, pairs, history, learning_rate)
            panels[name].set(xlabel=f"{name} ({unit})", ylabel=f"loss ({names[1]}²)")
        draw_legend(figure, panels)
    return panels


def empty_panels(figure: Figure | SubFigure) -> dict[str, Axes]:
    """Return four empty panels by name. If there are some, empty them: making new ones is slow."""
    if not figure.axes:
        mosaic = [["lines", "weight"], ["loss", "bias"]]
        return figure.subplot_mosaic(mosaic, gridspec_kw=MARGINS)
    for legend in [*figure.legends]:  # a copy of the list, because remove() changes the list itself
        legend.remove()
    for axes in figure.axes:
        for artist in [*axes.lines, *axes.collections]:
            artist.remove()
        axes.set_yscale("linear")
        axes.relim()  # forget how far the artists reached
    return {axes.get_label(): axes for axes in figure.axes}


def draw_legend(figure: Figure | SubFigure, panels: dict[str, Axes]) -> None:
    """Draw one legend for all the panels, above them."""
    entries = []  # one for each thing that was drawn with a label
    for name in "lines", "weight", "loss":  # the bias has the same entries as the weight
        entries += panels[name].get_legend_handles_labels()[0]  # [1] is their labels
    figure.legend(handles=entries, loc="upper left", ncols=4, frameon=False, borderaxespad=0.2)


def font_size(figure: Figure | SubFigure) -> float:
    """Return the font size that fits the size of the figure."""
    width, height = figure.figure.get_size_inches()  # .figure is always the whole figure
    return float(FONT_SIZE * min(width / SIZE[0], height / SIZE[1]))


def draw_lines(
    axes: Axes, pairs: Pairs, history: list[State], learning_rate: float | None, names: Names
) -> None:
    """Draw the pairs, the lines before and after, and the errors of some of the pairs."""
    first, now = history[0], history[-1]
    plot(axes, pairs, first, now, names)
    inputs, true_values = pairs
    every = max(1, len(inputs) // 10)  # with 100 pairs, every tenth
    predicted = get_predicted_fahrenheit_values(inputs[::every], now.weight, now.bias)
    axes.vlines(inputs[::every], predicted, true_values[::every], "gray", label="error")

    # Pretend that there are two more points, one above the pairs and one below. They are in view
    # but not drawn. That way, the axis rarely changes while the line turns.
    low, high = min(true_values), max(true_values)
    room = 0.4 * (high - low)
    axes.update_datalim([(inputs[0], low - room), (inputs[0], high + room)])
    more = "" if learning_rate is None else f", learning rate {learning_rate:.5g}"
    axes.set_title(f"iteration {now.iteration:,}{more}", loc="left")
    shorten_numbers(axes)


def draw_loss(axes: Axes, history: list[State], previous: Sequence[State]) -> None:
    """Draw the loss in each iteration, and the previous losses as far as the axis reaches."""
    losses = [state.loss for state in history]
    right = max(10, len(history) - 1)  # where the axis ends
    axes.plot(losses, color="black", linewidth=1)
    axes.plot(len(losses) - 1, losses[-1], "o", color=GREEN, markersize=9)
    if previous:
        previous_losses = [state.loss for state in previous[: right + 1]]
        axes.plot(previous_losses, color="silver", linewidth=2, zorder=1, label="previous run")
    margin = right / 30
    axes.set(xlabel="iteration", ylabel="loss", xlim=(-margin, right + margin))
    if any(losses):  # if all are 0, a logarithmic axis has nothing to show
        # Keep a tenth of the first loss in view, so that the axis rarely changes at first.
        axes.update_datalim([(0, losses[0] / 10)])
        axes.set(yscale="log", ylabel="loss (log scale)")
        low, high = axes.get_ylim()
        # A logarithmic axis marks powers of ten. If high is less than 100 times low, at most two of
        # them are in view, so mark 2, 5, 20, 50, ... as well.
        if high < 100 * low:
            axes.yaxis.set_major_locator(ticker.LogLocator(subs=[1, 2, 5]))
        axes.minorticks_off()
    axes.set_title(f"loss {losses[-1]:.5g}", loc="left")
    axes.yaxis.set_major_formatter("{x:.6g}")  # matplotlib puts each number in place of x
    axes.xaxis.set_major_locator(ticker.MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter("{x:,.0f}")


def draw_valley(
    axes: Axes, name: str, pairs: Pairs, history: list[State], learning_rate: float | None
) -> None:
    """Draw the valley of the weight or of the bias, before training and now, with the neuron in it.

    Along a valley, only the parameter called name changes. The other one stays at its initial value
    (for the valley before training) or at its current value (for the valley now).
    """
    path = [getattr(state, name) for state in history]  # getattr(state, "bias") is state.bias
    losses = [state.loss for state in history]
    slope = slope_along(name, pairs, history[-1])
    step = 0.0 if learning_rate is None else -learning_rate * slope

    low, high, top = view_of_valley(name, pairs, history, slope, step)
    values = [low + (high - low) * percent / 100 for percent in range(101)]
    valley_before = losses_along(name, values, pairs, history[0])
    valley_now = losses_along(name, values, pairs, history[-1])
    axes.plot(values, valley_before, ":", color=RED, linewidth=2, label="valley before")
    axes.plot(values, valley_now, color="gray", linewidth=3, label="valley now")
    draw_neuron(axes, path, losses, slope, step, half_width=(high - low) / 14)

    axes.set(xlim=(low, high), ylim=(-top / 15, top))
    more = "" if learning_rate is None else f", step {step + 0.0:+.5g}"  # -0.0 + 0.0 is 0.0
    axes.set_title(f"{name} {format_number(path[-1])}: slope {slope:.5g}{more}", loc="left")
    shorten_numbers(axes)


def draw_neuron(
    axes: Axes, path: list[float], losses: list[float], slope: float, step: float, half_width: float
) -> None:
    """Draw the path and, at its end, the next step, the slope and the neuron.

    The slope is drawn as a short line from value - half_width to value + half_width.
    """
    value, loss = path[-1], losses[-1]
    axes.hlines(loss, value, value + step, ORANGE, linewidth=7, label="next step")
    axes.plot(path, losses, ".-", color="black", linewidth=0.6, label="path")
    ends = [value - half_width, value + half_width]
    rise = half_width * slope
    axes.plot(ends, [loss - rise, loss + rise], color=GREEN, linewidth=3, label="slope")
    axes.plot(value, loss, "o", color=GREEN, markersize=9, label="neuron now")


def shorten_numbers(axes: Axes) -> None:
    """Put only a few short numbers along the axes."""
    axes.locator_params("x", nbins=5)
    axes.locator_params("y", nbins=4)
    axes.xaxis.set_major_formatter("{x:.6g}")
    axes.yaxis.set_major_formatter("{x:.6g}")


def view_of_valley(
    name: str, pairs: Pairs, history: list[State], slope: float, step: float
) -> tuple[float, float, float]:
    """Return which part of a valley to show: the left end, the right end and the highest loss.

    The top is 25% above the highest loss on the path, or higher if all of these losses are small.
    From left to right, the view covers the following, plus a small margin:

    - the valley before training, up to the top
    - the bottom of the valley now
    - the path
    - the next step, or its beginning if it is very long
    """
    path = [getattr(state, name) for state in history]
    inputs, true_values = pairs
    # If all the losses on the path are tiny, the view would be tiny, too. So show at least a tenth
    # of a typical large loss: the loss of a neuron that has learned nothing but to output the mean
    # of the true values. That loss is the variance of the true values.
    highest = max(0.1 * pvariance(true_values), max([state.loss for state in history]))
    # "or 1.0" means: take 1 if the top is 0. This happens only if all the true values are equal and
    # all the losses are 0.
    top = (1.25 * highest) or 1.0
    along_weight, along_bias = steepness(inputs)
    steep = along_weight if name == "weight" else along_bias
    steep = steep or 1.0  # if all the inputs are 0, it is 0; then take 1

    # The slope is steep · distance (negative on the left), so the distance is slope / steep.
    bottom_before = path[0] - slope_along(name, pairs, history[0]) / steep
    bottom_now = path[-1] - slope / steep

    # How far from its bottom does a valley reach the top? Over a distance d, the slope grows from 0
    # to steep · d, so the average slope is steep · d / 2, and the valley rises by steep · d² / 2.
    # If the loss at the bottom is 0, the valley reaches the top when steep · d² / 2 = top. Solve
    # this for d. (If the loss at the bottom is above 0, the view is wider than needed.)
    reach = sqrt(2 * top / steep)
    shown_step = max(-4 * reach, min(step, 4 * reach))  # cut off at 4 * reach on either side
    shown = path + [bottom_before - reach, bottom_before + reach, bottom_now, path[-1] + shown_step]
    low, high = min(shown), max(shown)
    margin = (high - low) / 30
    return low - margin, high + margin, top


def slope_along(name: str, pairs: Pairs, state: State) -> float:
    """Return the slope of the loss along the weight or the bias."""
    output, _ = forward(*pairs, state.weight, state.bias)  # *pairs passes both of its lists
    grad_weight, grad_bias = backward(*pairs, output)
    return grad_weight if name == "weight" else grad_bias


def losses_along(name: str, values: list[float], pairs: Pairs, state: State) -> list[float]:
    """Return the loss for each value of the weight or the bias; the other one stays as it is."""
    if name == "weight":
        return [forward(*pairs, value, state.bias)[1] for value in values]
    return [forward(*pairs, state.weight, value)[1] for value in values]


def next_frame(index: int) -> int:
    """Return which iteration is played after this one.

    >>> next_frame(9), next_frame(10), next_frame(777)
    (10, 20, 1000)
    """
    return min([frame for frame in FRAMES if frame > index])


@style.context("default")  # for the whole function: draw's ends with draw, but savefig needs it
def save(path: str, pairs: Pairs, history: list[State], learning_rate: float) -> None:
    """Save a still picture of a history's last state or, as a .gif, an animation of the history."""
    figure = Figure(figsize=SIZE)
    content = BytesIO()  # a file in memory: an error while drawing leaves nothing on the disk
    extension = path.rpartition(".")[2].lower()  # what follows the last dot
    if extension == "gif":
        save_animation(content, figure, pairs, history, learning_rate)
    else:
        draw(figure, pairs, history, learning_rate)
        figure.savefig(content, format=extension)
    # Write a .part file, and rename it once it is complete. That way, a full disk leaves no
    # half-written picture.
    part = Path(f"{path}.part")
    try:
        part.write_bytes(content.getvalue())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)  # it is still there if something went wrong


def save_animation(
    file: BytesIO, figure: Figure, pairs: Pairs, history: list[State], learning_rate: float
) -> None:
    """Save some frames of a history as a .gif (about ten seconds long for 10,000 iterations)."""
    last = len(history) - 1
    indices = [index for index in FRAMES if index < last] + [last]  # always end with the last state
    frames = []
    for index in indices:
        draw(figure, pairs, history[: index + 1], learning_rate)
        png = BytesIO()
        figure.savefig(png, format="png", dpi=84)  # 840 pixels wide
        frames.append(Image.open(png).quantize(64))  # 64 colors keep the file small
    durations = [1500] + [300] * (len(frames) - 2) + [3000]  # in milliseconds
    frames[0].save(file, "gif", save_all=True, append_images=frames[1:], duration=durations, loop=0)
