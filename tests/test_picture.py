"""At each moment, the picture shows what the formulas give when worked out by hand."""

import re

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image, ImageSequence

from celsius_neuron import data, picture, train

PAIRS = data.generate_data()
FIVE = [1.0, -1.0, 3.0, 2.0, 0.0], [13.0, 8.0, 18.0, 18.0, 8.0]  # noisy; best: 3 x + 10, loss 2
COLORS = {"orange": (230, 159, 0), "green": (0, 122, 85), "red": (192, 0, 32)}
COLORS |= {"blue": (86, 180, 233), "black": 0, "gray": 128, "silver": 192}
RUNS = [(last, 0.001) for last in (0, 1, 2, 10, 123)]  # the last iteration, and the rate
RUNS += [(9, 0.0013), (11, 0.00119), (60, 0.0012, 3, -60), (5, 1e-4, -9, 4), (1, 0.002)]
RUNS += [(2000, 0.001), (1, 0.001, 1.8, 32.0)]
USERS_OWN = {"font.size": 20, "lines.marker": "o", "axes.facecolor": "black"}
USERS_OWN |= {"savefig.format": "pdf", "savefig.bbox": "tight", "figure.autolayout": True}


def run(iterations, rate=0.001, weight=0.8, bias=0.5, pairs=PAIRS):
    return list(train.train(*pairs, weight, bias, iterations, rate))


def new_figure():
    return FigureCanvasAgg(Figure(figsize=picture.SIZE)).figure


def draw(history, rate=0.001, pairs=PAIRS, **more):
    """Draw; return the four panels, and all the texts."""
    figure = new_figure()
    panels = picture.draw(figure, pairs, history, rate, **more)
    return panels, {text.get_text() for text in figure.findobj(Text) if text.get_visible()}


def points(axes, label):
    """Return the points of the line whose label starts with this text."""
    (artist,) = [it for it in axes.get_children() if str(it.get_label()).startswith(label)]
    line = artist.get_xydata() if hasattr(artist, "get_xydata") else artist.get_segments()[0]
    return [tuple(point) for point in line.tolist()]


def seen(color, axes, line):
    """Return the fraction of the points in view where this color is seen, from 0 to 1."""
    left, right, bottom, top = axes.axis()
    inside = [(x, y) for x, y in line if left <= x <= right and bottom <= y <= top]
    image = np.asarray(axes.figure.figure.canvas.buffer_rgba())[::-1, :, :3].astype(int)
    pixels = axes.transData.transform(inside).astype(int)
    spots = [image[row - 2 : row + 3, column - 2 : column + 3] for column, row in pixels]
    return np.mean([(abs(spot - COLORS[color]).sum(axis=2) < 90).any() for spot in spots])


def by_hand(weight, bias):
    """Return the loss for the five pairs, and its slopes along the weight and the bias."""
    dw, db = weight - 3, bias - 10
    return 3 * dw * dw + 2 * dw * db + db * db + 2, 6 * dw + 2 * db, 2 * dw + 2 * db


