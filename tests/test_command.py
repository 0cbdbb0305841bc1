"""python -m celsius_neuron, the way a person runs it. test_readme.py compares whole outputs."""

import signal
import subprocess
import sys
from unittest.mock import Mock

import pytest
from matplotlib import pyplot

from celsius_neuron import data, picture, train, window
from celsius_neuron.__main__ import main

COMMAND = [sys.executable, "-u", "-m", "celsius_neuron"]


def run(tmp_path, *arguments):  # as a process, in an empty folder, without a screen
    return subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True)


def rows(printed):
    header, *lines = printed.split("\n\n")[0].splitlines()
    assert {len(line) for line in lines} == {len(header)}
    return [line.split() for line in lines]


def test_first_weight_and_bias_are_random_and_the_last_row_is_shown(capsys):
    starts = []
    for _ in range(2):
        main(["--no-plot", "--iterations", "23"])
        table = rows(capsys.readouterr().out)
        assert [row[0] for row in table] == ["0", "1", "10", "23"]
        starts.append([float(number) for number in table[0][1:3]])
    for first, second in zip(*starts):
        assert first != second and 0 <= first <= 1 and 0 <= second <= 1


def test_the_window_or_the_file_gets_the_pairs_the_moments_and_the_rate(monkeypatch):
    monkeypatch.setattr(window, "Window", opened := Mock())
    monkeypatch.setattr(picture, "save", saved := Mock())
    round_ones = [*range(10), *range(10, 100, 10), *range(100, 1000, 100), 1000]
    for file in [], ["--save", "a.PNG"], ["--save", "b.gif", "--no-plot"]:
        assert main(["--iterations", "1234", "--learning-rate", "0.0002", *file]) is None
        *path, pairs, states, rate = (saved if file else opened).call_args.args
        assert (path, pairs, rate) == (file[1:2], data.generate_data(), 0.0002)
        assert [state.iteration for state in states] == [*round_ones, 1234]
    main(["--iterations", "1", "--no-plot"])
    assert (opened.call_count, saved.call_count) == (1, 2)  # never both, and none the last time


def test_without_a_screen_the_picture_is_saved_and_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(picture, "draw", Mock())
    assert main(["--iterations", "5"]) is None
    pyplot.close("all")
    (file,) = tmp_path.iterdir()
    assert file.name == "celsius_neuron.png" and file.read_bytes().startswith(b"\x89PNG")
    sentence = f"No window: matplotlib finds no screen, or no window toolkit. See {file.name}."
    printed = capsys.readouterr()
    assert (printed.out.splitlines()[-1], printed.err) == (sentence, "")


def test_answers_are_those_of_the_neuron_and_the_true_line_is_that_of_the_data(monkeypatch, capsys):
    arguments = ["--no-plot", "--iterations", "1", "--weight", "0.8", "--bias", "0.5", "100"]
    main(arguments)
    assert "\n100 C = 244.1120 F (true: 212.0000 F)\n" in capsys.readouterr().out
    monkeypatch.setattr(data, "celsius_to_fahrenheit", lambda celsius: 2 * celsius - 30)
    main(arguments)
    assert "\ntrue:   F = 2.0000 C - 30.0000\n" in capsys.readouterr().out


def test_wrong_arguments_are_refused_before_the_training(capsys):
    limits = "--iterations and --learning-rate must be above 0, no number beyond 1000000"
    wrong = "--iterations=0 --iterations=-5 --iterations=1000001 --learning-rate=0 nan 1e7"
    wrong += " --learning-rate=-0.1 --learning-rate=inf --weight=nan --bias=1e308"
    refused = dict.fromkeys(wrong.split(), limits)
    refused["--iterations=1.5"] = "argument --iterations: invalid int value: '1.5'"
    for name in "", "x.jpgg":
        refused[f"--save={name}"] = f"--save '{name}' does not end in .gif, .png, .pdf or .svg"
    for argument, sentence in refused.items():
        with pytest.raises(SystemExit) as stop:
            main([argument])
        assert (stop.value.code, (printed := capsys.readouterr()).out) == (2, ""), argument
        assert printed.err.endswith(f"\npython -m celsius_neuron: error: {sentence}\n")


def test_a_rate_too_large_is_told_on_standard_error_with_status_1(tmp_path):
    process = run(tmp_path, "--no-plot", "--learning-rate=0.0013", "--weight=0.8", "--bias=0.5")
    assert process.stderr == f"{train.advice(data.generate_data()[0], 0.0013)}\n"
    assert process.returncode == 1
    losses = [float(row[3]) for row in rows(process.stdout)]
    assert losses[-1] > 10 * losses[0] > losses[-2]


def test_a_picture_that_cannot_be_saved_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(picture, "draw", Mock())
    for name in "nö/such.gif", "nö/such.png":
        sentence = f"^celsius_neuron: cannot save {name}: .*No such file"
        with pytest.raises(SystemExit, match=sentence):
            main(["--iterations", "1", "--save", name])
        assert capsys.readouterr().out.isascii()


def test_without_matplotlib_it_trains_and_says_how_to_install_it(tmp_path):
    (tmp_path / "matplotlib.py").write_text("raise ImportError('broken')")
    process = run(tmp_path, "--iterations", "10")
    assert process.stdout.endswith("\ntrue:   F = 1.8000 C + 32.0000\n")
    sentence = "celsius_neuron: no picture (broken); try: pip install --upgrade matplotlib\n"
    assert (process.stderr, process.returncode) == (sentence, 1)


def test_a_mistake_in_the_source_is_not_hidden(monkeypatch):
    monkeypatch.setattr(picture, "draw", lambda *arguments: float("mistake"))
    with pytest.raises(ValueError, match="could not convert string to float: 'mistake'"):
        main(["--iterations", "1", "--save", "never.png"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_ends_it_at_once_without_a_word():
    command = [*COMMAND, "--no-plot", "--iterations", "1000000"]  # half a minute
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline().startswith(b"iterations")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (-signal.SIGINT, b"")


def test_no_plot_imports_neither_matplotlib_nor_numpy_and_ctrl_c_is_as_before_after_it():
    program = """import runpy, signal, sys
before = signal.getsignal(signal.SIGINT)
sys.argv = ["celsius_neuron", "--no-plot", "--iterations", "1"]
try:
    runpy.run_module("celsius_neuron", run_name="__main__")
finally:
    assert signal.getsignal(signal.SIGINT) is before
    assert not {"matplotlib", "numpy"} & set(sys.modules)
"""
    process = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert (process.returncode, process.stderr) == (0, b"")
