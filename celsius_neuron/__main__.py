"""Chapter 7, the command: the article's program, with options."""

import argparse
import random
import signal
import sys
from os.path import dirname, isdir

from celsius_neuron import data, neuron, rate, train

ROWS = {0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000}  # the iterations in the table


def main(argv: list[str] | None = None) -> str | None:
    """Like the article's script, train, and show the lines before and after and the true one.

    Return advice if training has diverged, and None if not.
    """
    args = parse(argv)
    pairs = data.generate_data()  # article: lines 9-14
    weight = random.random() if args.weight is None else args.weight  # line 16
    bias = random.random() if args.bias is None else args.bias  # line 17

    print(f"before: {train.equation(weight, bias)}\n")  # line 65
    print("iteration      weight        bias       loss")
    history = []
    states = train.train(*pairs, weight, bias, args.iterations, args.learning_rate)  # line 66
    for state in rate.until_diverged(states):
        history.append(state)
        if state.iteration in ROWS:
            print_row(state)
    before, after = history[0], history[-1]
    if after.iteration not in ROWS:
        print_row(after)
    print(f"\nafter:  {train.equation(after.weight, after.bias)}")  # line 67
    true_bias = data.celsius_to_fahrenheit(0)
    true_weight = data.celsius_to_fahrenheit(1) - true_bias
    print(f"true:   {train.equation(true_weight, true_bias)}")

    print_answers(args.celsius, after)
    sys.stdout.flush()  # before a window opens
    if args.plot or args.save:
        show(args, pairs, history)
    if rate.has_diverged(before, after):
        return rate.advice(pairs[0], args.learning_rate)
    return None


def print_row(state: train.State) -> None:
    """Print a row of the table right away, even if the output goes to a file."""
    weight, bias = train.format_number(state.weight), train.format_number(state.bias)
    print(f"{state.iteration:9,} {weight:>11} {bias:>11} {state.loss:10.5g}", flush=True)


def print_answers(celsius_values: list[float], after: train.State) -> None:
    """Print the neuron's answer for each Celsius value that was typed, and the true one."""
    answers = neuron.get_predicted_fahrenheit_values(celsius_values, after.weight, after.bias)
    for celsius, answer in zip(celsius_values, answers):
        true_answer = data.celsius_to_fahrenheit(celsius)
        print(f"{celsius:.12g} C = {answer:.4f} F (true: {true_answer:.4f} F)")


def show(args: argparse.Namespace, pairs: train.Pairs, history: list[train.State]) -> None:
    """Open the window. With --save, or if no window can open, save a picture instead."""
    try:
        import matplotlib.pyplot  # noqa: F401  (only to find out whether it works)
    except ImportError as error:
        sys.exit(f"celsius_neuron: no picture ({error}); try: pip install --upgrade matplotlib")
    except ValueError as error:  # Jupyter sets MPLBACKEND even for a Python that lacks this backend
        reason = str(error).partition(";")[0]
        sys.exit(f"celsius_neuron: no picture ({reason}); try setting MPLBACKEND to agg")
    from celsius_neuron import picture

    if not args.save and open_window(pairs, history, args.learning_rate):
        return
    path = args.save or "celsius_neuron.png"
    try:
        picture.save(path, pairs, history, args.learning_rate)
    except OSError as error:
        sys.exit(f"celsius_neuron: cannot save {path}: {error}")
    if not args.save:
        print(f"See {path}.")


def open_window(pairs: train.Pairs, history: list[train.State], learning_rate: float) -> bool:
    """Show the window until it is closed; return False if no window can open."""
    from celsius_neuron.window import Window

    try:
        window = Window(pairs, history, learning_rate)
    except ImportError as error:  # matplotlib's backend (MPLBACKEND) cannot be used here
        print(f"No window opened ({error}).")
        return False
    window.open()
    return window.is_interactive


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Return the options."""
    description = "Train one neuron to convert Celsius to Fahrenheit from 100 examples."
    parser = argparse.ArgumentParser("python -m celsius_neuron", description=description)
    add = parser.add_argument
    add("celsius", metavar="CELSIUS", nargs="*", type=float, help="temperatures to convert")
    add("--weight", type=float, help="initial weight (default: random)")
    add("--bias", type=float, help="initial bias (default: random)")
    add("--iterations", type=int, default=train.ITERATIONS, help="default: %(default)s")
    add("--learning-rate", type=float, default=train.LEARNING_RATE, help="default: %(default)s")
    add("--save", metavar="PATH", help="save a .gif, .png, .pdf or .svg without opening a window")
    add("--no-plot", dest="plot", action="store_false", help="do not open a window")
    args = parser.parse_args(argv)
    check(parser, args)
    return args


def check(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """If an option is wrong, say what it should be, and exit with status 2."""
    if args.iterations <= 0 or args.learning_rate <= 0:
        parser.error("--iterations and --learning-rate must be above 0")
    numbers = [args.iterations, args.learning_rate, args.weight or 0, args.bias or 0, *args.celsius]
    if not all(abs(number) <= 1e6 for number in numbers):  # nan is rejected, too
        parser.error("all numbers must be from -1000000 to 1000000")
    if args.save is not None:
        if not args.save.lower().endswith((".gif", ".png", ".pdf", ".svg")):
            parser.error(f"--save {args.save!r} does not end in .gif, .png, .pdf or .svg")
        if not isdir(dirname(args.save) or "."):
            parser.error(f"--save {args.save!r}: there is no folder {dirname(args.save)!r}")


def let_ctrl_c_end_the_program() -> None:
    """Let Ctrl-C end the program at once, even while a window is drawing.

    But do not let it end an interactive session (python -i, IPython, Jupyter, IDLE or Thonny) in
    which the program runs.
    """
    shells = {"IPython", "idlelib", "thonny"}  # Jupyter is based on IPython
    if not sys.flags.inspect and shells.isdisjoint(sys.modules):
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    let_ctrl_c_end_the_program()
    if message := main():  # without one, do not exit: an interactive session may go on
        sys.exit(message)
