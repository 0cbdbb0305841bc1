"""The window does what a key, the slider, a click and the time that passes say."""

import gc
import weakref
from unittest.mock import Mock

import matplotlib.pyplot as plt
import pytest
from matplotlib.backend_bases import KeyEvent, MouseEvent, ResizeEvent, TimerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from celsius_neuron import picture
from celsius_neuron.data import generate_data
from celsius_neuron.train import advice, train
from celsius_neuron.window import Window

PAIRS = generate_data()


@pytest.fixture(autouse=True)
def painted(monkeypatch):
    """Count how often the window is painted, instead of painting it, which takes long."""
    monkeypatch.setattr(FigureCanvasAgg, "draw_idle", count := Mock())
    yield count
    plt.close("all")


@pytest.fixture
def window(painted):
    return Window(PAIRS, train(*PAIRS, 0.8, 0.5, 3), 0.001)


@pytest.fixture
def drawn(monkeypatch):
    """Only note what would be drawn: the way and the rate."""
    monkeypatch.setattr(picture, "draw", draw := Mock())
    return draw


def shown():
    """The first title: the iteration, and the rate unless the coming step is hidden."""
    return plt.gcf().subfigs[0].axes[0].get_title(loc="left")


def iteration():
    if isinstance(picture.draw, Mock):
        return picture.draw.call_args.args[2][-1].iteration
    return int(shown().split()[1].strip(":"))


def press(key):
    canvas = plt.gcf().canvas
    canvas.callbacks.process("key_press_event", KeyEvent("key_press_event", canvas, key))
    return iteration()


def tick(window, times=1):
    """Let the time of so many moments pass."""
    ((function, arguments, named),) = window.timer.callbacks
    for _ in range(times):
        assert function(*arguments, **named) is not False  # or the timer would stop for good
    assert not window.timer.single_shot
    return iteration()


def click(axes, x, y):
    canvas = plt.gcf().canvas
    place = axes.transData.transform((x, y))
    for name in "button_press_event", "button_release_event":
        canvas.callbacks.process(name, MouseEvent(name, canvas, *place, button=1))


def start():
    """The weight and the bias in the titles of the valleys."""
    valleys = plt.gcf().subfigs[0].axes[1:]
    return [axes.get_title(loc="left").split(":")[0] for axes in valleys]


def test_it_opens_playing_and_each_key_does_what_it_says(drawn, window, painted):
    assert (iteration(), window.timer.interval, painted.called) == (0, 500, True)
    painted.reset_mock()
    assert [tick(window) for _ in range(5)] == [1, 2, 3, 3, 3]  # and stays at the end
    assert painted.call_count >= 3
    assert [press(" "), tick(window)] == [0, 1]  # plays it again
    assert [press(" "), tick(window)] == [1, 1]  # stops
    assert [press(" "), tick(window)] == [1, 2]  # goes on
    for backward, forward in ("left", "right"), ("pageup", "pagedown"):
        assert [press(backward) for _ in range(3)] == [1, 0, 0]
        assert [press(key) for key in (forward, "x", forward, forward)] == [1, 1, 2, 3]
        assert [press(backward), tick(window)] == [2, 2]  # stopped
    assert [press("home"), tick(window), press(" "), tick(window)] == [0, 0, 0, 1]


def test_enter_hides_the_coming_step_and_shows_it_again(window):
    def step_is_shown():
        title = plt.gcf().subfigs[0].axes[1].get_title(loc="left")
        assert ("rate" in shown()) == ("step" in title)
        return "step" in title

    seen = [step_is_shown(), press("enter"), step_is_shown(), press("enter"), step_is_shown()]
    assert seen == [True, 0, False, 0, True]


def test_the_slider_goes_back_to_the_start_with_its_rate_and_stops(window):
    tick(window, 2)
    window.slider.set_val(0.0012)
    assert (shown(), tick(window)) == ("iteration 0: loss 1794.2, rate 0.0012", 0)
    assert start() == ["weight 0.8000", "bias 0.5000"]
    assert press("right") == 1
    assert start() == ["weight 2.7626", "bias 0.5744"]  # 0.8 + 0.0012 · 1635.5, 0.5 + 0.0012 · 62
    assert window.slider.valmax == pytest.approx(1.25 * 2 / 1669)
    mark, *_ = window.slider.ax.get_lines()
    assert mark.get_xdata() == pytest.approx([2 / 1669] * 2)  # the safe rate


