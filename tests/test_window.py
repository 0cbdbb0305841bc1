"""The window does what a key, the slider, a click and the time that passes say."""

import gc
import weakref
from unittest.mock import Mock

import matplotlib.pyplot as plt
import pytest
from matplotlib.backend_bases import KeyEvent, MouseEvent, ResizeEvent, TimerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from celsius_neuron import neuron, picture
from celsius_neuron.data import generate_data
from celsius_neuron.train import RED, advice, train
from celsius_neuron.window import Window

PAIRS, DRAW = generate_data(), picture.draw


@pytest.fixture(autouse=True)
def painted(monkeypatch):
    """Only count what is drawn and painted, which takes long. A test may draw, if it looks."""
    monkeypatch.setattr(picture, "draw", Mock())
    monkeypatch.setattr(FigureCanvasAgg, "draw_idle", count := Mock())
    yield count
    plt.close("all")


@pytest.fixture
def window(painted):
    return Window(PAIRS, train(*PAIRS, 0.8, 0.5, 3), 0.001)


def shown():
    """What was drawn last: the iteration, the weight and the bias now, the rate."""
    _, pairs, way, rate = picture.draw.call_args.args
    assert pairs == PAIRS
    return way[-1].iteration, round(way[-1].weight, 4), round(way[-1].bias, 4), rate


def send(event):
    plt.gcf().canvas.callbacks.process(event.name, event)
    return shown()[0]


def press(key):
    return send(KeyEvent("key_press_event", plt.gcf().canvas, key))


def click(number, x, y):
    place = plt.gcf().subfigs[0].axes[number].transData.transform((x, y))
    send(MouseEvent("button_press_event", plt.gcf().canvas, *place, button=1))
    return shown()[:3]


def tick(window, times=1):
    """Let the time of so many moments pass."""
    ((function, arguments, named),) = window.timer.callbacks
    for _ in range(times):
        assert function(*arguments, **named) is not False  # or the timer would stop for good
    assert not window.timer.single_shot
    return shown()[0]


def test_it_opens_playing_and_each_key_does_what_it_says(window, painted):
    assert (shown()[0], window.timer.interval, painted.called) == (0, 500, True)
    painted.reset_mock()
    send(ResizeEvent("resize_event", window.figure.canvas))  # and it goes on
    assert [tick(window) for _ in range(5)] == [1, 2, 3, 3, 3]  # and stays at the end
    assert painted.call_count >= 3
    assert [press(" "), tick(window)] == [0, 1]  # plays it again
    assert [press(" "), tick(window)] == [1, 1]  # stops
    assert [press(" "), tick(window), press("left")] == [2, 3, 2]  # goes on
    for backward, forward in ("left", "right"), ("pageup", "pagedown"):
        assert [press(backward) for _ in range(3)] == [1, 0, 0]
        assert [press(key) for key in (forward, "x", forward, forward)] == [1, 1, 2, 3]
        assert [press(backward), tick(window)] == [2, 2]  # stopped
    assert [press("home"), tick(window), press(" "), tick(window)] == [0, 0, 1, 2]
    assert press("right") == 3
    picture.draw.reset_mock()
    assert (press(" "), picture.draw.call_count, tick(window)) == (0, 1, 1)  # again from there, too
    for rate in None, 0.001:  # Enter stops, and hides the coming step, or shows it again
        assert (press("enter"), tick(window), shown()[3]) == (1, 1, rate)


def test_the_slider_goes_back_to_the_start_with_its_rate_and_stops(window):
    assert tick(window, 2) == 2
    assert window.slider.valtext.get_text() == "0.001, safe below 0.0011983"
    window.slider.set_val(0.0012)
    assert (tick(window), shown()) == (0, (0, 0.8, 0.5, 0.0012))
    press("right")
    assert shown() == (1, 2.7626, 0.5744, 0.0012)  # 0.8 + 0.0012 · 1635.5, 0.5 + 0.0012 · 62
    assert window.slider.valmax == pytest.approx(1.25 * 2 / 1669)
    mark = window.slider.vline  # at the safe rate
    assert mark.get_color() == "black" and mark.get_xdata() == pytest.approx([2 / 1669] * 2)


def test_a_click_in_a_valley_puts_the_neuron_there_and_stops(window):
    picture.draw.side_effect = DRAW
    assert tick(window) == 1
    assert (click(1, 1.5, 1000), tick(window)) == ((0, 1.5, 0.562), 0)
    assert click(2, 32, 500) == (0, 1.5, 32)
    assert click(0, 0, 100) == (0, 1.5, 32)  # not a valley


def test_where_the_loss_has_grown_tenfold_it_ends_and_says_why(window):
    window.slider.set_val(0.0013)
    press(" ")
    assert (tick(window, 20), press("right")) == (10, 10)
    keys, sentence = window.lower.texts
    assert (sentence.get_text(), sentence.get_color()) == (advice(PAIRS[0], 0.0013), RED)
    press("left")
    assert not sentence.get_text()


def test_all_text_is_within_the_window_and_grows_with_it(window):
    window.slider.set_val(0.00131313)
    assert [press("right") for _ in range(9)][-1] == 9  # it has climbed
    figure, picture.draw.side_effect = window.figure, DRAW
    for width in 16, 10:
        figure.set_size_inches(width, 0.6 * width)
        send(ResizeEvent("resize_event", figure.canvas))
        figure.draw_without_rendering()
        texts = [text for text in figure.findobj(Text) if text.get_text()]
        assert len(texts) > 30 and {text.get_fontsize() for text in texts} == {width}
    boxes = [t.get_window_extent() for t in window.lower.findobj(Text) if t.get_text()]
    assert len(boxes) == 4  # the keys, the advice, "rate", its number
    assert not any(box.overlaps(other) for box in boxes for other in boxes if box is not other)
    lowest = min(axes.get_tightbbox().y0 for axes in figure.subfigs[0].axes)
    for box in boxes:
        assert 0 < box.x0 < box.x1 < figure.bbox.width and 0 < box.y0 < box.y1 < lowest


def test_a_training_of_one_state_only_answers_every_key():
    Window(PAIRS, list(train(*PAIRS, 0.8, 0.5, 0)), 0.002)
    assert [press(key) for key in ("right", "left", " ", "home", "enter")] == [0] * 5


def test_the_window_lives_as_long_as_its_figure_and_computes_nothing_ahead(monkeypatch):
    def new_figure(*arguments, **named):
        assert plt.rcParams["toolbar"] == "None"  # it would take left, right and Home for itself
        return figure(*arguments, **named)

    figure = plt.figure
    monkeypatch.setattr(plt, "figure", new_figure)
    monkeypatch.setattr(neuron, "forward", computed := Mock(wraps=neuron.forward))
    monkeypatch.setattr(TimerBase, "start", started := Mock())
    window = weakref.ref(Window(PAIRS, train(*PAIRS, 0.8, 0.5), 0.001))
    gc.collect()
    assert window() and started.called and press("right") == 1
    assert (computed.call_count, plt.gcf().get_label()) == (2, "How a neuron learns")


def test_it_opens_where_there_is_a_screen_only(window, monkeypatch):
    opened, canvas = Mock(), window.figure.canvas
    opened.side_effect = lambda: setattr(canvas, "required_interactive_framework", None)  # closed
    monkeypatch.setattr(plt, "show", opened)
    assert not window.open() and not opened.called
    monkeypatch.setattr(canvas, "required_interactive_framework", "tk")
    assert window.open() and opened.called
