"""The window responds to keys, the slider, clicks and the timer."""

import gc
import re
import weakref
from unittest.mock import Mock

import matplotlib.backend_bases as base
import matplotlib.pyplot as plt
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from test_picture import USERS_OWN, seen

from celsius_neuron import neuron, picture, rate
from celsius_neuron.train import RED, train
from celsius_neuron.window import Window

# Four pairs with the same losses as the 100, because their means of x and x² are the same.
PAIRS = [-30.0, -20.0, 3.0, 45.0], [-22.0, -4.0, 37.4, 113.0]
MILES = [240_000.0, 140_000, 150_000, 23_000, 62_000], [3650.0, 3800, 4400, 7990, 8290]
DRAW, PAINT = picture.draw, FigureCanvasAgg.draw
clocks = weakref.WeakSet()  # the running timers


def sketch(figure, pairs, history, learning_rate, previous=(), names=()):
    """Draw only empty panels and a title that says what was given: this is quick."""
    panels = picture.empty_panels(figure)
    title = f"iteration {history[-1].iteration:,}, {learning_rate}, {len(previous)} previous"
    panels["lines"].set_title(title, loc="left")
    return panels


def look(canvas):
    """Note which texts a person sees from now on."""
    canvas.seen = {text.get_text(): text for text in canvas.figure.findobj(Text)}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    timer = type("Timer", (base.TimerBase,), {})  # which fires only if a test waits
    monkeypatch.setattr(base.TimerBase, "_timer_start", lambda clock: clocks.add(clock))
    monkeypatch.setattr(base.TimerBase, "_timer_stop", lambda clock: clocks.discard(clock))
    monkeypatch.setattr(base.FigureCanvasBase, "_timer_cls", timer)
    monkeypatch.setattr(picture, "draw", sketch)
    monkeypatch.setattr(FigureCanvasAgg, "draw", look)
    yield
    plt.close("all")


class Watched(Window):
    """A window with a person in front of it."""

    def __init__(self, iterations=300, rate=0.001, pairs=PAIRS, start=(0.8, 0.5), **more):
        super().__init__(pairs, train(*pairs, *start, iterations, rate), rate, **more)
        self.canvas = self.figure.canvas

    def says(self, pattern):
        return any(re.search(pattern, text) for text in self.canvas.seen)

    def send(self, name, kind, *args):
        self.canvas.callbacks.process(name, kind(name, self.canvas, *args))
        assert self.says(rf"^iteration {self.index:,}\b"), "the picture is out of date"

    def follow(self, actions):
        """Press these keys, or wait; after each action, check which index is shown."""
        for action in actions.split(", "):
            key, index = action.split()
            if key == "wait":
                [clock._on_timer() for clock in [*clocks] if 300 <= clock.interval <= 600]
            else:
                self.send("key_press_event", base.KeyEvent, key.replace("space", " "))
            assert self.index == int(index), action

    def click_at(self, name, x):
        """Click this far across a panel, from 0 to 1; return the x value of that place."""
        (axes,) = [axes for axes in self.figure.axes if axes.get_label() == name]
        place = axes.transAxes.transform((x, 0.5))
        for action in "press", "release":
            self.send(f"button_{action}_event", base.MouseEvent, *place, 1)
        return axes.transData.inverted().transform(place)[0]


def misplaced_texts(figure):
    """Return the texts that overlap another one or a panel, or are not all within the figure."""
    figure.draw(figure.canvas.get_renderer())
    words = [text for text in figure.findobj(Text) if re.search("[A-Za-z]{2}", text.get_text())]
    boxes = {text.get_text(): text.get_window_extent() for text in words}
    others, size = [axes.bbox for axes in figure.axes if axes.axison], figure.bbox.size
    others += boxes.values()
    outside = {text for text, box in boxes.items() if min(*box.min, *(size - box.max)) < 0}
    return [text for text in boxes if boxes[text].count_overlaps(others) > 1 or text in outside]


