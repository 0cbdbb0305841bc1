"""Chapter 5, the window: the picture plays, and one changes the rate and the start in it."""

from collections.abc import Iterable
from typing import Any

from matplotlib import pyplot
from matplotlib.backend_bases import KeyEvent, MouseEvent
from matplotlib.widgets import Slider

from celsius_neuron import picture, train

HELP = """\
space: play or stop     left, right: one moment     Home: to the start     q: close
Enter: hide or show the coming step     click in a valley: begin there"""


class Window:
    """A window in which a training plays. Each state is asked for when it is to be shown.

    The first training is the one that the states come from. A new rate or a new start begins
    another one, of train's 10,000 iterations. Where the loss has grown tenfold, a training ends.
    """

    def __init__(self, pairs: train.Pairs, states: Iterable[train.State], rate: float) -> None:
        with pyplot.rc_context({"toolbar": "None"}):  # its keys, left, right and Home, are ours
            self.figure = pyplot.figure("How a neuron learns", figsize=(10, 6))
        grid = self.figure.add_gridspec(10, 1)
        self.picture, self.desk = map(self.figure.add_subfigure, (grid[:9], grid[9]))
        self.text = self.desk.text(0.03, 0.3, HELP)
        left, width, safe = 0.62, 0.26, train.safe_learning_rate(pairs[0])
        axes, highest = self.desk.add_axes((left, 0.15, width, 0.5)), max(1.25 * safe, rate)
        self.slider = Slider(axes, "rate", 0, highest, valinit=rate, valfmt="%.5g")
        self.slider.vline.set(xdata=[safe, safe], color="k", linewidth=2)
        self.desk.text(left + width * safe / highest, 0.75, f"safe below {safe:.5g}", ha="center")

        self.pairs, self.step_is_shown = pairs, True
        self.states, self.seen, self.playing = train.moments(states), list[train.State](), True
        self.timer = self.figure.canvas.new_timer(callbacks=[(self.tick, (), {})])
        self.go(0)
        self.timer.start()
        self.slider.on_changed(lambda rate: self.begin(self.seen[0]))
        self.figure.canvas.mpl_connect("key_press_event", self.press)
        self.figure.canvas.mpl_connect("button_press_event", self.click)
        # The figure holds this function, and so the window, which lives as long as the figure.
        self.figure.canvas.mpl_connect("resize_event", lambda event: self.go(self.now))

    def begin(self, start: train.State) -> None:
        """Begin a new training at the weight and the bias of a state, and stop there."""
        rate = self.slider.val
        states = train.train(*self.pairs, start.weight, start.bias, learning_rate=rate)
        self.states, self.seen, self.playing = train.moments(states), [], False
        self.go(0)

    def go(self, moment: int) -> None:
        """Go to a moment, as far as the training goes, and show it."""
        while moment >= len(self.seen) and (state := next(self.states, None)):
            self.seen.append(state)
        self.ended = moment >= len(self.seen)
        self.playing = self.playing and not self.ended
        self.now = max(0, min(moment, len(self.seen) - 1))
        self.timer.interval = int(1000 * picture.seconds(self.now))

        way, rate = self.seen[: self.now + 1], self.slider.val
        picture.draw(self.picture, self.pairs, way, rate if self.step_is_shown else None)
        climbed = train.climbs(way[0], way[-1])
        text, color = (train.advice(self.pairs[0], rate), train.RED) if climbed else (HELP, "k")
        self.text.set(text=text, color=color)
        for part in *self.desk.texts, self.slider.label, self.slider.valtext:
            part.set_fontsize(0.8 * self.figure.get_figwidth())
        self.figure.canvas.draw_idle()

    def tick(self) -> None:
        """Go on to the next moment, if it plays."""
        if self.playing:
            self.go(self.now + 1)

    def press(self, event: KeyEvent) -> None:
        """Do what the pressed key stands for."""
        steps = {"left": -1, "pageup": -1, "right": 1, "pagedown": 1, "home": -self.now, "enter": 0}
        if event.key == " ":
            self.playing = not self.playing
            self.go(0 if self.ended else self.now)
        elif event.key in steps:
            self.playing = False
            self.step_is_shown ^= event.key == "enter"
            self.go(self.now + steps[event.key])

    def click(self, event: MouseEvent) -> None:
        """Begin where one has clicked in a valley."""
        name = event.inaxes.get_xlabel() if event.inaxes else ""
        place: Any = {name: event.xdata}
        if name in picture.VIEW:
            self.begin(self.seen[self.now]._replace(**place))

    def open(self) -> bool:
        """Show the window until it is closed; return False where there is no screen for one."""
        screen = self.figure.canvas.required_interactive_framework  # none, once it is closed
        if screen:
            pyplot.show()
        return bool(screen)
