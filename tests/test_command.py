"""python -m celsius_neuron, the way a person runs it. test_readme.py compares whole outputs."""

import io
import os
import re
import signal
import subprocess
import sys
from unittest.mock import Mock

import pytest
from matplotlib import backend_bases, pyplot
from matplotlib.text import Text

from celsius_neuron import __main__, data, picture, rate, train

PAIRS, PNG = data.generate_data(), "celsius_neuron.png"


@pytest.fixture(autouse=True)
def main(tmp_path, monkeypatch):  # in an empty folder, with a quick sketch instead of the picture
    def sketch(figure, pairs, history, learning_rate, *_, **named):
        figure.text(0, 0, [pairs[1][:2], history[0][:3], history[-1].iteration, learning_rate])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(picture, "draw", sketch)
    yield lambda options: __main__.main(["--weight=0.8", "--bias=0.5", *options.split()])
    pyplot.close("all")


def run(options, python=("-m", "celsius_neuron"), typed="", **environment):  # as a process
    command, environment = [sys.executable, *python, *options.split()], os.environ | environment
    return subprocess.run(command, env=environment, input=typed, capture_output=True, text=True)


def rows(printed):
    header, *lines = printed.split("\n\n")[1].splitlines()
    assert {len(line) for line in lines} == {len(header)}, f"columns are not aligned:\n{printed}"
    return [line.split() for line in lines]


def test_initial_weight_and_bias_are_random_and_the_last_row_is_shown(capsys):
    starts = []
    for iterations, shown in ("123", ["0", "1", "10", "100", "123"]), ("10", ["0", "1", "10"]):
        assert __main__.main(["--no-plot", "--iterations", iterations]) is None
        table = rows(capsys.readouterr().out)
        assert [row[0] for row in table] == shown
        starts += map(float, table[0][1:3])
    assert len(set(starts)) == 4 and 0 <= min(starts) and max(starts) <= 1


def test_true_line_and_answers_follow_from_the_data(main, monkeypatch, capsys):
    for module in data, __main__:
        monkeypatch.setattr(module, "celsius_to_fahrenheit", lambda c: 2 * c - 30, raising=False)
    main("--no-plot --iterations=1 100")  # gradients: 1667 * -1.2 - 30.5 and 1.2 + 2 * 30.5
    after, true, answer = capsys.readouterr().out.splitlines()[-3:]
    assert after == "after:  Fahrenheit = 2.8309 * Celsius + 0.4378"
    assert true == "true:   Fahrenheit = 2.0000 * Celsius - 30.0000"
    assert answer == "100 C = 283.5278 F (true: 170.0000 F)"


def test_window_shows_the_result_after_everything_has_been_printed(main, monkeypatch):
    file, printed, timer = io.BytesIO(), [], type("GuiTimer", (backend_bases.TimerBase,), {})
    monkeypatch.setattr(backend_bases.FigureCanvasBase, "_timer_cls", timer)  # as with a screen
    monkeypatch.setattr(pyplot, "show", lambda **_: printed.append(file.getvalue()))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(file))
    main("--iterations=1234 --learning-rate=0.0002")
    texts = [text.get_text() for text in pyplot.gcf().findobj(Text)]
    assert "[[-58.0, -56.2], (0, 0.8, 0.5), 1234, 0.0002]" in texts
    assert (len(printed), os.listdir()) == (1, []), "not one window, or a picture was saved"
    assert b"\ntrue:   " in printed[0], "it is printed only after the window has been closed"


def test_without_a_window_the_picture_is_saved_and_only_then_announced(main, capsys):
    os.mkdir(PNG)  # a folder is in the way
    why = rf"^celsius_neuron: cannot save {PNG}: \[\w+ \d+\] .+"  # and Python's own reason
    pytest.raises(SystemExit, main, "--iterations=1").match(why)
    assert f"See {PNG}" not in capsys.readouterr().out
    os.rmdir(PNG)
    still = r": matplotlib draws only still pictures here\.\n\(.* no screen.*\.\)"
    for backend, reason in ("agg", still), ("module://not_installed", r" \(.*not_installed.*\)\."):
        process = run("--iterations=3", MPLBACKEND=backend)
        words = rf"[^$]*\ntrue: .*\nNo window opened{reason}\nSee {PNG}\.\n"
        assert re.fullmatch(words, process.stdout), backend
        assert (process.returncode, process.stderr, os.listdir()) == (0, "", [PNG])


