"""python -m celsius_neuron as a real process, the way a person runs it."""

import os
import signal
import subprocess
import sys

import pytest

from celsius_neuron.__main__ import main


def command(*arguments):
    return [sys.executable, "-W", "error", "-m", "celsius_neuron", *arguments]


@pytest.fixture
def run(tmp_path):
    """Run the command in an empty folder, without a screen."""

    def run(*arguments, **environment):
        return subprocess.run(
            command(*arguments),
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )

    return run


@pytest.fixture
def long_training(tmp_path):
    """The command as a process that is still at it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
    with subprocess.Popen(
        command("--iterations", "1000000000"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def assert_refused(process, status, *words):
    """The status, and a last line on standard error with these words, without a traceback."""
    assert process.returncode == status
    assert "Traceback" not in process.stderr
    sentence = process.stderr.splitlines()[-1]
    assert sentence.isascii()
    for word in words:
        assert word in sentence


# What a person gets; test_readme.py compares whole outputs


def test_options_and_temperatures_come_in_any_order(run):
    process = run("-40", "--iterations", "20", "37", "--no-plot")
    rows = [line.split()[0] for line in process.stdout.splitlines()[1:5]]
    assert rows == ["0", "1", "10", "20"]
    assert [line.split()[0] for line in process.stdout.splitlines()[-2:]] == ["-40", "37"]


def test_the_start_is_random_in_0_to_1_and_the_seed_repeats_it(run):
    def start(*arguments):
        row = run("--iterations", "1", "--no-plot", *arguments).stdout.splitlines()[1]
        return tuple(float(number) for number in row.split()[1:3])

    starts = {start(), start(), start("--seed", "1"), start("--seed", "1")}
    assert len(starts) == 3
    assert all(0 <= number < 1 for numbers in starts for number in numbers)


def test_rows_come_while_the_training_runs(long_training):
    rows = [long_training.stdout.readline().split()[0] for _ in range(5)]
    assert rows == ["iterations", "0", "1", "10", "100"]
    assert long_training.poll() is None


def test_without_a_screen_the_picture_is_saved_and_said_so_in_ascii(run, tmp_path):
    process = run("--iterations", "5", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.isascii()
    assert process.stdout.endswith("\nThe picture is saved as 'celsius_neuron.png'.\n")
    assert [file.name for file in tmp_path.iterdir()] == ["celsius_neuron.png"]
    assert (tmp_path / "celsius_neuron.png").read_bytes().startswith(b"\x89PNG")


def test_save_replaces_the_named_file_and_names_it_in_ascii(tmp_path, capsys):
    picture = tmp_path / "my pictüre 温度.pdf"
    picture.write_bytes(b"old")
    assert main(["--iterations", "5", "--save", str(picture)]) == 0
    output, errors = capsys.readouterr()
    assert (output.isascii(), errors) == (True, "")
    assert picture.read_bytes().startswith(b"%PDF")


def test_help_names_every_option_and_its_default_in_ascii(run):
    process = run("--help")
    assert process.returncode == 0
    assert process.stdout.isascii()
    for words in ("CELSIUS", "--iterations N", "10000", "--learning-rate RATE", "0.001"):
        assert words in process.stdout
    for words in ("--seed SEED", "--save PATH", "--no-plot"):
        assert words in process.stdout


# Bad input


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--iterations=-1"], "--iterations: '-1' is not a whole number from 1"),
        (["--iterations", "0"], "--iterations: '0' is not a whole number from 1"),
        (["--iterations", "1.5"], "--iterations: '1.5' is not a whole number from 1"),
        (["--iterations", "ten"], "--iterations: 'ten' is not a whole number from 1"),
        (["--learning-rate", "0"], "--learning-rate: '0' is not a number above 0"),
        (["--learning-rate", "-1"], "--learning-rate: '-1' is not a number above 0"),
        (["--learning-rate", "nan"], "--learning-rate: 'nan' is not a number above 0"),
        (["--learning-rate", "inf"], "--learning-rate: 'inf' is not a number above 0"),
        (["--learning-rate", "x"], "--learning-rate: 'x' is not a number above 0"),
        (["--seed", "x"], "--seed: 'x' is not a whole number"),
        (["warm"], "CELSIUS: 'warm' is not a temperature in degrees Celsius"),
        (["37", "nan"], "CELSIUS: 'nan' is not a temperature in degrees Celsius"),
        (["1e999"], "CELSIUS: '1e999' is not a temperature in degrees Celsius"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["--save", ""], "--save: '' names no picture file"),
        (["--save", "."], "--save: '.' names no picture file"),
        (["--save", "line"], "--save: 'line' names no picture file"),
        (["--save", "no/such.png"], "--save: 'no/such.png': there is no folder 'no'"),
        (["--save", "a.png", "--no-plot"], "not allowed with"),
    ],
)
def test_a_wrong_argument_is_named_and_put_right(capsys, arguments, words):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert words in errors.splitlines()[-1]


def test_a_wrong_argument_ends_the_process_with_status_2(run, tmp_path):
    assert_refused(run("--iterations", "ten"), 2, "'ten' is not a whole number from 1")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rate", ["0.0013", "1e308"])
def test_a_rate_that_diverges_is_told_which_one_converges_and_draws_nothing(run, tmp_path, rate):
    process = run("--seed", "0", "--learning-rate", rate)
    assert_refused(process, 1, "at iteration ", "too large", "below about 0.0011998")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "name, cause",
    [
        ("line.xyz", "Format 'xyz' is not supported (supported formats: "),
        ("line.pgf", "not found"),  # the program that it takes, LaTeX
    ],
)
def test_a_picture_that_cannot_be_drawn_leaves_the_older_file_as_it_was(
    tmp_path, capsys, monkeypatch, name, cause
):
    monkeypatch.setenv("PATH", "")
    picture = tmp_path / name
    picture.write_bytes(b"old")
    assert main(["--iterations", "5", "--save", str(picture)]) == 1
    sentence = capsys.readouterr().err
    assert f"cannot save the picture as {str(picture)!a}: " in sentence
    assert cause in sentence
    assert picture.read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be locked by its mode")
def test_a_place_without_write_permission_is_named(tmp_path, capsys):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.geteuid() == 0:
        folder = "/sys"  # root may write to a locked folder, but not here
    path = os.path.join(folder, "line.png")
    assert main(["--iterations", "5", "--save", path]) == 1
    assert f"cannot save the picture as {path!a}: Permission denied" in capsys.readouterr().err


@pytest.mark.parametrize("fault", ["raise ImportError('broken')", "1 / 0", "syntax error"])
def test_without_a_working_matplotlib_it_trains_and_says_how_to_install_it(run, tmp_path, fault):
    (tmp_path / "matplotlib.py").write_text(fault)
    process = run("--seed", "0", "--iterations", "10")
    assert process.stdout.endswith("\ntrue:   F = 1.8000 C + 32.0000\n")
    assert_refused(process, 1, "no picture", "python -m pip install --upgrade matplotlib")


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal that Windows does not have")
def test_ctrl_c_stops_at_once_with_status_130(long_training):
    while long_training.stdout.readline().split()[0] != "100":
        pass
    long_training.send_signal(signal.SIGINT)
    _, errors = long_training.communicate(timeout=10)
    assert (long_training.returncode, errors) == (130, "celsius_neuron: stopped\n")