def test_keys_move_one_iteration_and_space_plays_to_the_end():
    window, one = Watched(), Watched(0)
    assert [state.iteration for state in window.history] == list(range(301))
    assert window.says("This.*last iteration.*Space.*start")
    window.follow("wait 300, left 299, wait 299, pageup 298, left 297, pagedown 298, right 299")
    window.follow("right 300, right 300, pagedown 300, home 0, wait 0, left 0, pageup 0, right 1")
    window.follow("right 2, end 300, space 0")
    assert window.says("Press Space to pause")
    window.follow("wait 1, wait 2, wait 3, wait 4, wait 5, space 5, wait 5, space 5, wait 6")
    window.follow("right 7, wait 7, space 7, wait 8, wait 9, left 8, wait 8, pagedown 9, wait 9")
    assert window.says("Press Space to play.*Right for the next")
    window.follow("space 9, wait 10, wait 20, enter 20, wait 20, space 20, wait 50")
    window.send("resize_event", base.ResizeEvent)
    window.follow("wait 100, wait 200, wait 300, wait 300, space 0, wait 1, home 0, wait 0")
    one.follow("right 0, left 0, space 0, home 0, end 0, enter 0, r 0, left 0")


def test_help_names_exactly_the_keys_that_work_and_what_they_do():
    toggled, window = [], Watched()
    window.canvas.manager.full_screen_toggle = lambda: toggled.append("F")
    (help_text,) = [text for text in window.canvas.seen if "Space:" in text]
    told = dict(entry.split(": ") for entry in re.split(r"\s{2,}|\n", help_text))
    does = {"Space": "play|pause", "Left, Right": "iteration", "Home, End": "first.*last"}
    does |= {"Enter": "next step", "F": "full screen", "R": "reset", "Q": "close"}
    does |= {"Click in a valley": "start"}
    assert {keys for keys in does if re.search(does[keys], told[keys])} == told.keys()

    def state():
        scales = axes.get_xscale(), axes.get_yscale()
        return [*toggled, *window.canvas.seen, *scales, *plt.get_fignums()]

    axes, works = window.slider.ax, "space left right home end enter r f F Q".split()
    place = axes.bbox.p0 + 9  # there, matplotlib's own keys would change the scales
    for key in [*"LlkKgGsopcvhx", "backspace", "up", *works]:
        window.follow("home 0, right 1")
        before = state()
        window.send("key_press_event", base.KeyEvent, key.replace("space", " "), *place)
        assert (state() != before) == (key in works), key


def test_slider_has_round_rates_r_resets_exactly_and_a_divergence_is_explained(monkeypatch):
    window = Watched(3, 0.002)
    for place in 0.000996, 0.001192, 0.001201, 0.0, 0.001002:
        window.click_at("", place / window.slider.valmax)
        assert window.slider.val == max(0.00001, round(place, 5))
    assert window.slider.valtext.get_text() == "0.001 (safe below 0.0011983)"
    window.follow("right 1")
    assert window.history[1][1:3] == pytest.approx((0.8 + 1.6355, 0.5 + 0.062))
    assert {type(number) for number in window.history[1][1:]} == {float}, "NumPy's are slower"
    for key in "rR":
        window.click_at("bias", 0.3)
        window.click_at("", 0.4)
        monkeypatch.setattr(picture, "draw", drawn := Mock(wraps=sketch))
        window.follow(f"{key} 0")
        assert drawn.call_count == 1, "it draws more often than needed"
        assert (window.slider.val, *window.history[0][1:3]) == (0.002, 0.8, 0.5), key
    assert Watched(3, 0.000234567).slider.val == 0.000234567
    window.slider.set_val(0.0013)
    window.follow("right 1, left 0, end 10, right 10")
    assert [state.loss > 17_942 for state in window.history] == [False] * 10 + [True], "tenfold"
    assert window.canvas.seen[rate.advice(PAIRS[0], 0.0013)].get_color() == RED
    window.follow("left 9")
    assert window.says("Press Space to play.*Right for the next")


def test_if_the_given_rate_is_far_too_large_the_slider_still_has_room_for_the_safe_ones():
    window = Watched(1, 7.0)
    for key in "home 0", "r 0":
        window.follow(key)
        assert window.slider.valtext.get_text() == "7 (safe below 0.0011983)", key
        assert window.history[1].weight > 10_000 and window.slider.valmax < 0.005, key
        assert window.slider.val == 0.00479, "the slider does not end at 4 times the safe rate"
        window.click_at("", 0.003 / window.slider.valmax)
        assert window.slider.val == 0.003, "no round rates beyond the mark"
        window.slider.set_val(0.0006)
        assert window.slider.valtext.get_text() == "0.0006 (safe below 0.0011983)"
        window.follow("right 1")
        assert window.history[1].weight == pytest.approx(0.8 + 0.0006 * 1635.5)