def test_everything_drawn_is_visible_and_matches_the_formulas():
    (before, now), previous = run(1, 0.2, 7, 8, FIVE), run(8, 0.02, 7, 8, FIVE)
    panels, words = draw([before, now], 0.2, FIVE, previous=previous)
    panels["loss"].figure.canvas.draw()
    loss, *slopes = by_hand(now.weight, now.bias)
    for name, slope in zip(("weight", "bias"), slopes):
        axes, value, step = panels[name], getattr(now, name), -0.2 * slope
        left, right, *_ = axes.axis()
        for label, state, color in ("valley now", now, "gray"), ("valley before", before, "red"):
            valley = points(axes, label)
            formula = [by_hand(*state._replace(**{name: x})[1:3])[0] for x, _ in valley]
            assert [y for _, y in valley] == pytest.approx(formula), label
            assert len(valley) > 50 and seen(color, axes, valley) > 0.4, (name, label)
            assert valley[-1][0] - valley[0][0] == pytest.approx(right - left), label
        tangent = points(axes, "slope")
        half = 0.5 * (tangent[1][0] - tangent[0][0])
        ends = [(value + side, loss + slope * side) for side in (-half, half)]
        assert tangent == [pytest.approx(end) for end in ends] and seen("green", axes, ends) == 1
        assert 0.05 < half / (right - left) < 0.1
        line = [(value + step * part, loss) for part in (-0.2, 0.7, 0.8, 0.9, 1.2)]
        assert [seen("orange", axes, [point]) for point in line] == [0, 1, 1, 1, 0]
        assert seen("black", axes, [(getattr(before, name), before.loss)]) == 1, "path"
        assert [color for color in COLORS if seen(color, axes, [(value, loss)])] == ["green"]
    axes, lines = panels["loss"], panels["lines"]
    assert seen("black", axes, [(0, before.loss)]) == seen("green", axes, [(1, loss)]) == 1
    assert seen("silver", axes, [(state.iteration, state.loss) for state in previous[1:]]) == 1
    assert "previous run" in words
    numbers = " ".join([label.get_text() for label in axes.get_yticklabels()])
    assert re.fullmatch(r"([\d.]+ )+[\d.]+", numbers)
    for state, color in (before, "red"), (now, "green"):
        ends = [(x, state.weight * x + state.bias) for x in (-1, 3)]
        assert seen(color, lines, np.linspace(*ends)) > 0.4, color
    errors = [(x, (now.weight * x + now.bias + y) / 2) for x, y in zip(*FIVE)]
    assert seen("gray", lines, errors) == seen("blue", lines, zip(*FIVE)) == 1
    assert not seen("blue", lines, [(1.5, 15.5)]), "noisy pairs are joined by a line"


def test_each_iteration_is_in_the_paths_and_the_next_step_ends_at_the_next_one():
    views = []
    for last, rate, *start in RUNS:
        *history, following = run(last + 1, rate, *start)
        panels, _ = draw(history, rate)
        for name in "weight", "bias":
            axes, path = panels[name], [(getattr(state, name), state.loss) for state in history]
            assert points(axes, "path") == path
            goal = points(axes, "next step")[1][0]
            assert goal == pytest.approx(getattr(following, name), 1e-9), (name, last, rate)
            assert axes.axis()[0] < goal < axes.axis()[1], (name, last, rate)
            assert axes.axis()[1] - axes.axis()[0] > 0.5, (name, last, rate)
        losses = [list(line.get_ydata()) for line in panels["loss"].lines]
        assert [state.loss for state in history] in losses and panels["loss"].get_yscale() == "log"
        low, high = panels["loss"].get_ylim()
        ticks = [tick for tick in panels["loss"].get_yticks() if low <= tick <= high]
        assert 2 <= len(ticks) <= 6 and ticks[0] ** 2 < low * high, "numbers along the loss"
        if rate == 0.00119:  # the dots are on the valley, and it does not cover them
            panels["weight"].figure.canvas.draw()
            path = [(state.weight, state.loss) for state in history[:-1]]
            assert seen("black", panels["weight"], path) > 0.8
        views.append([panels[name].axis() for name in ("lines", "weight", "bias")] + [(low, high)])
    assert views[:5] == [views[0]] * 5 != views[1:6], "the view changes although it converges"


@pytest.mark.parametrize("last", [0, 1])
def test_a_huge_next_step_runs_off_the_picture_and_leaves_the_valley_in_view(last):
    history = run(last, 0.1)
    axes = draw(history, 0.1)[0]["weight"]
    axes.figure.canvas.draw()
    valley = points(axes, "valley now")
    assert len([loss for _, loss in valley if loss < 1.1 * history[-1].loss]) > 10
    assert seen("orange", axes, [(valley[-1 if last == 0 else 0][0], history[-1].loss)]) == 1


