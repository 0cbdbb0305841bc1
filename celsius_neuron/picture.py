"""Chapter 4, the picture: the neuron's line, and the two valleys that it walks down.

How the neuron learns has been said before this chapter: a beginner may stop reading here.
"""

from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from PIL import Image

from celsius_neuron.neuron import backward, forward, get_predicted_fahrenheit_values
from celsius_neuron.train import GREEN, ORANGE, RED, Pairs, State, plot

MARGINS = {"left": 0.09, "right": 0.98, "bottom": 0.12, "top": 0.94, "hspace": 0.5, "wspace": 0.23}
VIEW = {"weight": (0.5, 3.1), "bias": (5, 59)}  # at least so much of each valley is seen


def draw(figure: Figure | SubFigure, pairs: Pairs, way: list[State], rate: float | None) -> None:
    """Draw one moment of a training, in place of all axes of the figure or subfigure.

    The way is a list of states: the first one, some of those that followed, and the one now.
    What is drawn follows from the pairs, the way and the rate alone. Without a learning rate
    (None), the step that comes next is left out.
    """
    celsius, fahrenheit = pairs
    now = way[-1]
    output = get_predicted_fahrenheit_values(celsius, now.weight, now.bias)
    for axes in figure.axes:
        axes.remove()  # quicker than figure.clear()
    left, *valleys = figure.subplot_mosaic("LW;LB", gridspec_kw=MARGINS).values()
    left.vlines(celsius[::10], output[::10], fahrenheit[::10], "grey", label="every tenth error")
    plot(left, pairs, way[0], now)
    room = 0.4 * (max(fahrenheit) - min(fahrenheit))  # at least so much is seen around the pairs
    left.update_datalim([(0, min(fahrenheit) - room), (0, max(fahrenheit) + room)], updatex=False)

    # A title ends with the rate or the step, if the step that comes next is shown.
    more = "" if rate is None else f", rate {rate:.5g}"
    titles = [f"iteration {now.iteration:,}: loss {now.loss:.5g}{more}"]
    for axes, name, slope in zip(valleys, VIEW, backward(*pairs, output)):
        step = 0 if rate is None else -rate * slope
        draw_valley(axes, pairs, way, name, slope, step)
        more = "" if rate is None else f", step {fixed(step, '+')}"
        titles.append(f"{name} {fixed(getattr(now, name))}: slope {slope:.5g}{more}")
    for axes, title in zip([left, *valleys], titles):
        axes.set_title(title, loc="left", fontsize="medium")
        axes.locator_params(nbins=5)  # few numbers along the axes,
        axes.yaxis.set_major_formatter("{x:.5g}")  # and short ones


def draw_valley(
    axes: Axes, pairs: Pairs, way: list[State], name: str, slope: float, step: float
) -> None:
    """Draw the loss along the weight or the bias, with the other one as it is now and as at first.

    Draw where the neuron has been and where it is, the slope there, and the step that comes next,
    of which nothing is seen if it is 0.
    """
    places, losses = [getattr(state, name) for state in way], [state.loss for state in way]
    place, loss = places[-1], losses[-1]
    seen = *VIEW[name], *places, place + step
    low, high = min(seen), max(seen)
    part = (high - low) / 5  # the axis is seven parts wide: one more on either side
    across = [low + part * tenth / 10 for tenth in range(-10, 61)]
    for state, color, style, width in (way[0], RED, ":", 2), (way[-1], "grey", "-", 3):
        moved = [state._replace(**{name: x}) for x in across]  # the other one stays
        valley = [forward(*pairs, s.weight, s.bias)[1] for s in moved]
        axes.plot(across, valley, style, color=color, linewidth=width)
    # High enough for all the dots, and for at least a fifth of the higher curve.
    top = max(1.25 * max(losses), 0.2 * axes.dataLim.ymax)
    axes.set(xlabel=name, ylabel="loss (°F²)", xlim=(across[0], across[-1]), ylim=(-top / 15, top))

    axes.plot([place, place + step], [loss, loss], ORANGE, linewidth=7, solid_capstyle="butt")
    # A line joins 0, 1, 2, ..., and ends where iterations are left out. (True counts as 1.)
    joined = sum(state.iteration == index for index, state in enumerate(way))
    axes.plot(places[:joined], losses[:joined], "k", linewidth=0.6)
    axes.plot(places, losses, "k.")
    tangent = [loss - slope * part / 2, loss + slope * part / 2]
    axes.plot([place - part / 2, place + part / 2], tangent, GREEN, linewidth=3)
    axes.plot(place, loss, "o", color=GREEN, markersize=9)


def fixed(number: float, sign: str = "") -> str:
    """Return a number with four decimals, to be added by eye, or a large one with five digits.

    >>> fixed(2.43547), fixed(0.0635, "+"), fixed(-272615295)
    ('2.4355', '+0.0635', '-2.7262e+08')
    """
    return f"{number:{sign}.4f}" if abs(number) < 10_000 else f"{number:{sign}.5g}"


def save(path: str, pairs: Pairs, way: list[State], rate: float) -> None:
    """Save the last moment of a way as a picture, or all of them as a .gif that moves."""
    figure, ending = Figure(figsize=(10, 5.6)), path.rpartition(".")[2].lower()
    if ending != "gif":
        draw(figure, pairs, way, rate)
        figure.savefig(path, format=ending)
        return
    frames = []
    for count in range(1, len(way) + 1):
        draw(figure, pairs, way[:count], rate)
        frame = BytesIO()
        figure.savefig(frame, dpi=84)
        # 64 colors are enough. (PillowWriter takes 256, which makes a larger file.)
        frames.append(Image.open(frame).quantize(64))
    frames[0].save(path, ending, save_all=True, append_images=frames[1:], duration=500, loop=0)
