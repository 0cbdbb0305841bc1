"""Let one neuron learn Fahrenheit from Celsius, out of 100 pairs."""

import argparse
import random
import signal
import sys
from math import isfinite

from celsius_neuron import data, neuron, picture, train


def main(argv: list[str] | None = None) -> int:
    """Train a neuron, print how it learns, show the picture; return 0, or 1 if the loss grew."""
    options = parse(argv)
    pairs, rate, history = data.generate_data(), options.learning_rate, []

    print("iterations        weight          bias        loss")
    for state in train.train(*pairs, options.weight, options.bias, options.iterations, rate):
        iteration, weight, bias, loss = state
        if history and not picture.is_drawn(history[-1].iteration):
            history.pop()  # not drawn, so not kept
        history.append(state)
        grown = not loss <= 10 * history[0].loss  # "not <=" is true of nan, too
        if grown or iteration in (0, 1, 10, 100, 1_000, 10_000, 100_000, options.iterations):
            print(f"{iteration:10,} {weight:#13.6g} {bias:#13.6g} {loss:11.4g}")  # "#" keeps zeros
        if grown:
            break  # the neuron climbs, and would only go on climbing

    if grown:
        safe = train.safe_learning_rate(pairs[0])
        reason = f"learning rate {rate} is too large; take one below {safe:.5g}"
        if rate < safe:
            reason = f"learning rate {rate} is small enough; a gradient may be wrong: run pytest"
        print(f"celsius_neuron: the loss has grown tenfold: {reason}", file=sys.stderr)
    print(f"\nbefore: {train.equation(options.weight, options.bias)}")
    print(f"after:  {train.equation(weight, bias)}")
    print(f"true:   {train.equation(9 / 5, 32)}")
    for celsius in options.celsius:
        (answer,) = neuron.get_predicted_fahrenheit_values([celsius], weight, bias)
        print(f"{celsius:g} C = {answer:.4f} F (true: {data.celsius_to_fahrenheit(celsius):.4f} F)")

    if options.plot or options.save:
        try:
            picture.show(options.save, *pairs, history, rate)
        except ImportError as error:
            sys.exit(f"celsius_neuron: no picture ({error}); try: pip install --upgrade matplotlib")
        except OSError as error:
            sys.exit(f"celsius_neuron: cannot save {options.save or picture.FILE}: {error}")
    return int(grown)


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
    options = parser.parse_args(argv)

    numbers = options.weight, options.bias, options.learning_rate, *options.celsius
    if options.iterations < 1 or options.learning_rate <= 0 or not all(map(isfinite, numbers)):
        parser.error("--iterations and --learning-rate must be above 0, and every number finite")
    if options.save is not None and options.save[-4:].lower() not in ".gif .png .pdf .svg".split():
        parser.error(f"--save {options.save!a} does not end in .gif, .png, .pdf or .svg")
    return options


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # else a window that is drawing swallows Ctrl-C
    sys.exit(main())
