"""Let one neuron learn Fahrenheit from Celsius, out of 100 pairs."""

import argparse
import random
import signal
import sys

from celsius_neuron import data, neuron, train


def main(argv: list[str] | None = None) -> str | None:
    """Train a neuron, print how it learns, show it; return the advice if the loss climbed."""
    given = parse(argv)
    pairs, rate = data.generate_data(), given.learning_rate
    print("iterations        weight          bias        loss")
    states = train.train(*pairs, given.weight, given.bias, given.iterations, rate)
    way = list(train.moments(states))
    before, after = way[0], way[-1]
    for state in way:
        if str(state.iteration).strip("0") in ("", "1") or state is after:  # 0, 1, 10, 100, ...
            print("{:10,} {:13.4f} {:13.4f} {:11.5g}".format(*state))

    at_0, at_1 = data.celsius_to_fahrenheit(0), data.celsius_to_fahrenheit(1)
    print(f"\nbefore: {train.equation(before.weight, before.bias)}")
    print(f"after:  {train.equation(after.weight, after.bias)}")
    print(f"true:   {train.equation(at_1 - at_0, at_0)}")
    answers = neuron.get_predicted_fahrenheit_values(given.celsius, after.weight, after.bias)
    for celsius, answer in zip(given.celsius, answers):
        print(f"{celsius:g} C = {answer:.4f} F (true: {data.celsius_to_fahrenheit(celsius):.4f} F)")
    if given.plot or given.save:
        show(given.save, pairs, way, rate)
    return train.advice(pairs[0], rate) if train.climbs(before, after) else None


def show(path: str | None, pairs: train.Pairs, way: list[train.State], rate: float) -> None:
    """Open the window; with a path, or without a screen, save the picture instead."""
    try:
        from celsius_neuron import picture, window  # here: only drawing needs matplotlib

        if not path and not window.Window(pairs, way, rate).open():
            path = "celsius_neuron.png"
            print(f"No window: matplotlib finds no screen, or no window toolkit. See {path}.")
        if path:
            picture.save(path, pairs, way, rate)
    except ImportError as error:
        sys.exit(f"celsius_neuron: no picture ({error}); try: pip install --upgrade matplotlib")
    except OSError as error:
        sys.exit(f"celsius_neuron: cannot save {path}: {error}")


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Return the options; if one is wrong, say what it should be, and exit with status 2."""
    parser = argparse.ArgumentParser("python -m celsius_neuron", description=__doc__)
    add = parser.add_argument
    add("celsius", metavar="CELSIUS", nargs="*", type=float, help="ask the trained neuron about it")
    # At first, weight and bias are random (article: lines 16-17).
    add("--weight", type=float, default=random.random(), help="first weight (default: random)")
    add("--bias", type=float, default=random.random(), help="first bias (default: random)")
    add("--iterations", type=int, default=train.ITERATIONS, help="default: %(default)s")
    add("--learning-rate", type=float, default=train.LEARNING_RATE, help="default: %(default)s")
    add("--save", metavar="PATH", help="a moving .gif, or its end as .png, .pdf or .svg")
    add("--no-plot", dest="plot", action="store_false", help="open no window")
    given = parser.parse_args(argv)

    numbers = given.weight, given.bias, given.iterations, given.learning_rate, *given.celsius
    # "not ... <=" is true of nan, too.
    if min(given.iterations, given.learning_rate) <= 0 or not all(abs(n) <= 1e6 for n in numbers):
        parser.error("--iterations and --learning-rate must be above 0, no number beyond 1000000")
    if given.save is not None and not given.save.lower().endswith((".gif", ".png", ".pdf", ".svg")):
        parser.error(f"--save {given.save!a} does not end in .gif, .png, .pdf or .svg")
    return given


if __name__ == "__main__":
    # Ctrl-C ends it at once. Otherwise a window that is drawing would ignore it.
    handler = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        sys.exit(main())
    finally:
        signal.signal(signal.SIGINT, handler)  # an editor's Python may go on