def test_titles_show_the_slope_and_the_next_step():
    start, one = run(1)
    words = draw([start])[1]
    assert {"iteration 0, learning rate 0.001", "loss 1794.2"} < words
    assert "weight 0.8000: slope -1635.5, step +1.6355" in words
    assert "bias 0.5000: slope -62, step +0.062" in words
    words = draw([start, one], None)[1]  # without the step
    assert {"iteration 1", "loss 1344.9", "weight 2.4355: slope 1090.8"} < words  # 0.8 + 1.6355
    assert "after 1 iteration: Fahrenheit = 2.4355 * Celsius + 0.5620" in words
    tiny = train.State(10_000, -1e-9, -1e-9, 1.5)
    draw([start], names=("c_$", "$^p"))[0]["lines"].figure.canvas.draw()  # $ starts no formula
    panels, words = draw([start, tiny], 1e-9, names=("x", "y"))
    assert {"iteration 10,000, learning rate 1e-09", "weight (y per x)", "bias (y)"} < words
    assert {"loss (y²)", "before: y = 0.8000 * x + 0.5000"} < words and "true" in str(words)
    assert "after 10,000 iterations: y = 0.0000 * x + 0.0000" in words
    assert "-0.0000" not in str(words)
    assert (panels["lines"].get_xlabel(), panels["lines"].get_ylabel()) == ("x", "y")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("inputs", [(3, 3), (0, 0), (3,), (-2, 0, 2), (21, 47, 70), (-1, 1)])
def test_own_pairs_and_the_bottoms_of_their_valleys_are_in_view(inputs):
    odd, rate = len(inputs) % 2, 0.999 / (sum(x * x for x in inputs) + len(inputs))
    pairs = [*map(float, inputs)], [2.0 * x + odd for x in inputs]
    history = run(9, rate, 2.0 - odd, 0.0, pairs)  # with two pairs, it starts at the optimum
    panels, words = draw(history, rate, pairs)
    assert not any(word.endswith("-0") for word in words), "a number is shown as -0"
    for name in "weight", "bias":
        axes, value = panels[name], getattr(history[-1], name)
        (left, right, low, high), valley = axes.axis(), [y for _, y in points(axes, "valley now")]
        assert left < value < right and low < min(valley) and history[0].loss < high, name
        assert min(valley) < min(valley[0], valley[-1]) or not any(inputs), name


def test_a_picture_in_used_panels_is_the_same_as_in_new_ones():
    used = new_figure()
    still = [train.State(index, 2.0, 0.0, 0.0) for index in range(2)]  # with a loss of 0
    for pairs, history, rate, previous in [
        (PAIRS, run(100), 0.001, run(8, 0.02)),
        (PAIRS, run(9, 0.0013), None, ()),
        (([1.0, 2.0], [2.0, 4.0]), still, 0.1, ()),
        (FIVE, run(3, 0.02, 7, 8, FIVE), 0.02, ()),
        (PAIRS, run(0, 0.1), 0.1, ()),
    ]:
        images = []
        for figure in used, new_figure():
            picture.draw(figure, pairs, history, rate, previous)
            figure.canvas.draw()
            images.append(np.asarray(figure.canvas.buffer_rgba()))
        assert (images[0] == images[1]).all(), (len(history), rate)


def test_saved_pictures_have_the_right_formats_whatever_the_settings_are(tmp_path, monkeypatch):
    def color(figure, pairs, history, *_, **named):
        figure.set_facecolor(f"#{len(history):06x}")  # which says how many states there are

    monkeypatch.setattr(picture, "SIZE", (2, 1.08))  # which is quick
    paths = [tmp_path / name for name in ("a.png", "b.PNG", "c.svg", "d.pdf", "e.gif", "f.png")]
    picture.save(str(paths[0]), PAIRS, run(3), 0.001)
    with matplotlib.rc_context(USERS_OWN):
        picture.save(str(paths[1]), PAIRS, run(3), 0.001)
        monkeypatch.setattr(picture, "draw", color)
        for path in paths[2:]:
            picture.save(str(path), PAIRS, run(0) * 10_001, 0.001)
    png, same, svg, pdf, *_ = [path.read_bytes() for path in paths]
    assert png[1:4] == b"PNG" and b"<svg" in svg[:999] and pdf[:4] == b"%PDF"
    assert png == same and sorted(tmp_path.iterdir()) == paths  # no other file is left
    with Image.open(paths[4]) as moving, Image.open(paths[5]) as still:
        frames = [*ImageSequence.all_frames(moving), still]
        colors = [frame.convert("RGB").getpixel((9, 9)) for frame in frames]
        assert [frame.info["duration"] for frame in frames[:-1]] == [1500, *[300] * 18, 3000]
        assert moving.info["loop"] == 0  # forever
        assert (still.size, moving.size) == ((200, 108), (168, 90))
    shown = [int(bytes(color).hex(), 16) - 1 for color in colors]
    assert shown == [*range(11), 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 10_000]
