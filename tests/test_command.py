"""python -m celsius_neuron, the way a person runs it. test_readme.py compares whole outputs."""

import signal
import subprocess
import sys

import pytest

from celsius_neuron import neuron, picture
from celsius_neuron.__main__ import main

COMMAND = [sys.executable, "-u", "-m", "celsius_neuron"]
GROWN = "celsius_neuron: the loss has grown tenfold: learning rate "


def run(tmp_path, *arguments):  # as a process, in an empty folder, without a screen
    return subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True)


def test_first_weight_and_bias_are_random_and_the_last_row_is_shown(capsys):
    starts = []
    for _ in range(2):
        main(["--no-plot", "--iterations", "20"])
        header, *rows = capsys.readouterr().out.split("\n\n")[0].splitlines()
        assert [row.split()[0] for row in rows] == ["0", "1", "10", "20"]
        assert {len(row) for row in rows} == {len(header)}
        starts.append([float(number) for number in rows[0].split()[1:3]])
    assert starts[0] != starts[1] and all(0 <= number < 1 for number in starts[0] + starts[1])


def test_the_picture_gets_the_moments_to_draw_and_the_last(monkeypatch):
    def history(*arguments):
        states = []
        monkeypatch.setattr(picture, "show", lambda *given: states.extend(given[3]))
        main(["--weight", "0.8", "--bias", "0.5", *arguments])
        return states

    iterations = [state.iteration for state in history("--iterations", "123")]
    assert iterations == [*range(10), *range(10, 100, 10), 100, 123]
    *_, before, last = climb = history("--learning-rate", "0.0013")
    assert before.loss <= 10 * climb[0].loss < last.loss  # there it is stopped


def test_without_a_screen_the_picture_is_saved_and_it_says_so(tmp_path):
    process = run(tmp_path, "--iterations", "5")
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.splitlines()[-2:] == [
        "No window: matplotlib found no screen, or no window toolkit.",
        "Saving 'celsius_neuron.png' ...",
    ]
    assert [file.name for file in tmp_path.iterdir()] == ["celsius_neuron.png"]
    assert (tmp_path / "celsius_neuron.png").read_bytes().startswith(b"\x89PNG")


OUT_OF_LIMITS = "--iterations=0 --learning-rate=0 --learning-rate=inf --weight=nan --bias=inf nan"
LIMITS = "--iterations and --learning-rate must be above 0, and every number finite"
REFUSED = dict.fromkeys(OUT_OF_LIMITS.split(), LIMITS) | {
    "--iterations=1.5": "argument --iterations: invalid int value: '1.5'",
    "--save=": "--save '' does not end in .gif, .png, .pdf or .svg",
    "--save=x.jpgg": "--save 'x.jpgg' does not end in .gif, .png, .pdf or .svg",
}


@pytest.mark.parametrize("argument, sentence", REFUSED.items())
def test_a_wrong_argument_is_refused_before_the_training(capsys, argument, sentence):
    with pytest.raises(SystemExit) as stop:
        main([argument])
    assert (stop.value.code, (printed := capsys.readouterr()).out) == (2, "")
    assert printed.err.endswith(f"\npython -m celsius_neuron: error: {sentence}\n")


def test_a_rate_too_large_is_told_and_ends_with_status_1(tmp_path, capsys):
    process = run(tmp_path, "--no-plot", "--learning-rate", "0.0013")
    assert process.stderr == f"{GROWN}0.0013 is too large; take one below 0.0011983\n"
    assert process.returncode == main(["--no-plot", "--learning-rate", "1e200"]) == 1  # soon nan
    assert "is too large" in capsys.readouterr().err


def test_a_wrong_gradient_is_not_blamed_on_the_rate(monkeypatch, capsys):
    right = neuron.backward
    monkeypatch.setattr(
        neuron, "backward", lambda celsius, true, output: right(output, true, output)
    )
    assert main(["--no-plot", "--weight", "0.8", "--bias", "0.5"]) == 1
    sentence = f"{GROWN}0.001 is small enough; a gradient may be wrong: run pytest\n"
    assert capsys.readouterr().err == sentence


@pytest.mark.parametrize("name", ["nö/such.gif", "nö/such.png"])
def test_a_picture_that_cannot_be_saved_is_named(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=f"^celsius_neuron: cannot save {name}: .*No such file"):
        main(["--iterations", "1", "--save", name])
    assert capsys.readouterr().out.isascii()


def test_without_matplotlib_it_trains_and_says_how_to_install_it(tmp_path):
    (tmp_path / "matplotlib.py").write_text("raise ImportError('broken')")
    process = run(tmp_path, "--iterations", "10")
    assert process.stdout.endswith("\ntrue:   F = 1.8000 C + 32.0000\n")
    advice = "celsius_neuron: no picture (broken); try: pip install --upgrade matplotlib\n"
    assert (process.stderr, process.returncode) == (advice, 1)


def test_a_mistake_in_the_source_is_not_hidden(monkeypatch):
    monkeypatch.setattr(picture, "draw", lambda *arguments: float("mistake"))
    with pytest.raises(ValueError, match="could not convert string to float: 'mistake'"):
        main(["--iterations", "1", "--save", "never.png"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_ends_it_at_once_without_a_word():
    command = [*COMMAND, "--iterations", "3000000"]  # a minute
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while process.stdout.readline().split()[:1] != [b"100"]:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (-signal.SIGINT, b"")
