"""The command; its options: python -m celsius_neuron --help"""

import argparse
import io
import os
import random
import sys
from collections.abc import Callable
from math import inf, isfinite
from textwrap import shorten
from typing import TYPE_CHECKING

from celsius_neuron.data import celsius_to_fahrenheit, generate_data
from celsius_neuron.neuron import get_predicted_fahrenheit_values
from celsius_neuron.train import ITERATIONS, LEARNING_RATE, equation, plot, train

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def main(argv: list[str] | None = None) -> int:
    """Run the command with these arguments, and return its exit status."""
    options = parse(argv)
    try:
        run(options)
    except KeyboardInterrupt:
        print("celsius_neuron: stopped", file=sys.stderr)
        return 130
    except (RuntimeError, ValueError) as error:
        print(f"celsius_neuron: {error}", file=sys.stderr)
        return 1
    return 0


def run(options: argparse.Namespace) -> None:
    """Train a random neuron on the 100 pairs, print how it learns, and draw the picture."""
    celsius_values, fahrenheit_values = generate_data()
    random.seed(options.seed)
    before = random.random(), random.random()  # weight and bias (article: lines 16-17)

    # Powers of ten: the weight is found in some ten iterations, the bias takes thousands.
    rows = {0, *(10**power for power in range(len(str(options.iterations)))), options.iterations}

    def report(iteration: int, weight: float, bias: float, loss: float) -> None:
        if iteration in rows:
            print(f"{iteration:10,} {weight:#10.6g} {bias:#10.6g} {loss:10.4g}", flush=True)

    print("iterations     weight       bias       loss")
    weight, bias, losses = train(
        celsius_values,
        fahrenheit_values,
        *before,
        iterations=options.iterations,
        learning_rate=options.learning_rate,
        report=report,
    )
    after = weight, bias

    print()
    print("before:", equation(*before))
    print("after: ", equation(*after))
    print("true:  ", equation(9 / 5, 32))
    answers = get_predicted_fahrenheit_values(options.celsius, *after)
    for celsius, answer in zip(options.celsius, answers):
        print(f"{celsius:g} C = {answer:.4f} F (true: {celsius_to_fahrenheit(celsius):.4f} F)")

    if options.plot:
        if options.save:
            os.environ["MPLBACKEND"] = "agg"  # draws without a screen
        try:
            figure = plot(celsius_values, fahrenheit_values, before, after, losses)
        except Exception as error:  # whatever a missing or broken matplotlib raises
            raise RuntimeError(
                f"no picture, because matplotlib does not work: {shorten(str(error), 200)}; "
                "install it with: python -m pip install --upgrade matplotlib"
            ) from error
        show(figure, options.save)


def show(figure: "Figure", path: str | None) -> None:
    """Save the picture, or show it in a window; without a screen, save it all the same."""
    if not path and figure.canvas.required_interactive_framework:
        import matplotlib.pyplot as plt

        plt.show()
        return

    path = path or "celsius_neuron.png"
    picture = io.BytesIO()  # drawn before the file is opened, so that none is left half-written
    try:
        figure.savefig(picture, format=os.path.splitext(path)[1][1:])
        with open(path, "wb") as file:
            file.write(picture.getvalue())
    except (OSError, RuntimeError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        raise ValueError(
            f"cannot save the picture as {path!a}: {cause}; name another file with --save"
        ) from error
    print(f"The picture is saved as {path!a}.")


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Return the options; of what is wrong with them, say so and exit with status 2."""
    parser = argparse.ArgumentParser(
        prog="python -m celsius_neuron",
        description="One neuron learns Fahrenheit from Celsius, out of 100 pairs.",
    )
    parser.add_argument(
        "celsius",
        metavar="CELSIUS",
        nargs="*",
        type=number(float, isfinite, "a temperature in degrees Celsius, such as 37"),
        help="temperatures to ask the trained neuron about",
    )
    parser.add_argument(
        "--iterations",
        metavar="N",
        type=number(int, lambda n: n > 0, "a whole number from 1, such as 10000"),
        default=ITERATIONS,
        help="how many times to correct weight and bias (default: %(default)s)",
    )
    parser.add_argument(
        "--learning-rate",
        metavar="RATE",
        type=number(float, lambda rate: 0 < rate < inf, "a number above 0, such as 0.001"),
        default=LEARNING_RATE,
        help="how far to go at each correction (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        type=number(int, lambda seed: True, "a whole number, such as 0"),
        help="a whole number; the same one gives the same first weight and bias (default: random)",
    )
    picture = parser.add_mutually_exclusive_group()
    picture.add_argument(
        "--save",
        metavar="PATH",
        type=file_path,
        help="write the picture to this file, such as picture.png or picture.pdf "
        "(default: show it in a window, or without a screen write celsius_neuron.png)",
    )
    picture.add_argument(
        "--no-plot",
        dest="plot",
        action="store_false",
        help="draw no picture (default: draw it)",
    )
    return parser.parse_intermixed_args(argv)


def number(
    kind: Callable[[str], float], is_right: Callable[[float], bool], description: str
) -> Callable[[str], float]:
    """Return a function that turns an argument into a number, or says what it should be."""

    def convert(text: str) -> float:
        try:
            value = kind(text)
            if is_right(value):
                return value
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(f"{text!a} is not {description}")

    return convert


def file_path(text: str) -> str:
    """Return the path of a file with a suffix, in a folder that exists."""
    folder = os.path.dirname(text)
    if not os.path.splitext(text)[1] or os.path.isdir(text):
        raise argparse.ArgumentTypeError(f"{text!a} names no picture file, such as picture.png")
    if folder and not os.path.isdir(folder):
        raise argparse.ArgumentTypeError(f"{text!a}: there is no folder {folder!a}; make it first")
    return text


if __name__ == "__main__":
    sys.exit(main())
