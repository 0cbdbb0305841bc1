"""Chapter 4, the picture: the neuron's line, and the two valleys that it walks down.

How the neuron learns has been said before this chapter: a beginner may stop reading here.
"""

from celsius_neuron.neuron import backward, forward, get_predicted_fahrenheit_values
from celsius_neuron.train import LEARNING_RATE, plot

FILE = "celsius_neuron.png"


def is_drawn(iteration: int) -> bool:
    """Tell whether the picture shows an iteration: one of 0, 1, 2, ... 10, 20, ... 100, 200, ...

    >>> [iteration for iteration in range(8, 301) if is_drawn(iteration)]
    [8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300]
    """
    return not str(iteration)[1:].strip("0")  # only zeros after the first digit


def draw(figure, celsius_values, fahrenheit_values, history, learning_rate=LEARNING_RATE):
    """Draw the last state of a history, and the way to it, on an empty matplotlib Figure.

    The history is a list of states that train() yielded, all or some, the first one among
    them. Cut short, it is an earlier moment. Drawn on the same figure once more, it takes the
    place of what was there, and the axes keep their ranges: so a whole run can be played.
    """
    pairs = celsius_values, fahrenheit_values
    way = [state for state in history if is_drawn(state.iteration) or state is history[-1]]
    iteration, weight, bias, loss = way[-1]
    output = get_predicted_fahrenheit_values(celsius_values, weight, bias)
    grad_weight, grad_bias = backward(*pairs, output)

    if not figure.axes:
        add_axes(figure, pairs, way)
    left, top, bottom = figure.axes
    for axes in figure.axes:
        for artist in [*axes.lines, *axes.collections]:
            artist.remove()

    left.set_title(f"rate {learning_rate}, iteration {iteration:,}: loss {fixed(loss)}", loc="left")
    left.vlines(celsius_values[::10], output[::10], fahrenheit_values[::10], "0.4", label="error")
    plot(*pairs, way[0], way[-1], left)
    draw_valley(top, "weight", pairs, way, grad_weight, -learning_rate * grad_weight)
    draw_valley(bottom, "bias", pairs, way, grad_bias, -learning_rate * grad_bias)


def add_axes(figure, pairs, way):
    """Add three empty axes that have room for every state on the way."""
    figure.set_size_inches(10, 5.6)
    figure.subplots_adjust(left=0.09, right=0.98, bottom=0.14, top=0.92, wspace=0.22, hspace=0.55)
    left, top, bottom = figure.subplot_mosaic("LW;LB").values()
    lines = [get_predicted_fahrenheit_values(pairs[0], state.weight, state.bias) for state in way]
    low, high = min(map(min, [pairs[1], *lines])), max(map(max, [pairs[1], *lines]))
    left.set_ylim(low - 0.05 * (high - low), high + 0.35 * (high - low))  # the legend is on top
    for axes, name, start, end in (top, "weight", 0, 3.6), (bottom, "bias", -5, 69):
        axes.set(xlabel=name, ylabel="loss (°F²)")
        axes.update_datalim([(start, 0), (end, 1)] + [(getattr(s, name), s.loss) for s in way])
        axes.autoscale_view()
        axes.autoscale(False)


def draw_valley(axes, name, pairs, way, slope, step):
    """Draw the loss along one parameter, with the other as it is now, and as it was before.

    Draw the way through the moments so far, and where it has led: the dot and its tangent.
    """
    left, right = axes.get_xlim()
    places = [left + (right - left) * i / 60 for i in range(61)]
    for state, style, width in (way[-1], "0.7", 3), (way[0], "r:", 2):
        states = [state._replace(**{name: place}) for place in places]  # the other one stays
        axes.plot(places, [forward(*pairs, s.weight, s.bias)[1] for s in states], style, lw=width)
    axes.plot([getattr(state, name) for state in way], [s.loss for s in way], "k.-", lw=0.6)

    x, loss, run = getattr(way[-1], name), way[-1].loss, (right - left) / 15
    axes.plot([x - run, x + run], [loss - slope * run, loss + slope * run], "g", lw=3)  # tangent
    axes.plot(x, loss, "go", markersize=9)
    axes.set_title(f"{name} {fixed(x)}: slope {fixed(slope)}, step {fixed(step, '+')}", loc="left")


def fixed(number, sign=""):
    """Return a number with four decimals, a large one with one, and no minus before 0.0000."""
    decimals = 4 if abs(number) < 1000 else 1
    return f"{round(number, 4) + 0:{sign}.{decimals}f}"


def seconds(index, last):
    """Return how long a moment is shown: the first few and the last one longer than the others."""
    return 2 if index == last else 1 if index < 5 else 0.25


def show(path, celsius_values, fahrenheit_values, history, learning_rate):
    """Play a history in a window; with a path, or without a screen, save it as a file."""
    from matplotlib import pyplot  # imported here: training does not need it
    from matplotlib.figure import Figure

    figure = Figure() if path else pyplot.figure()  # the first one has no window
    moments = figure, celsius_values, fahrenheit_values, history, learning_rate
    draw(*moments)  # the whole history first, so that the axes have room for all of it
    if figure.canvas.required_interactive_framework:
        _player = Player(*moments)  # it lives as long as it has a name
        return pyplot.show()
    if not path:
        print("No window: matplotlib found no screen, or no window toolkit.")
    print(f"Saving {path or FILE!a} ...")
    if str(path).lower().endswith(".gif"):
        save_gif(path, *moments)
    else:
        figure.savefig(path or FILE)


def save_gif(path, figure, celsius_values, fahrenheit_values, history, learning_rate):
    """Save the moments of a history, one after another, as a moving picture."""
    from matplotlib.animation import PillowWriter

    writer = PillowWriter(fps=4)
    with writer.saving(figure, path, dpi=70):
        for index in range(len(history)):
            draw(figure, celsius_values, fahrenheit_values, history[: index + 1], learning_rate)
            for _ in range(int(4 * seconds(index, len(history) - 1))):
                writer.grab_frame()


class Player:
    """Plays the moments of a history in the window of a figure, and listens to four keys."""

    def __init__(self, figure, celsius_values, fahrenheit_values, history, learning_rate):
        self.figure, self.pairs = figure, (celsius_values, fahrenheit_values)
        self.history, self.last, self.learning_rate = history, len(history) - 1, learning_rate
        figure.text(0.08, 0.02, "space: stop or play,  left or right: one moment,  Home: start")
        figure.canvas.mpl_connect("key_press_event", self.press)
        self.timer = figure.canvas.new_timer(callbacks=[(self.tick, [], {})])
        self.show(0, playing=True)
        self.timer.start()

    def show(self, index, playing):
        """Show the moment with this index, and play on from there or not."""
        self.now = min(max(index, 0), self.last)
        self.playing = playing and self.now < self.last
        draw(self.figure, *self.pairs, self.history[: self.now + 1], self.learning_rate)
        self.figure.canvas.draw_idle()
        self.timer.interval = 1000 * seconds(self.now, self.last)

    def tick(self):
        """Go on to the next moment, if it plays."""
        if self.playing:
            self.show(self.now + 1, playing=True)

    def press(self, event):
        """Stop or play, or go to another moment."""
        # At the end the remainder is 0, so that space plays it again from the start.
        places = {" ": self.now % self.last, "left": self.now - 1, "right": self.now + 1, "home": 0}
        if event.key in places:
            self.show(places[event.key], playing=event.key == " " and not self.playing)
