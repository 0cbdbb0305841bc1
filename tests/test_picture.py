"""What is drawn is, at each moment, what the formulas say that one finds by hand."""

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image, ImageChops, ImageSequence, ImageStat

from celsius_neuron import picture
from celsius_neuron.data import generate_data
from celsius_neuron.train import State, moments, train

BLUE, RED, GREEN, ORANGE, GREY = "#0072b2", "#d55e00", "#009e73", "#e69f00", "#808080"
PAIRS = generate_data()
NOISY = PAIRS[0], [fahrenheit + (-1) ** int(fahrenheit) for fahrenheit in PAIRS[1]]


def way(iterations=10_000, rate=0.001, weight=0.8, bias=0.5):
    return list(moments(train(*PAIRS, weight, bias, iterations, rate)))


def draw(states, rate=0.001, pairs=PAIRS, figure=None):
    """Draw, and return the axes: the lines on the left, the valleys of weight and bias."""
    figure = figure or Figure(figsize=(10, 6))
    picture.draw(figure, pairs, states, rate)
    return figure.axes


def lines(axes, color, style=None):
    """The points of each line that has this color, and this style."""
    return [
        [(float(x), float(y)) for x, y in zip(*line.get_data())]
        for line in axes.get_lines()
        if to_hex(line.get_color()) == color and style in (None, line.get_linestyle())
    ]


def titles(states, rate=0.001):
    return [axes.get_title(loc="left") for axes in draw(states, rate)]


def by_hand(state):
    """The loss, and its slopes along the weight and the bias."""
    dw, db = state.weight - 1.8, state.bias - 32
    return 1667 / 2 * dw * dw - dw * db + db * db, 1667 * dw - db, -dw + 2 * db


@pytest.mark.parametrize("last", [0, 1, 123])
def test_valleys_tangent_and_coming_step_are_those_of_the_formulas(last):
    states = way(last)
    first, now = states[0], states[-1]
    _, following = train(*PAIRS, now.weight, now.bias, 1)
    for axes, name, slope in zip(draw(states)[1:], ("weight", "bias"), by_hand(now)[1:]):
        place = getattr(now, name)
        low, high = axes.get_xlim()
        for start, color, style in (now, GREY, "-"), (first, RED, ":"):
            (valley,) = lines(axes, color, style)
            heights = [by_hand(start._replace(**{name: x}))[0] for x, _ in valley]
            assert len(valley) > 50 and [y for _, y in valley] == pytest.approx(heights)
            assert (valley[0][0], valley[-1][0]) == pytest.approx((low, high))
        tangent, dot = lines(axes, GREEN)
        (x0, y0), (x1, y1) = tangent
        assert 0.1 < (x1 - x0) / (high - low) < 0.2  # seen, and short
        assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((place, now.loss))
        assert (y1 - y0) / (x1 - x0) == pytest.approx(slope)
        assert dot == [(place, now.loss)]
        (step,) = lines(axes, ORANGE)
        assert step == [(place, now.loss), (pytest.approx(getattr(following, name)), now.loss)]
        butt = [line for line in axes.get_lines() if line.get_solid_capstyle() == "butt"]
        assert [to_hex(line.get_color()) for line in butt] == [ORANGE]  # ends where the step ends
        assert (axes.get_xlabel(), axes.get_ylabel()) == (name, "loss (°F²)")
        path, dots = lines(axes, "#000000")
        assert dots == [(getattr(state, name), state.loss) for state in states]
        assert path == dots[:11]  # 0, 1, ... 10: after them, iterations are left out


def test_titles_tell_the_slope_and_the_step_that_comes_next():
    assert titles(way(0)) == [
        "iteration 0: loss 1794.2, rate 0.001",
        "weight 0.8000: slope -1635.5, step +1.6355",
        "bias 0.5000: slope -62, step +0.0620",
    ]
    assert titles(way(1), None) == [  # without the step
        "iteration 1: loss 1344.9",
        "weight 2.4355: slope 1090.8",  # 0.8 + 1.6355
        "bias 0.5620: slope -63.512",  # 0.5 + 0.062
    ]
    ((start, end),) = lines(draw(way(1), None)[1], ORANGE)
    assert start == end  # so it is not seen
    end = [*way(0), State(10_000, 1.8, 32 + 1e-9, 4e-15)]
    assert titles(end)[0] == "iteration 10,000: loss 4e-15, rate 0.001"
    assert titles(end)[2] == "bias 32.0000: slope 2e-09, step -0.0000"
    assert titles(way(0, 10), 10)[1].endswith("slope -1635.5, step +16355")


