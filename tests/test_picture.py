"""The picture shows what forward and backward compute, at every moment of the training."""

import random
from itertools import combinations

import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from PIL import Image

from celsius_neuron.data import generate_data
from celsius_neuron.neuron import backward, forward, get_predicted_fahrenheit_values
from celsius_neuron.train import Divergence, animate, draw, is_drawn, keep, plot, train

CELSIUS_VALUES, FAHRENHEIT_VALUES = PAIRS = generate_data()


def history_of(weight, bias, iterations, learning_rate=0.001):
    history = []
    try:
        train(*PAIRS, weight, bias, iterations, learning_rate, history.append)
    except Divergence:
        pass
    return history


@pytest.fixture(scope="module")
def history():
    """The states after 0, 1, 2, ... 1,234 iterations, from weight 0.8 and bias 0.5."""
    return history_of(0.8, 0.5, 1_234)


class Picture:
    """What is drawn, by name."""

    def __init__(self, history):
        self.figure = Figure()
        self.move, self.last = draw(self.figure, *PAIRS, history)
        self.left, self.top, self.bottom = self.figure.axes
        self.true, self.before, self.now, *self.earlier = self.left.get_lines()
        self.valleys = [axes.get_lines()[0] for axes in (self.top, self.bottom)]
        self.ways = [axes.get_lines()[1] for axes in (self.top, self.bottom)]
        self.tangents = [axes.get_lines()[2] for axes in (self.top, self.bottom)]

    def legend(self):
        return [text.get_text() for text in self.left.get_legend().get_texts()]

    def numbers(self, axes):
        return [text.get_text().strip() for text in axes.texts if text.get_visible()]


@pytest.fixture(scope="module")
def picture(history):
    return Picture(history)


def moments(history):
    return [state for state in history if is_drawn(state[0]) or state is history[-1]]


def points(line):
    return [(float(x), float(y)) for x, y in zip(line.get_xdata(), line.get_ydata())]


# The moments


def test_moments_are_0_to_10_then_tens_hundreds_thousands_and_the_last(history):
    iterations = [iteration for iteration, *_ in moments(history)]
    tens, hundreds = list(range(10, 100, 10)), list(range(100, 1_000, 100))
    assert iterations == [*range(10), *tens, *hundreds, 1_000, 1_234]


def test_all_states_or_only_those_that_are_drawn_make_the_same_picture(history, picture):
    kept = []
    for state in history:
        keep(kept, state)
    assert kept == moments(history)
    other = Picture(kept)
    assert other.last == picture.last == len(kept) - 1
    for axes, other_axes in zip(picture.figure.axes, other.figure.axes):
        assert axes.get_title() == other_axes.get_title()
        for line, other_line in zip(axes.get_lines(), other_axes.get_lines(), strict=True):
            assert points(line) == points(other_line)


# The lines


def test_true_line_and_line_before_training_stand_still(history, picture):
    before = get_predicted_fahrenheit_values(CELSIUS_VALUES, 0.8, 0.5)
    for moment in (0, 5, picture.last):
        picture.move(moment)
        assert points(picture.true) == list(zip(CELSIUS_VALUES, FAHRENHEIT_VALUES))
        assert points(picture.before) == list(zip(CELSIUS_VALUES, before))


def test_the_neurons_line_its_equation_and_the_title_are_those_of_the_moment(history, picture):
    for moment, (iteration, weight, bias, loss) in enumerate(moments(history)):
        picture.move(moment)
        output = get_predicted_fahrenheit_values(CELSIUS_VALUES, weight, bias)
        assert points(picture.now) == list(zip(CELSIUS_VALUES, output))
        name = "after" if iteration == 1_234 else "now"
        assert picture.legend() == [
            "true: F = 1.8000 C + 32.0000",
            "before: F = 0.8000 C + 0.5000",
            f"{name}: F = {weight:.4f} C + {bias:.4f}",
        ]
        assert picture.left.get_title() == f"iteration {iteration:,}: loss {loss:.4g}"


