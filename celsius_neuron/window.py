"""Chapter 5, the window: the picture plays, and one changes the rate and the start in it."""

from collections.abc import Iterable
from itertools import islice

from matplotlib import backend_bases, pyplot, text, widgets

from celsius_neuron import picture, train

HELP = """space: play or stop     left, right: one moment
Home: to the start     click in a valley: begin there
Enter: hide or show the coming step     q: close"""


class Window:
    """A window in which a training plays. Each state is asked for when it is to be shown.

    The states of the first training are given. A new rate or a new start begins another one, of
    train's 10,000 iterations, or fewer: it ends where the loss has grown tenfold.
    """

    def __init__(self, pairs: train.Pairs, states: Iterable[train.State], rate: float) -> None:
        with pyplot.rc_context({"toolbar": "None"}):  # its keys, left, right and Home, are ours
            self.figure = figure = pyplot.figure("How a neuron learns", figsize=(10, 6))
        self.upper, self.lower = figure.subfigures(2, 1, squeeze=False, height_ratios=[9, 1]).flat
        self.lower.text(0.02, 0.5, HELP, va="center")
        axes = self.lower.add_axes((0.5, 0.1, 0.22, 0.3))
        safe = train.safe_learning_rate(pairs[0])
        highest, label = max(1.25 * safe, rate), f"%.5g, safe below {safe:.5g}"
        self.slider = widgets.Slider(axes, "rate", 0, highest, valinit=rate, valfmt=label)
        self.slider.vline.set(xdata=[safe, safe], color="black")  # a mark at the safe rate

        self.pairs, self.states, self.step_is_shown = pairs, iter(states), True
        self.seen: list[train.State] = []
        self.show(1, playing=True)

        self.timer = figure.canvas.new_timer(500, [(self.tick, (), {})])
        self.timer.start()
        self.slider.on_changed(lambda _: self.begin(self.way[0]))
        figure.canvas.mpl_connect("key_press_event", self.press)
        figure.canvas.mpl_connect("button_press_event", self.click)
        # matplotlib holds methods weakly, but this function for good: it keeps the window alive.
        figure.canvas.mpl_connect("resize_event", lambda _: self.show(len(self.way), self.playing))

    def begin(self, start: train.State) -> None:
        """Begin a new training at the weight and the bias of a state, and stop there."""
        states = train.train(*self.pairs, start.weight, start.bias, learning_rate=self.slider.val)
        self.states, self.seen = train.moments(states), []
        self.show(1)

    def has(self, count: int) -> bool:
        """Ask for the states that are still missing, and tell whether there are count of them."""
        self.seen += islice(self.states, max(0, count - len(self.seen)))
        return count <= len(self.seen)

    def show(self, count: int, playing: bool = False) -> None:
        """Show the first count moments (at least one, at most all); then play on, or stop."""
        self.playing = self.has(count) and playing  # it stops where no moment is left
        self.way = self.seen[: max(1, count)]

        rate, start, now = self.slider.val, self.way[0], self.way[-1]
        picture.draw(self.upper, self.pairs, self.way, rate if self.step_is_shown else None)
        advice = train.advice(self.pairs[0], rate) if train.climbs(start, now) else ""
        self.lower.suptitle(advice, x=0.46, y=0.75, ha="left", va="center", color=train.RED)
        # All letters grow with the window: 10 points where it is 10 inches wide.
        pyplot.setp(self.figure.findobj(text.Text), fontsize=self.figure.get_figwidth())
        self.figure.canvas.draw_idle()

    def tick(self) -> None:
        """Go on to the next moment, if it plays."""
        if self.playing:
            self.show(len(self.way) + 1, playing=True)

    def press(self, event: backend_bases.KeyEvent) -> None:
        """Do what the key stands for. Each key here stops the playing; only space can begin it."""
        moves = dict(left=-1, pageup=-1, right=1, pagedown=1, home=1 - len(self.way), enter=0)
        if event.key == "enter":
            self.step_is_shown = not self.step_is_shown
        if event.key in moves:
            self.show(len(self.way) + moves[event.key])
        elif event.key == " " and self.playing:
            self.show(len(self.way))
        elif event.key == " ":
            following = len(self.way) + 1
            self.show(following if self.has(following) else 1, playing=True)  # 1: from the start

    def click(self, event: backend_bases.MouseEvent) -> None:
        """Begin where one has clicked in a valley. Its label tells which one: weight or bias."""
        if event.inaxes and (name := event.inaxes.get_xlabel()) in picture.VIEW:
            self.begin(train.State(**self.way[-1]._asdict() | {name: event.xdata}))

    def open(self) -> bool:
        """Show the window until it is closed; return False where there is no screen for one."""
        # "tk", "qt", ..., or None without a screen. Asked first: a closed figure may have none.
        if screen := self.figure.canvas.required_interactive_framework:
            pyplot.show()
        return bool(screen)