def test_left_are_the_pairs_the_lines_before_and_now_and_every_tenth_error():
    left = draw(way(1), pairs=NOISY)[0]
    (pairs,) = lines(left, BLUE, "None")  # dots, with no line between them
    assert pairs == list(zip(*NOISY))
    (before,), (now,) = lines(left, RED, ":"), lines(left, GREEN, "--")
    weight, bias = way(1)[1][1:3]
    assert [y for _, y in before] == pytest.approx([c * 0.8 + 0.5 for c in range(-50, 50)])
    assert [y for _, y in now] == pytest.approx([c * weight + bias for c in range(-50, 50)])
    errors = [segment.tolist() for segment in left.collections[0].get_segments()]
    assert errors == [[list(now[i]), list(pairs[i])] for i in range(0, 100, 10)]
    legend = {text.get_text() for text in left.get_legend().get_texts()}
    now = f"iteration 1: F = {weight:.4f} C + {bias:.4f}"
    assert {"every tenth error", "true: the pairs", "before: F = 0.8000 C + 0.5000", now} == legend
    assert (left.get_xlabel(), left.get_ylabel()) == ("Celsius (°C)", "Fahrenheit (°F)")


def test_the_view_stands_still_where_it_learns_and_knows_nothing_of_what_lies_ahead():
    def view(states, rate=0.001):
        return [axes.axis() for axes in draw(states, rate, figure=figure)]

    figure, states, climb = Figure(figsize=(10, 6)), way(123), way(rate=0.0013)
    first = view(states[:1])
    assert first == view(states[:2]) == view(states) == view(climb[:1], 0.0013)
    assert view(climb) != first == view(states[:1])  # the same figure, and nothing is left in it
    assert len(figure.axes) == 3
    _, _, bottom, top = first[0]
    assert bottom < -58 - 60 and top > 120 + 60  # the legend has room
    assert draw(way(1, weight=1.8, bias=32))[2].axis()[3] > 100  # even there, a valley is one


def test_all_is_within_the_view_and_no_text_covers_another():
    for start in (10_000, 0.001), (100, 0.0013), (100, 0.001, 3, 60), (3, 1), (9, 0.001, 1.8, 32):
        states, figure = way(*start), Figure(figsize=(10, 5.6))
        for moment in 2, len(states):
            left, top, bottom = draw(states[:moment], start[1], figure=figure)
            now = states[moment - 1]
            ends = [(celsius, now.weight * celsius + now.bias) for celsius in (-50, 49)]
            (weight_step,), (bias_step,) = lines(top, ORANGE), lines(bottom, ORANGE)
            for axes, points in (left, ends), (top, weight_step), (bottom, bias_step):
                x0, x1, y0, y1 = axes.axis()
                assert all(x0 < x < x1 and y0 < y < y1 for x, y in points)
        figure.draw_without_rendering()
        assert not any(axes.yaxis.get_offset_text().get_text() for axes in figure.axes)
        boxes = [axes.get_tightbbox() for axes in (left, top, bottom)]
        assert not any(one.overlaps(two) for one, two in [boxes[:2], boxes[1:], boxes[::2]])
        for box in boxes:
            assert 0 <= box.x0 < box.x1 <= figure.bbox.width
            assert 0 <= box.y0 < box.y1 <= figure.bbox.height


def test_gif_moves_repeats_and_ends_as_the_still_picture(tmp_path):
    gif, png = tmp_path / "learning.GIF", tmp_path / ".PNG"  # a name that is only an ending, too
    for path in gif, png:
        picture.save(str(path), PAIRS, way(1), 0.001)
    with Image.open(png) as still, Image.open(gif) as moving:
        assert (still.size, moving.size) == ((1000, 560), (840, 470))
        frames = ImageSequence.all_frames(moving)
        assert [frame.info["duration"] for frame in frames] == [500, 500]
        assert moving.info["loop"] == 0  # for ever
        end, *frames = [image.convert("L").resize((40, 22)) for image in (still, *frames)]
    first, last = [ImageStat.Stat(ImageChops.difference(end, frame)).mean[0] for frame in frames]
    assert last < 2 < first