def test_lines_and_numbers_of_1_10_100_and_1000_iterations_appear_when_it_has_moved_on(
    history, picture
):
    for moment, (iteration, *_) in enumerate(moments(history)):
        picture.move(moment)
        passed = [number for number in (1, 10, 100, 1_000) if number < iteration]
        assert [points(line) for line in picture.earlier if line.get_visible()] == [
            list(
                zip(
                    CELSIUS_VALUES,
                    get_predicted_fahrenheit_values(CELSIUS_VALUES, *history[n][1:3]),
                )
            )
            for n in passed
        ]
        numbers = [f"{number:,}" for number in passed]
        assert picture.numbers(picture.left) == picture.numbers(picture.bottom) == numbers


def test_lines_are_told_apart_by_colour_by_style_and_where_they_coincide(picture):
    for line, color in (picture.true, "skyblue"), (picture.before, "r"), (picture.now, "g"):
        assert same_color(line.get_color(), color)
    lines = picture.true, picture.before, picture.now
    assert [line.get_linestyle() for line in lines] == ["-", ":", "--"]
    assert picture.true.get_linewidth() > 2 * picture.now.get_linewidth()  # seen on both sides


def test_axes_name_their_units(picture):
    labels = [(axes.get_xlabel(), axes.get_ylabel()) for axes in picture.figure.axes]
    assert labels == [
        ("Celsius (°C)", "Fahrenheit (°F)"),
        ("weight", "loss (°F²)"),
        ("bias", "loss (°F²)"),
    ]


# The valleys


def test_valleys_are_the_loss_at_the_first_bias_and_at_weight_9_fifths(picture):
    for weight, loss in points(picture.valleys[0]):
        assert loss == forward(*PAIRS, weight, 0.5)[1]
    for bias, loss in points(picture.valleys[1]):
        assert loss == forward(*PAIRS, 9 / 5, bias)[1]
    for valley, left, right in zip(picture.valleys, (0, -5), (3.6, 69)):
        xs = valley.get_xdata()
        assert (xs[0], xs[-1]) == (left, right)


def test_slope_of_the_green_line_is_the_gradient_and_its_middle_the_place(history, picture):
    for moment, (_, weight, bias, loss) in enumerate(moments(history)):
        picture.move(moment)
        gradients = backward(*PAIRS, forward(*PAIRS, weight, bias)[0])
        for line, gradient, place in zip(picture.tangents, gradients, (weight, bias)):
            (x0, y0), middle, (x1, y1) = points(line)
            assert middle == (place, loss)
            assert (y1 - y0) / (x1 - x0) == pytest.approx(gradient, rel=1e-9, abs=1e-9)
            assert (x0 + x1, y0 + y1) == pytest.approx((2 * place, 2 * loss))
            assert line.get_markevery() == [1]
            left, right = line.axes.get_xlim()
            assert 0 < x1 - x0 < (right - left) / 5


def test_titles_tell_parameter_and_slope(history, picture):
    for moment in (0, 1, picture.last):
        picture.move(moment)
        _, weight, bias, _ = moments(history)[moment]
        grad_weight, grad_bias = backward(*PAIRS, forward(*PAIRS, weight, bias)[0])
        assert picture.top.get_title() == f"weight {weight:.4g}: slope {grad_weight:.4g}"
        assert picture.bottom.get_title() == f"bias {bias:.4g}: slope {grad_bias:.4g}"


def test_way_goes_through_every_moment_so_far_with_dots_on_0_to_10_and_100_and_1000(
    history, picture
):
    drawn = moments(history)
    for moment in (0, 1, 10, 15, 20, picture.last):
        picture.move(moment)
        so_far = drawn[: moment + 1]
        for way, column in zip(picture.ways, (1, 2)):
            assert points(way) == [(state[column], state[3]) for state in so_far]
            dots = [so_far[index][0] for index in way.get_markevery()]
            assert dots == [n for n in (*range(11), 100, 1_000) if n <= so_far[-1][0]]


