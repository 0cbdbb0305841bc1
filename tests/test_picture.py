"""What is drawn is, at each moment, what the formulas say that one finds by hand."""

import re
from unittest.mock import Mock

import matplotlib.pyplot as plt
import pytest
from matplotlib.backend_bases import KeyEvent, TimerBase
from matplotlib.figure import Figure
from PIL import Image, ImageChops, ImageStat

from celsius_neuron import picture
from celsius_neuron.data import generate_data
from celsius_neuron.train import State, plot, train

PAIRS = generate_data()
KELVIN = PAIRS[0], [celsius + 273.15 for celsius in PAIRS[0]]
KILOMETRES = [float(miles) for miles in range(100)], [miles * 1.609 for miles in range(100)]


def train_states(iterations):
    return list(train(*PAIRS, 0.8, 0.5, iterations))


def draw(history, figure=None, rate=0.001, pairs=PAIRS):
    """Draw, and return the axes: the lines on the left, the valleys of weight and bias."""
    figure = figure or Figure()
    picture.draw(figure, *pairs, history, rate)
    return figure.axes


def points(line):
    return [(float(x), float(y)) for x, y in zip(line.get_xdata(), line.get_ydata())]


def by_hand(state):
    """The loss, and its slopes along the weight and the bias."""
    dw, db = state.weight - 1.8, state.bias - 32
    return 1667 / 2 * dw * dw - dw * db + db * db, 1667 * dw - db, -dw + 2 * db


def test_dot_lies_on_the_valley_of_now_and_the_green_line_touches():
    history, figure = train_states(123), Figure()
    for state in [history[i] for i in (0, 1, 2, 9, 80, 123)]:
        _, *valleys = draw(history[: state.iteration + 1], figure)
        for axes, name, slope in zip(valleys, ("weight", "bias"), by_hand(state)[1:]):
            now, before, way, tangent, dot = axes.get_lines()
            for valley, start in (now, state), (before, history[0]), (dot, state):
                for x, y in points(valley):
                    assert y == pytest.approx(by_hand(start._replace(**{name: x}))[0])
            assert points(dot) == [(getattr(state, name), state.loss)]
            (x0, y0), (x1, y1) = points(tangent)
            assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(points(dot)[0])
            assert (y1 - y0) / (x1 - x0) == pytest.approx(slope)
            assert [dot.get_color(), before.get_color(), before.get_linestyle()] == ["g", "r", ":"]
            assert (axes.get_xlabel(), axes.get_ylabel()) == (name, "loss (°F²)")
    # The way has a dot for each moment so far.
    moments = [history[i] for i in [*range(10), *range(10, 101, 10), 123]]
    path = [(state.bias, state.loss) for state in moments]
    assert (points(way), way.get_color(), way.get_marker()) == (path, "k", ".")


def test_titles_tell_the_slope_and_the_step_that_comes_next():
    history = train_states(1)
    before, after = ([axes.get_title(loc="left") for axes in draw(history[:i])] for i in (1, 2))
    assert before == [
        "rate 0.001, iteration 0: loss 1794.2",
        "weight 0.8000: slope -1635.5, step +1.6355",
        "bias 0.5000: slope -62.0000, step +0.0620",
    ]
    assert after[1:] == [
        "weight 2.4355: slope 1090.8, step -1.0908",  # 0.8 + 1.6355
        "bias 0.5620: slope -63.5115, step +0.0635",  # 0.5 + 0.062
    ]
    end = draw([history[0], State(10_000, 1.8, 32 - 1e-9, 4e-15)])[2].get_title(loc="left")
    assert end == "bias 32.0000: slope 0.0000, step +0.0000"  # and no -0.0000


def test_left_are_the_lines_true_before_and_after_and_errors():
    history = train_states(1)
    left = draw(history)[0]
    lines = left.get_lines()
    plot(*PAIRS, *history)  # on the current axes
    assert [points(line) for line in plt.gca().get_lines()] == [points(line) for line in lines]
    plt.close()
    for line, weight, bias in zip(lines, (1.8, 0.8, 2.4355), (32, 0.5, 0.562)):
        assert points(line) == [(c, pytest.approx(c * weight + bias)) for c in range(-50, 50)]
    assert [line.get_color() for line in lines] == ["skyblue", "r", "g"]
    assert [line.get_linestyle() for line in lines] == ["-", ":", "--"]
    assert lines[0].get_linewidth() > 2 * lines[2].get_linewidth()  # seen on both sides of it
    legend = [text.get_text() for text in left.get_legend().get_texts()]
    before, after = "before: F = 0.8000 C + 0.5000", "after: F = 2.4355 C + 0.5620"
    assert legend == ["error", "true", before, after]
    assert (left.get_xlabel(), left.get_ylabel()) == ("Celsius (°C)", "Fahrenheit (°F)")
    for c, error in zip(range(-50, 50, 10), left.collections[0].get_segments(), strict=True):
        assert error.tolist() == [
            [c, pytest.approx(c * 2.4355 + 0.562)],
            [c, pytest.approx(c * 1.8 + 32)],
        ]