def test_a_click_in_a_valley_starts_there_and_computes_only_what_is_shown(monkeypatch):
    window = Watched(5)
    monkeypatch.setattr(neuron, "forward", computed := Mock(wraps=neuron.forward))
    window.follow("left 4")
    for name, x in ("weight", 0.4), ("bias", 0.6):
        now = window.history[window.index]
        computed.reset_mock()
        start = pytest.approx(now._replace(**{name: window.click_at(name, x)})[1:3])
        assert len(window.history) == computed.call_count == 2, "it computes too far ahead"
        for elsewhere in ("lines", 0.5), ("loss", 0.5), ("loss", -0.15):
            window.click_at(*elsewhere)
            assert window.history[0][1:3] == start and window.index == 0, elsewhere
        assert {type(number) for number in window.history[1][1:]} == {float}, "NumPy's are slower"
        window.follow("right 1")
    window.follow("end 10000")


def test_enter_hides_the_next_step_and_a_drag_keeps_the_run_before_it():
    window = Watched(9)
    for new_rate in 0.0003, 0.0007, 0.0012:
        window.slider.set_val(new_rate)
    for next_rate in None, 0.0012:
        window.follow("enter 0")
        assert window.says(f"^iteration 0, {next_rate}, 10 previous"), "wrong rate or previous run"
    window.follow("right 1, home 0")
    window.click_at("weight", 0.4)
    assert window.says("^iteration 0, 0.0012, 2 previous"), "not what was played of the last run"
    short = Watched(1)
    short.click_at("weight", 0.4)
    assert short.says("^iteration 0, 0.001, 2 previous"), "a run of one iteration was not kept"
    PAINT(window.canvas)
    assert seen("black", window.slider.ax, [(2 / 1669, 0.5)]) == 1, "no mark at the safe rate"
    assert 1.2 < window.slider.valmax / (2 / 1669) < 1.4, "no rates beyond the mark"


@plt.rc_context(USERS_OWN | {"figure.constrained_layout.use": True})
def test_texts_grow_with_the_window_and_do_not_overlap(monkeypatch):
    diverged, normal = Watched(9, 0.001, MILES, (0.0, 0.0), names=("mileage", "price")), Watched(9)
    monkeypatch.setattr(picture, "draw", DRAW)
    sizes, fonts = [(19.2, 5.2), (16, 9), (10, 5.4)], set()
    for window, (width, height) in (normal, sizes[-1]), *[(diverged, size) for size in sizes]:
        window.figure.set_size_inches(width, height)
        window.send("resize_event", base.ResizeEvent)
        assert not misplaced_texts(window.figure), (width, height)
        assert len(window.upper.legends) == 1, "the legend of an earlier drawing is still there"
        panels = {axes.get_facecolor() for axes in window.figure.axes if axes.axison}
        assert panels == {(1, 1, 1, 1)}, "the user's own settings"
        scale = min(width / 10, height / 5.4)
        texts = window.canvas.seen.values()
        fonts.add(frozenset(round(text.get_fontsize() / scale, 3) for text in texts))
    assert len(fonts) == 1 and window.says("before.*: price = 0.0000 . mileage")


def test_it_opens_only_if_there_is_a_screen_and_lives_as_long_as_its_figure(monkeypatch):
    def new_figure(*arguments, figure=plt.figure, **named):
        made.append(plt.rcParams["toolbar"])
        return figure(*arguments, **named)

    opened, made = [], []
    monkeypatch.setattr(plt, "figure", new_figure)
    monkeypatch.setattr(
        base.FigureManagerBase, "set_window_title", lambda _, title: made.append(title)
    )
    with pytest.raises(ValueError, match="call train"):
        Window(PAIRS, iter([]), 0.001)
    window, other = weakref.ref(Watched()), Watched()
    assert (made[0], made[-1]) == ("None", "How a neuron learns")
    monkeypatch.setattr(plt, "show", lambda *, block=None: opened.append(block))
    gc.collect()
    for one in window(), other:
        one.follow("space 0")
    other.send("close_event", base.CloseEvent)
    window().follow("wait 1")
    assert other.index == 0, "a closed window still plays"
    window().open()
    monkeypatch.setattr(base.FigureCanvasBase, "_timer_cls", base.TimerBase)
    monkeypatch.setattr(picture, "draw", DRAW)
    (still := Watched(3)).open()
    look(still.canvas)
    assert opened == [True] and not misplaced_texts(still.figure)
    assert len(still.figure.axes) == 4 and not still.says("Space")
