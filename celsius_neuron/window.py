"""Chapter 6, the window: it plays the picture, and lets you change the rate and the start."""

from collections.abc import Iterable
from itertools import islice
from math import floor, log10

from matplotlib import pyplot, rc_context, style
from matplotlib.backend_bases import Event, KeyEvent, MouseEvent, TimerBase
from matplotlib.text import Text
from matplotlib.widgets import Slider

from celsius_neuron import picture
from celsius_neuron.rate import advice, has_diverged, safe_learning_rate, until_diverged
from celsius_neuron.train import NAMES, RED, Names, Pairs, State, train

HELP = """\
Space: play or pause     Left, Right: one iteration
Home, End: first or last iteration     R: reset
Enter: hide or show the next step     F: full screen
Click in a valley: start there     Q: close"""


class Window:
    """A window that shows the result of a training run, and plays it.

    history is the list of its states, and index says which of them is shown. The run that is given
    is computed at once. A new rate or start begins a new run of 10,000 iterations, which ends early
    if it diverges. It is computed only as needed: up to the state that is shown, and one beyond it.
    """

    # Ignore the user's settings, and leave out matplotlib's buttons.
    @style.context(["default", {"font.size": picture.FONT_SIZE}])
    @rc_context({"toolbar": "None"})
    def __init__(
        self, pairs: Pairs, states: Iterable[State], learning_rate: float, names: Names = NAMES
    ) -> None:
        self.pairs, self.names = pairs, names
        self.step_is_shown = True
        self.states = until_diverged(states)  # an iterator: what is left of the run
        self.history = list(self.states)  # takes all of it
        self.previous: list[State] = []  # the last run that was played before this one
        self.farthest = 0  # the largest index that has been shown
        self.start = self.given_start = self.history[0]

        self.figure = pyplot.figure(figsize=picture.SIZE)
        self.upper, self.lower = self.figure.subfigures(2, 1, height_ratios=[6, 1])
        self.lower.text(0.02, 0.5, HELP, va="center")
        self.message = self.lower.text(0.4, 0.98, "", va="top")
        self.slider = self.new_slider(learning_rate)
        self.show(len(self.history) - 1)
        self.connect()

    def connect(self) -> None:
        """Let the window respond to keys, clicks, the slider, its size and the time that passes."""
        canvas = self.figure.canvas
        canvas.manager.set_window_title("How a neuron learns")
        canvas.mpl_disconnect(canvas.manager.key_press_handler_id)  # only the keys below
        canvas.mpl_connect("key_press_event", self.press)
        canvas.mpl_connect("button_press_event", self.click)
        canvas.mpl_connect("resize_event", self.resize)
        self.slider.on_changed(self.begin)
        self.timer = canvas.new_timer(500, [(self.tick, (), {})])  # call it every 500 ms
        self.timer.start()
        # matplotlib's bare TimerBase never ticks: it means that there is no event loop.
        self.is_interactive = type(self.timer) is not TimerBase
        # Python deletes an object that nothing refers to. matplotlib's references to methods such
        # as self.press do not count, but its reference to this lambda does, and it uses self.
        canvas.mpl_connect("close_event", lambda _: self.timer.stop())

    def new_slider(self, learning_rate: float) -> Slider:
        """Return a slider with round rates and the given rate, and a mark at the safe rate."""
        safe = safe_learning_rate(self.pairs[0])
        exponent = floor(log10(safe)) - 2  # if safe is 0.0012: -5, for rates 0.00001, 0.00002, ...
        count = round(1.25 * safe / 10**exponent)
        rates = [float(f"{number}e{exponent}") for number in range(1, count + 1)]
        slider = Slider(
            self.lower.add_axes((0.5, 0.06, 0.25, 0.2)),
            label="learning rate",
            valmin=0,
            valmax=1.02 * max(rates[-1], learning_rate),
            valinit=learning_rate,
            valstep=[*rates, learning_rate],
            valfmt=f"%.5g (safe below {safe:.5g})",
            initcolor="none",
        )
        slider.ax.axvline(safe, color="black")
        return slider

    def begin(self, *_: float) -> None:  # the slider calls it with its value
        """Begin a new run from the start, with the slider's rate, and show its first state."""
        if self.farthest > 0:  # keep only runs that were played: a drag begins many that never are
            self.previous = self.history[: self.farthest + 1]
        rate = float(self.slider.val)  # a NumPy float would be slower
        states = train(*self.pairs, self.start.weight, self.start.bias, learning_rate=rate)
        self.states = until_diverged(states)
        self.history, self.farthest = [], 0
        self.show(0)

    def show(self, index: int, playing: bool = False) -> None:
        """Show the state with this index, or the nearest one; then play on, or pause."""
        # States 0 to index are index + 1. One more shows whether this one is the last.
        missing = index + 2 - len(self.history)
        self.history += islice(self.states, max(0, missing))
        self.index = max(0, min(index, len(self.history) - 1))
        self.farthest = max(self.farthest, self.index)
        self.playing = playing and not self.is_last()
        self.draw()

    def is_last(self) -> bool:
        """Return whether the last state of the run is shown."""
        return self.index == len(self.history) - 1

    def draw(self) -> None:
        """Draw the picture, and say which key to press next, or what to do if it has diverged."""
        history, rate = self.history[: self.index + 1], float(self.slider.val)
        next_rate = rate if self.step_is_shown else None
        self.panels = picture.draw(
            self.upper, self.pairs, history, next_rate, self.previous, self.names
        )
        diverged = has_diverged(history[0], history[-1])
        if diverged:
            message = advice(self.pairs[0], rate)
        elif self.playing:
            message = "Press Space to pause."
        elif self.is_last():
            message = "This is the last iteration. Press Space to play from the start."
        else:
            message = "Press Space to play, or Right for the next iteration."
        self.message.set(text=message, color=RED if diverged else "black")
        self.figure.canvas.draw_idle()

    def tick(self) -> None:
        """If it is playing, show the next frame."""
        if self.playing:
            self.show(picture.next_frame(self.index), playing=True)

    def press(self, event: KeyEvent) -> None:
        """Do what HELP says. Space plays or pauses. Every other key that redraws also pauses."""
        match str(event.key).lower():
            case " ":
                self.show(0 if self.is_last() else self.index, playing=not self.playing)
            case "left" | "pageup":
                self.show(self.index - 1)
            case "right" | "pagedown":
                self.show(self.index + 1)
            case "home":
                self.show(0)
            case "end":
                self.history += self.states  # computes all that are left
                self.show(len(self.history) - 1)
            case "enter":
                self.step_is_shown = not self.step_is_shown
                self.show(self.index)
            case "r":
                self.start = self.given_start
                self.slider.set_val(self.slider.valinit)  # which begins a new run
            case "f":
                self.figure.canvas.manager.full_screen_toggle()
            case "q" | "ctrl+w" | "cmd+w":
                pyplot.close(self.figure)

    def click(self, event: MouseEvent) -> None:
        """Begin a new run at the place clicked in a valley; the other parameter stays as it is."""
        for name in picture.PARAMETERS:
            if event.inaxes is self.panels[name]:
                self.start = picture.with_value(self.history[self.index], name, float(event.xdata))
                self.begin()

    def resize(self, event: Event) -> None:
        """Redraw with a font size that fits the new window size."""
        for line in self.lower.findobj(Text):
            line.set_fontsize(picture.font_size(self.figure))
        self.draw()

    def open(self) -> None:
        """Show the window until it is closed.

        If it cannot respond to keys (there is no screen, or a notebook shows still pictures), leave
        only the picture in the figure.
        """
        if self.is_interactive:
            pyplot.show(block=True)
        else:
            history = self.history[: self.index + 1]
            picture.draw(self.figure, self.pairs, history, self.slider.val, names=self.names)
