"""Chapter 6, the window: it animates the picture and lets you change the rate and the start."""

from collections.abc import Iterable, Iterator
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
    """A window that shows the result of a training run, and can play the run.

    learning_rate must be the one with which the states were computed: it is used to draw the next
    step.

    history is the list of the states that have been computed, and index says which one is shown.
    The run that is given to the window is computed in full right away. A new rate, a new start or a
    reset begins another run of 10,000 iterations, which ends early if it diverges. Such a run is
    computed only as far as needed: up to the shown state, and one state beyond it, which tells
    whether the shown state is the last.
    """

    # While __init__ runs, the user's own settings do not apply, and windows get no toolbar. (A
    # style cannot set "toolbar", so rc_context does.)
    @style.context(["default", {"font.size": picture.FONT_SIZE}])
    @rc_context({"toolbar": "None"})
    def __init__(
        self, pairs: Pairs, states: Iterable[State], learning_rate: float, names: Names = NAMES
    ) -> None:
        self.pairs, self.learning_rate, self.names = pairs, learning_rate, names
        self.step_is_shown = True
        self.history = list(until_diverged(states))
        if not self.history:  # something has already looped over the iterator
            raise ValueError("there are no states left: call train(...) again")
        self.upcoming: Iterator[State] = iter([])  # the states still to be computed: none so far
        self.previous: list[State] = []  # the played part of the previous run, drawn in gray
        self.furthest = 0  # the largest index that has been shown in this run
        self.given_start, self.given_rate = self.history[0], learning_rate
        self.safe_rate = safe_learning_rate(pairs[0])
        self.start = self.given_start  # where runs begin: only its weight and bias are used

        self.figure = pyplot.figure(figsize=picture.SIZE)
        self.upper, self.lower = self.figure.subfigures(2, 1, height_ratios=[6, 1])
        self.lower.text(0.02, 0.5, HELP, va="center")
        self.message = self.lower.text(0.4, 0.98, "", va="top")
        self.slider = self.new_slider()
        self.show(len(self.history) - 1)
        self.connect()

    def connect(self) -> None:
        """Let the window respond to keys, clicks, the slider, resizing and a timer.

        Without a real window, this has no effect, and is_interactive becomes False.
        """
        canvas = self.figure.canvas
        canvas.manager.set_window_title("How a neuron learns")
        canvas.mpl_disconnect(canvas.manager.key_press_handler_id)  # turn off matplotlib's keys
        canvas.mpl_connect("key_press_event", self.press)
        canvas.mpl_connect("button_press_event", self.click)
        canvas.mpl_connect("resize_event", self.resize)
        self.slider.on_changed(self.begin)
        timer = canvas.new_timer(500)  # in milliseconds
        timer.add_callback(self.tick)
        timer.start()
        # In a real window, the timer's class is a subclass of TimerBase. If there is no window (no
        # screen, or still pictures in a notebook), it is TimerBase itself, and keys do not work.
        self.is_interactive = type(timer) is not TimerBase
        # Stop the timer when the window closes. (This must be a lambda: matplotlib holds methods
        # such as self.press only weakly, so Python could delete this object while the window is
        # open. But it holds the lambda, which holds the timer and so this object.)
        canvas.mpl_connect("close_event", lambda event: timer.stop())

    def new_slider(self) -> Slider:
        """Return a slider with round learning rates to choose from, and a mark at the safe rate.

        It ends at about 1.25 * safe, or at the given rate if that is larger, but at most at
        4 * safe. Otherwise, the safe rates would be squeezed into its left end.
        """
        safe = self.safe_rate
        end = max(1.25 * safe, min(self.given_rate, 4 * safe))
        # If safe is 0.00123, log10(safe) is about -2.9, and floor() makes it -3. So decimals is 5,
        # and the rates are 0.00001, 0.00002, ...
        decimals = 2 - floor(log10(safe))
        rates = [number / 10**decimals for number in range(1, round(end * 10**decimals) + 1)]
        if self.given_rate <= end:
            rates.append(self.given_rate)  # exactly, with all of its digits
        slider = Slider(
            self.lower.add_axes((0.5, 0.06, 0.25, 0.2)),  # left, bottom, width, height
            label="learning rate",
            valmin=0,
            valmax=1.02 * max(rates),  # some room between the knob and the text
            valinit=self.given_rate,
            valstep=rates,  # the values it can take: it starts at the one nearest to valinit
            initcolor="none",  # no mark at the initial value
        )
        slider.ax.axvline(safe, color="black")
        return slider

    def begin(self, learning_rate: float) -> None:
        """Begin a new run from the start, with this learning rate, and show its first state."""
        # Keep what was played, for comparison, but only if the run got past its start: dragging the
        # slider begins many runs that nobody plays.
        if self.furthest > 0:
            self.previous = self.history[: self.furthest + 1]
        self.furthest = 0
        self.learning_rate = float(learning_rate)  # the slider's NumPy float would be slower
        weight, bias = self.start.weight, self.start.bias
        states = train(*self.pairs, weight, bias, learning_rate=self.learning_rate)
        self.history, self.upcoming = [], until_diverged(states)
        self.show(0)

    def show(self, index: int, playing: bool = False) -> None:
        """Show the state with this index, or the nearest one; then play on, or pause."""
        missing = index + 2 - len(self.history)  # states 0 to index are needed, and one beyond it
        # islice computes and takes as many states as are missing (or fewer, if the run ends).
        self.history += islice(self.upcoming, max(0, missing))
        self.index = max(0, min(index, len(self.history) - 1))
        self.furthest = max(self.furthest, self.index)
        self.playing = playing and not self.is_last()
        self.draw()

    def is_last(self) -> bool:
        """Return whether the last state of the run is shown."""
        return self.index == len(self.history) - 1

    def draw(self) -> None:
        """Draw the picture, and say which key to press or, if training has diverged, what to do."""
        history = self.history[: self.index + 1]
        rate = self.learning_rate if self.step_is_shown else None  # None hides the next step
        self.panels = picture.draw(self.upper, self.pairs, history, rate, self.previous, self.names)
        diverged = has_diverged(history[0], history[-1])
        if diverged:
            message = advice(self.pairs[0], self.learning_rate)
        elif self.playing:
            message = "Press Space to pause."
        elif self.is_last():
            message = "This is the last iteration. Press Space to play from the start."
        else:
            message = "Press Space to play, or Right for the next iteration."
        self.message.set(text=message, color=RED if diverged else "black")
        # valtext is the text beside the slider. The slider writes its own value into it, which is
        # wrong if the given rate is beyond the slider's end.
        self.slider.valtext.set_text(f"{self.learning_rate:.5g} (safe below {self.safe_rate:.5g})")
        self.figure.canvas.draw_idle()

    def tick(self) -> None:
        """If the run is playing, show the next frame."""
        if self.playing:
            self.show(picture.next_frame(self.index), playing=True)

    def press(self, event: KeyEvent) -> None:
        """Do what HELP says; PageUp, PageDown, Ctrl-W and Cmd-W work, too.

        show() pauses, unless it is told to play.
        """
        match str(event.key).lower():
            case " " if self.is_last():
                self.show(0, playing=True)
            case " ":
                self.show(self.index, playing=not self.playing)
            case "left" | "pageup":
                self.show(self.index - 1)
            case "right" | "pagedown":
                self.show(self.index + 1)
            case "home":
                self.show(0)
            case "end":
                self.history += self.upcoming  # computes all of them
                self.show(len(self.history) - 1)
            case "enter":
                self.step_is_shown = not self.step_is_shown
                self.show(self.index)
            case "r":
                self.start = self.given_start
                self.slider.eventson = False  # so that moving the knob back does not call begin
                self.slider.reset()
                self.slider.eventson = True
                self.begin(self.given_rate)
            case "f":
                self.figure.canvas.manager.full_screen_toggle()
            case "q" | "ctrl+w" | "cmd+w":
                pyplot.close(self.figure)

    def click(self, event: MouseEvent) -> None:
        """Begin a new run at the place clicked in a valley; the other parameter stays as it is."""
        state = self.history[self.index]
        # state._replace(weight=3) returns a copy of the state in which only the weight is changed.
        if event.inaxes is self.panels["weight"]:
            self.start = state._replace(weight=float(event.xdata))
            self.begin(self.learning_rate)
        elif event.inaxes is self.panels["bias"]:
            self.start = state._replace(bias=float(event.xdata))
            self.begin(self.learning_rate)

    def resize(self, event: Event) -> None:
        """Redraw with a font size that fits the new window size."""
        self.upper.clear()  # draw() makes new panels, with the new font size
        for text in self.lower.findobj(Text):
            text.set_fontsize(picture.font_size(self.figure))
        self.draw()

    def open(self) -> None:
        """Show the window until it is closed.

        If it cannot respond to keys (there is no screen, or a notebook shows still pictures), draw
        the picture over the whole figure instead, without the slider and the help. (A notebook then
        shows it; without a screen, the command saves it.)
        """
        if self.is_interactive:
            pyplot.show(block=True)
        else:
            print("No window opened: matplotlib draws only still pictures here.")
            print("(The usual reasons are no screen, no GUI toolkit, or a notebook.)")
            self.figure.clear()
            history = self.history[: self.index + 1]
            picture.draw(self.figure, self.pairs, history, self.learning_rate, names=self.names)
