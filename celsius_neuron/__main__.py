"""Let one neuron learn Fahrenheit from Celsius, out of 100 pairs."""

import argparse
import os
import random
import re
import signal
import sys
import zlib
from contextlib import suppress
from functools import partial
from math import inf
from tempfile import TemporaryDirectory

from celsius_neuron import data, neuron, train

PICTURES = ".gif .png .pdf .svg .eps"


def main(argv: list[str] | None = None) -> int:
    """Train a neuron, print how it learns, show the picture; return 0, or 1 if the loss grew."""
    options = parse(argv)
    pairs = data.generate_data()
    random.seed(options.seed)
    before = random.random(), random.random()  # weight and bias (article: lines 16-17)
    history: train.History = []
    status = 0

    def report(state: train.State) -> None:
        train.keep(history, state)
        iteration, weight, bias, loss = state
        if iteration in (0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, options.iterations):
            say(f"{iteration:10,} {weight:#13.6g} {bias:#13.6g} {loss:11.4g}")  # "#" keeps zeros

    say("iterations        weight          bias        loss")
    try:
        after = train.train(*pairs, *before, options.iterations, options.learning_rate, report)
        say(f"\nbefore: {train.equation(*before)}")
        say(f"after:  {train.equation(*after)}")
        say(f"true:   {train.equation(9 / 5, 32)}")
        for celsius in options.celsius:
            (answer,) = neuron.get_predicted_fahrenheit_values([celsius], *after)
            line = f"{answer:.4f} F (true: {data.celsius_to_fahrenheit(celsius):.4f} F)"
            say(f"{celsius:g} C = {line}".replace(" -0.0000", " 0.0000"))  # no minus before 0
    except train.Divergence as error:
        print(f"celsius_neuron: {error}", file=sys.stderr)
        status = 1
    if options.plot:
        show(options.save, pairs, history)
    return status


def say(line: str) -> None:
    """Print a line at once; if that fails, end the program."""
    try:
        print(line, flush=True)
    except OSError as error:
        # Python prints what is left when it ends, and would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        closed = isinstance(error, BrokenPipeError)  # as by | head -1
        sys.exit(1 if closed else f"celsius_neuron: cannot print: {error.strerror}")


def show(path: str | None, pairs: tuple[list[float], list[float]], history: train.History) -> None:
    """Show the neuron learn in a window; with a path, or without a screen, save it as a file."""
    try:
        from matplotlib import figure, pyplot

        picture = figure.Figure() if path else pyplot.figure()
    except Exception as error:  # whatever a missing or broken matplotlib raises
        unset = "unset MPLBACKEND, or " if os.environ.get("MPLBACKEND") else ""
        advice = f"{unset}install it with: python -m pip install --upgrade matplotlib"
        sys.exit(f"celsius_neuron: no picture, matplotlib does not work: {error!a:.100}; {advice}")

    if not path:
        if picture.canvas.required_interactive_framework:
            _animation = train.animate(picture, *pairs, history)  # a name keeps it running
            return pyplot.show()
        say("No window: matplotlib found no screen, or no window toolkit.")
        path = "celsius_neuron.png"
    try:
        with TemporaryDirectory(dir=os.path.dirname(path) or ".") as folder:
            draft = os.path.join(folder, os.path.basename(path))
            if path.lower().endswith(".gif"):
                train.animate(picture, *pairs, history).save(draft, writer="pillow", dpi=80)
            else:
                train.draw(picture, *pairs, history)
                picture.savefig(draft)
            os.replace(draft, path)  # until now the old file is as it was
    except (OSError, zlib.error) as error:  # a .pdf on a full disk ends in the second
        reason = f"{getattr(error, 'strerror', None) or error}; name another file with --save"
        sys.exit(f"celsius_neuron: cannot save the picture as {path!a}: {reason}")
    say(f"The picture is saved as {path!a}.")


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Return the options; if one is wrong, say what it should be, and exit with status 2."""
    temperature = partial(number, float, -inf, "a temperature in degrees Celsius, such as 37")
    count = partial(number, int, 0, "a whole number from 1, such as 10000")
    rate = partial(number, float, 0, "a number above 0, such as 0.001")

    parser = argparse.ArgumentParser("python -m celsius_neuron", description=__doc__)
    parser._negative_number_matcher = re.compile(r"-\.?\d")  # -1e2 is a number, not an option
    add = parser.add_argument
    add("celsius", metavar="CELSIUS", nargs="*", type=temperature, help="ask the trained neuron")
    add("--iterations", metavar="N", type=count, help="number of steps (default: %(default)s)")
    add("--learning-rate", metavar="RATE", type=rate, help="size of a step (default: %(default)s)")
    add("--seed", type=int, help="the same number gives the same first weight and bias")
    add = parser.add_mutually_exclusive_group().add_argument
    add("--save", metavar="PATH", type=picture_file, help="a moving .gif, or its end as .png, .pdf")
    add("--no-plot", dest="plot", action="store_false", help="draw no picture")
    parser.set_defaults(iterations=train.ITERATIONS, learning_rate=train.LEARNING_RATE)
    return parser.parse_intermixed_args(argv)


def number(kind: type[float], above: float, description: str, text: str) -> float:
    """Return the text as a number of this kind, above a limit and finite."""
    with suppress(ValueError):
        if above < kind(text) < inf:
            return kind(text)
    raise argparse.ArgumentTypeError(f"{text!a} is not {description}")


def picture_file(text: str) -> str:
    """Return the path of a picture that can be written."""
    folder = os.path.dirname(text)
    if os.path.splitext(text)[1].lower() not in PICTURES.split() or os.path.isdir(text):
        raise argparse.ArgumentTypeError(f"{text!a} names no picture file; it ends in {PICTURES}")
    if folder and not os.path.isdir(folder):
        raise argparse.ArgumentTypeError(f"{text!a}: there is no folder {folder!a}; make it first")
    return text


def stop(*_: object) -> None:
    """End the program at Ctrl-C, which a window that is drawing would otherwise swallow."""
    print("celsius_neuron: stopped", file=sys.stderr)
    sys.exit(130)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, stop)
    sys.exit(main())