def test_frames_stand_still_and_nothing_happens_outside():
    for weight, bias, iterations, rate, pairs in [
        (0.8, 0.5, 123, 0.001, PAIRS),
        (0.8, 0.5, 10, 0.0013, PAIRS),
        (3, 60, 123, 0.001, PAIRS),
        (-1, -20, 123, 0.001, PAIRS),
        (0.8, 0.5, 1_234, 0.001, KELVIN),
        (0.8, 0.5, 123, 0.0001, KILOMETRES),
    ]:
        history = list(train(*pairs, weight, bias, iterations, rate))
        figure = Figure()
        left, top, bottom = draw(history, figure, rate, pairs)
        limits = [(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes]
        assert all(x0 < x1 and y0 < y1 for (x0, x1), (y0, y1) in limits)  # to the right, and up
        for moment in 0, len(history) - 1, 1:
            draw(history[: moment + 1], figure, rate, pairs)
            assert [(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes] == limits
            for line in [*left.get_lines(), top.get_lines()[4], bottom.get_lines()[4]]:
                (x0, x1), (y0, y1) = line.axes.get_xlim(), line.axes.get_ylim()
                assert all(x0 < x < x1 and y0 < y < y1 for x, y in points(line))
        legend = left.get_legend().get_window_extent().transformed(left.transData.inverted())
        assert legend.y0 > max(y for line in left.get_lines() for _, y in points(line))


def press(figure, key):
    event = KeyEvent("key_press_event", figure.canvas, key)
    figure.canvas.callbacks.process("key_press_event", event)
    return shown(figure)


def shown(figure):
    return int(re.search(r"iteration (\d+)", figure.axes[0].get_title(loc="left"))[1])


def test_it_plays_and_space_arrows_and_home_do_what_they_say():
    def tick():
        for function, arguments, named in player.timer.callbacks:
            function(*arguments, **named)
        return shown(figure)

    history, figure = train_states(3), plt.figure()
    figure.canvas.draw_idle = Mock()
    draw(history, figure)
    player = picture.Player(figure, *PAIRS, history, 0.001)
    assert (shown(figure), player.timer.interval) == (0, 1000)
    assert [tick() for _ in range(4)] == [1, 2, 3, 3]  # and stays at the end
    assert (player.timer.interval, figure.canvas.draw_idle.call_count) == (2000, 4)
    assert [press(figure, " "), tick()] == [0, 1]  # plays again
    assert [press(figure, " "), tick()] == [1, 1]  # stops
    assert [press(figure, " "), tick()] == [1, 2]  # goes on
    for keys, moments in (("left", "left", "left"), [1, 0, 0]), (("right", "x"), [1, 1]):
        assert [press(figure, key) for key in keys] == moments
        assert tick() == moments[-1]  # an arrow stops it
    assert [press(figure, "right") for _ in range(3)] == [2, 3, 3]
    assert [press(figure, "home"), tick()] == [0, 0]
    plt.close()


def test_with_a_screen_a_window_plays_and_only_save_saves(monkeypatch, tmp_path, capsys):
    def look():
        figure = plt.gcf()
        assert "space" in figure.texts[0].get_text() and TimerBase.start.called
        seen.extend([shown(figure), press(figure, "right")])
        plt.close()

    seen = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(plt, "show", look)
    monkeypatch.setattr(TimerBase, "start", Mock())
    monkeypatch.setattr(type(plt.figure().canvas), "required_interactive_framework", "tk")
    picture.show(None, *PAIRS, train_states(1), 0.001)
    assert (seen, list(tmp_path.iterdir()), capsys.readouterr().out) == ([0, 1], [], "")
    monkeypatch.setattr(Figure, "savefig", Mock())
    picture.show("end.png", *PAIRS, train_states(1), 0.001)
    plt.close("all")
    assert (seen, Figure.savefig.call_args.args) == ([0, 1], ("end.png",))


def test_gif_moves_repeats_and_ends_as_the_still_picture(monkeypatch, tmp_path):
    assert [picture.seconds(index, 9) for index in (0, 4, 5, 9)] == [1, 1, 0.25, 2]
    monkeypatch.setattr(picture, "seconds", lambda index, last: (0.25, 0.5)[index])
    gif, png = tmp_path / "learning.gif", tmp_path / "end.png"
    with plt.rc_context({"savefig.dpi": 70}):
        for path in gif, png:
            picture.show(str(path), *PAIRS, train_states(1), 0.001)
    with Image.open(png) as still, Image.open(gif) as moving:
        assert (moving.n_frames, moving.info["loop"]) == (2, 0)  # 0: for ever
        for number, seconds, low, high in (0, 0.25, 2, 255), (1, 0.5, 0, 1.5):
            moving.seek(number)
            difference = ImageChops.difference(moving.convert("L"), still.convert("L"))
            assert moving.info["duration"] == 1000 * seconds
            assert low < ImageStat.Stat(difference).mean[0] < high