def test_numbers_in_the_lower_valley_stand_beside_their_dots(history, picture):
    for text in picture.bottom.texts:
        _, _, bias, loss = history[int(text.get_text().replace(",", ""))]
        x, y = text.get_position()
        assert x == bias
        assert abs(y - loss) <= 0.1 * history[0][3]


def test_both_valleys_have_the_same_loss_axis_and_all_frames_stand_still(history, picture):
    def limits():
        return [(axes.get_xlim(), axes.get_ylim()) for axes in picture.figure.axes]

    still = limits()
    assert picture.top.get_ylim() == picture.bottom.get_ylim()
    assert picture.top.get_ylim()[1] == 1.5 * history[0][3]
    assert -0.2 * history[0][3] < picture.top.get_ylim()[0] < 0  # so that a dot at 0 is seen
    for moment in range(picture.last + 1):
        picture.move(moment)
        assert limits() == still


# Other rates


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("rate", [0.0001, 0.001, 0.00119])
def test_numbers_do_not_overlap_and_are_inside_the_frame(seed, rate):
    numbers = random.Random(seed)
    picture = Picture(history_of(numbers.random(), numbers.random(), 1_001, rate))
    for axes in picture.left, picture.bottom:
        boxes = [text.get_window_extent().padded(-4, 0) for text in axes.texts]  # without spaces
        assert len(boxes) == 4
        for box, other in combinations(boxes, 2):
            assert not box.overlaps(other)
        for box in boxes:
            assert axes.bbox.x0 < box.x0 < box.x1 < axes.bbox.x1
            assert axes.bbox.y0 < box.y0 < box.y1 < axes.bbox.y1


def test_a_rate_that_is_too_small_slides_down_one_side_without_a_hop():
    picture = Picture(history_of(0.8, 0.5, 1_000, 0.0001))
    weights = picture.ways[0].get_xdata()
    assert list(weights) == sorted(weights)
    assert weights[-1] < 1.8
    assert picture.ways[1].get_xdata()[-1] < 10


def test_a_rate_that_is_too_large_climbs_out_of_the_valley_hopping_from_side_to_side():
    picture = Picture(history_of(0.8, 0.5, 10_000, 0.0013))
    errors, losses = [w - 1.8 for w in picture.ways[0].get_xdata()], picture.ways[0].get_ydata()
    assert all(later * earlier < 0 for earlier, later in zip(errors, errors[1:]))
    assert list(losses) == sorted(losses)
    assert losses[-1] > 10 * losses[0]


def test_numbers_beyond_all_measure_are_drawn_without_a_warning(tmp_path):
    history = history_of(0.8, 0.5, 10_000, 1e308)
    plot(*PAIRS, history).savefig(tmp_path / "picture.png")


# The still picture, and the one that moves


def drawn(figure):
    return [
        (axes.get_title(), [points(line) for line in axes.get_lines() if line.get_visible()])
        for axes in figure.axes
    ]


def test_plot_is_the_last_moment_and_leaves_no_figure_open(history, picture):
    import matplotlib.pyplot as plt

    picture.move(picture.last)
    assert drawn(plot(*PAIRS, history)) == drawn(picture.figure)
    assert plt.get_fignums() == []


def test_gif_repeats_holds_the_first_and_the_last_moment_and_ends_as_the_still_picture(tmp_path):
    path, history = tmp_path / "learning.gif", history_of(0.8, 0.5, 2)
    figure = Figure()
    animation = animate(figure, *PAIRS, history)
    for axes in figure.axes:
        axes.set_axis_off()  # ticks and labels take most of the time
    animation.save(path, writer="pillow", dpi=30)
    assert drawn(figure) == drawn(plot(*PAIRS, history))
    with Image.open(path) as gif:
        assert gif.info["loop"] == 0  # for ever
        durations = []
        for frame in range(gif.n_frames):
            gif.seek(frame)
            durations.append(gif.info["duration"])
    assert durations == [1000, 250, 2000]
