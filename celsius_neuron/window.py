"""Chapter 5, the window: the picture plays, and one changes the rate and the start in it."""

from collections.abc import Iterable

from matplotlib import pyplot
from matplotlib.backend_bases import KeyEvent, MouseEvent
from matplotlib.text import Text
from matplotlib.widgets import Slider

from celsius_neuron import picture, train

HELP = """\
space: play or stop     left, right: one moment
Home: to the start     click in a valley: begin there
Enter: hide or show the coming step     q: close"""


class Window:
    """A window in which a training plays. Each state is asked for when it is to be shown.

    The first training is the one that the states come from. A new rate or a new start begins
    another one, of train's 10,000 iterations. Where the loss has grown tenfold, a training ends.
    """

    def __init__(self, pairs: train.Pairs, states: Iterable[train.State], rate: float) -> None:
        with pyplot.rc_context({"toolbar": "None"}):  # its keys, left, right and Home, are ours
            self.figure = figure = pyplot.figure("How a neuron learns", figsize=(10, 6))
        self.picture, self.desk = figure.subfigures(2, 1, squeeze=False, height_ratios=[9, 1]).flat
        self.desk.text(0.02, 0.5, HELP, va="center")
        self.advice = self.desk.text(0.46, 0.75, "", va="center", color=train.RED)
        axes, safe = self.desk.add_axes((0.5, 0.1, 0.22, 0.3)), train.safe_learning_rate(pairs[0])
        number, highest = f"%.5g, safe below {safe:.5g}", max(1.25 * safe, rate)
        self.slider = Slider(axes, "rate", 0, highest, valinit=safe, valfmt=number, initcolor="k")
        self.slider.set_val(rate)  # the mark stays at the safe rate

        self.pairs, self.step_is_shown = pairs, True
        self.states, self.seen, self.playing = train.moments(states), list[train.State](), True
        self.show(1)
        self.timer = figure.canvas.new_timer(500, [(self.tick, (), {})])
        self.timer.start()
        self.slider.on_changed(lambda rate: self.begin(self.way[0]))
        figure.canvas.mpl_connect("key_press_event", self.press)
        figure.canvas.mpl_connect("button_press_event", self.click)
        # The figure holds this function, and so the window, which lives as long as the figure.
        figure.canvas.mpl_connect("resize_event", lambda event: self.show(len(self.way)))

    def begin(self, start: train.State) -> None:
        """Begin a new training at the weight and the bias of a state, and stop there."""
        states = train.train(*self.pairs, start.weight, start.bias, learning_rate=self.slider.val)
        self.states, self.seen, self.playing = train.moments(states), [], False
        self.show(1)

    def show(self, count: int) -> None:
        """Show the way of so many moments, of one at least, and of no more than there are."""
        if count > len(self.seen) and (state := next(self.states, None)):
            self.seen.append(state)
        self.way = self.seen[: max(1, count)]
        self.ended = count > len(self.way)

        rate = self.slider.val
        picture.draw(self.picture, self.pairs, self.way, rate if self.step_is_shown else None)
        climbed = train.climbs(self.way[0], self.way[-1])
        self.advice.set_text(train.advice(self.pairs[0], rate) if climbed else "")
        pyplot.setp(self.figure.findobj(Text), fontsize=self.figure.get_figwidth())
        self.figure.canvas.draw_idle()

    def tick(self) -> None:
        """Go on to the next moment, if it plays."""
        if self.playing and not self.ended:
            self.show(len(self.way) + 1)

    def press(self, event: KeyEvent) -> None:
        """Do what the pressed key stands for."""
        steps = {"left": -1, "pageup": -1, "right": 1, "pagedown": 1, "home": -len(self.way)}
        steps |= {"enter": 0, " ": -len(self.way) if self.ended else 0}  # at the end, once more
        if event.key in steps:
            self.playing = event.key == " " and (self.ended or not self.playing)
            self.step_is_shown ^= event.key == "enter"
            self.show(len(self.way) + steps[event.key])

    def click(self, event: MouseEvent) -> None:
        """Begin where one has clicked in a valley."""
        if event.inaxes and (name := event.inaxes.get_xlabel()) in picture.VIEW:
            self.begin(train.State(**self.way[-1]._asdict() | {name: event.xdata}))

    def open(self) -> bool:
        """Show the window until it is closed; return False where there is no screen for one."""
        # Asked before it is shown, since a figure that is closed may have none.
        if screen := self.figure.canvas.required_interactive_framework:
            pyplot.show()
        return bool(screen)