def test_a_click_in_a_valley_puts_the_neuron_there_and_stops(window):
    assert tick(window) == 1
    click(plt.gcf().subfigs[0].axes[1], 1.5, 1000)
    assert (iteration(), start(), tick(window)) == (0, ["weight 1.5000", "bias 0.5620"], 0)
    click(plt.gcf().subfigs[0].axes[2], 32, 500)
    assert start() == ["weight 1.5000", "bias 32.0000"]
    click(plt.gcf().subfigs[0].axes[0], 0, 100)  # not a valley
    assert start() == ["weight 1.5000", "bias 32.0000"]


def test_where_the_loss_has_grown_tenfold_it_ends_and_says_why_in_sight(drawn, window):
    assert "space" in window.text.get_text()
    window.slider.set_val(0.0013)
    press(" ")
    assert (tick(window, 20), press("right")) == (10, 10)
    assert window.text.get_text() == advice(PAIRS[0], 0.0013)
    press("left")
    assert "space" in window.text.get_text()


@pytest.mark.parametrize("width", [10, 16])
def test_all_text_is_within_the_window_and_grows_with_it(window, width):
    figure = window.figure
    figure.set_size_inches(width, 0.6 * width)
    figure.canvas.callbacks.process("resize_event", ResizeEvent("resize_event", figure.canvas))
    figure.canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_text()]
    assert len(texts) > 30 and {text.get_fontsize() for text in texts} == {width}
    texts = [text for text in window.desk.findobj(Text) if text.get_text()]
    assert len(texts) == 3  # the keys, "rate", its number
    boxes = [text.get_window_extent() for text in texts]
    assert all(0 < box.x0 < box.x1 < figure.bbox.width for box in boxes)
    assert all(0 < box.y0 < box.y1 < figure.bbox.height for box in boxes)
    assert not any(box.overlaps(other) for box in boxes for other in boxes if box is not other)
    lowest = min(axes.get_tightbbox().y0 for axes in figure.subfigs[0].axes)
    assert all(box.y1 < lowest for box in boxes)


def test_a_training_of_one_state_only_answers_every_key(drawn):
    Window(PAIRS, list(train(*PAIRS, 0.8, 0.5, 0)), 0.002)
    assert [press(key) for key in ("right", "left", " ", "home", "enter")] == [0] * 5


def test_the_window_lives_as_long_as_its_figure_and_has_a_name(drawn, monkeypatch):
    started, toolbars, figure = Mock(), [], plt.figure
    monkeypatch.setattr(TimerBase, "start", started)

    def noted(*arguments, **named):
        toolbars.append(plt.rcParams["toolbar"])
        return figure(*arguments, **named)

    monkeypatch.setattr(plt, "figure", noted)
    window = weakref.ref(Window(PAIRS, train(*PAIRS, 0.8, 0.5, 3), 0.001))
    gc.collect()
    assert window() and started.called and press("right") == 1
    assert plt.gcf().get_label() == "How a neuron learns"
    assert toolbars == ["None"]  # it would take left, right and Home for itself


def test_nothing_is_computed_before_it_is_shown(drawn):
    asked = []
    states = (asked.append(state.iteration) or state for state in train(*PAIRS, 0.8, 0.5))
    Window(PAIRS, states, 0.001)
    assert (press("right"), asked) == (1, [0, 1])


def test_it_opens_where_there_is_a_screen_only(drawn, window, monkeypatch):
    opened, canvas = Mock(), window.figure.canvas
    opened.side_effect = lambda: setattr(canvas, "required_interactive_framework", None)  # closed
    monkeypatch.setattr(plt, "show", opened)
    assert not window.open() and not opened.called
    monkeypatch.setattr(canvas, "required_interactive_framework", "tk")
    assert window.open() and opened.called