def test_save_writes_only_that_file_even_if_training_diverges(main, tmp_path, capsys):
    history = list(rate.until_diverged(train.train(*PAIRS, 0.8, 0.5, learning_rate=0.0013)))
    assert main("--learning-rate=0.0013 --no-plot --save=a.PNG")
    assert "See" not in capsys.readouterr().out
    picture.save("same.png", PAIRS, history, 0.0013)
    assert (tmp_path / "a.PNG").read_bytes() == (tmp_path / "same.png").read_bytes()
    assert (sorted(os.listdir()), pyplot.get_fignums()) == (["a.PNG", "same.png"], [])


def test_wrong_arguments_are_rejected_before_training(main, capsys):
    above = "--iterations=0 --iterations=-5 --learning-rate=0 --learning-rate=-0.1"
    limits = "--iterations=1000001 nan 1e7 --learning-rate=inf --weight=nan --bias=1e308"
    expected = dict.fromkeys(above.split(), "--iterations and --learning-rate must be above 0")
    expected |= dict.fromkeys(limits.split(), "all numbers must be from -1000000 to 1000000")
    expected["--iterations=1.5"] = "argument --iterations: invalid int value: '1.5'"
    for name in "", "x.jpgg":
        expected[f"--save={name}"] = f"--save '{name}' does not end in .gif, .png, .pdf or .svg"
    for name in "no/x.pdf", "no/x.SVG":
        expected[f"--save={name}"] = f"--save '{name}': there is no folder 'no'"
    for option, sentence in expected.items():
        stop, printed = pytest.raises(SystemExit, main, option), capsys.readouterr()
        assert (stop.value.code, printed.out) == (2, ""), option
        assert printed.err.endswith(f"\npython -m celsius_neuron: error: {sentence}\n"), option


def test_what_goes_wrong_is_reported_on_stderr_with_status_1(tmp_path):
    advice = re.escape(rate.advice(PAIRS[0], 1e6))
    ended = {advice: run("--no-plot --weight=1e6 --bias=-1e6 --learning-rate=1e6")}
    assert rows(ended[advice].stdout)[0] == ["0", "1e+06", "-1e+06", "8.355e+14"]
    ended["cel.* no picture .*no_such.* MPLBACKEND.*"] = run("--iterations=3", MPLBACKEND="no_such")
    (tmp_path / "matplotlib.py").write_text("raise ImportError('broken')")
    large = run("--no-plot --learning-rate=0.0013 --weight=0.8 --bias=0.5")
    ended[re.escape(rate.advice(PAIRS[0], 0.0013))] = large
    losses = [float(row[3]) for row in rows(large.stdout)]
    assert losses[-1] > 10 * losses[0] > losses[-2]
    broken = "celsius_neuron: no picture (broken); try: pip install --upgrade matplotlib"
    ended[re.escape(broken)] = run("--iterations=3")
    for sentence, process in ended.items():
        assert re.fullmatch(f"{sentence}\n", process.stderr)
        assert process.returncode == 1 and "\ntrue: " in process.stdout


def test_mistakes_in_the_source_are_not_hidden(main, monkeypatch):
    for place, name, options in (pyplot, "figure", ""), (picture, "draw", "--save=never.png"):
        for fault in ValueError("mistake"), RecursionError("mistake"):
            monkeypatch.setattr(place, name, Mock(side_effect=fault))
            pytest.raises(type(fault), main, f"--iterations=1 {options}").match("mistake")
    monkeypatch.delattr("celsius_neuron.picture")
    monkeypatch.setitem(sys.modules, "celsius_neuron.picture", None)  # as if its imports failed
    pytest.raises(ImportError, main, "--iterations=1").match("picture")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_rows_reach_a_pipe_at_once_and_ctrl_c_ends_the_command_without_a_message():
    command = [sys.executable, "-m", "celsius_neuron", "--no-plot", "--iterations=1000000"]
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True) as process:
        assert any(line.split()[:1] == ["1,000"] for line in process.stdout)
        process.send_signal(signal.SIGINT)
        assert (process.wait(), process.stderr.read()) == (-signal.SIGINT, "")


def test_other_programs_keep_their_ctrl_c_and_no_plot_does_not_import_matplotlib_or_numpy():
    checks = "import signal as s, sys; assert s.getsignal(s.SIGINT) is s.default_int_handler\n"
    checks += "assert not {'matplotlib', 'numpy'} & set(sys.modules)\n"
    program = "; import runpy; runpy.run_module('celsius_neuron', run_name='__main__')\n" + checks
    pythons = [(["-i", "-m", "celsius_neuron"], checks)]
    for shell in "IPython", "idlelib", "thonny":
        pythons.append((["-c", f"import sys; sys.modules['{shell}'] = sys" + program], ""))
    for python, typed in pythons:
        process = run("--no-plot --iterations=1", python, typed)
        assert process.returncode == 0 and not process.stderr.strip("> \n"), process.stderr
