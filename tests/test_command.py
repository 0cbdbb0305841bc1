"""python -m celsius_neuron as a real process, the way a person runs it."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import celsius_neuron
from celsius_neuron.__main__ import main

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such thing")


def command(*arguments):
    return [sys.executable, "-W", "error", "-m", "celsius_neuron", *arguments]


@pytest.fixture
def run(tmp_path):
    """Run the command in an empty folder, without a screen."""

    def run(*arguments, before=(), **environment):
        return subprocess.run(
            [*before, *command(*arguments)],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )

    return run


@pytest.fixture
def start(tmp_path):
    """Start the command as a process that is still at it, for 20 seconds at the most."""
    processes = []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it

    def start(*arguments):
        environment = {name: os.environ[name] for name in os.environ if name != "PYTHONUNBUFFERED"}
        process = subprocess.Popen(
            command(*arguments),
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        watch = threading.Timer(20, process.kill)
        watch.start()
        processes.append((process, watch))
        return process

    yield start
    signal.signal(signal.SIGINT, before)
    for process, watch in processes:
        watch.cancel()
        process.kill()
        process.communicate()


def assert_refused(process, status, *words):
    """The status, and a last line on standard error with these words, without a traceback."""
    assert process.returncode == status
    assert "Traceback" not in process.stderr
    sentence = process.stderr.splitlines()[-1]
    assert sentence.isascii()
    for word in words:
        assert word in sentence


def printed(capsys, *arguments):
    """What the command prints without a picture."""
    main(["--no-plot", *arguments])
    return capsys.readouterr().out


# What a person gets; test_readme.py compares whole outputs


def test_options_and_temperatures_come_in_any_order(capsys):
    lines = printed(capsys, "-40", "--iterations", "20", "37").splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["0", "1", "10", "20"]
    assert [line.split()[0] for line in lines[-2:]] == ["-40", "37"]


@pytest.mark.parametrize("before", [[], ["--"]])
def test_temperatures_are_understood_however_they_are_written(capsys, before):
    lines = printed(
        capsys, "--iterations", "1", *before, "-1e2", "-5.", "-.5e1", "1e2"
    ).splitlines()
    assert [line.split()[0] for line in lines[-4:]] == ["-100", "-5", "-5", "100"]


def test_a_temperature_just_below_0_fahrenheit_is_no_minus_0(capsys):
    lines = printed(capsys, "--seed", "0", "-17.77777777777778").splitlines()
    assert lines[-1] == "-17.7778 C = 0.0000 F (true: 0.0000 F)"


def test_the_start_is_random_in_0_to_1_and_the_seed_repeats_it(capsys):
    def start(*arguments):
        row = printed(capsys, "--iterations", "1", *arguments).splitlines()[1]
        return tuple(float(number) for number in row.split()[1:3])

    starts = {start(), start(), start("--seed", "1"), start("--seed", "1")}
    assert len(starts) == 3
    assert all(0 <= number < 1 for numbers in starts for number in numbers)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--seed", "309", "--iterations", "10"],  # starts at 0.000425936
        ["--seed", "0", "--learning-rate", "1e100"],
        ["--seed", "0", "--learning-rate", "1e308"],
    ],
)
def test_every_row_is_aligned_also_when_it_diverges(capsys, arguments):
    header, *rows = printed(capsys, *arguments).split("\n\n")[0].splitlines()
    for row in rows:
        assert len(row) == len(header)
        assert row[10] == row[24] == row[38] == " "
        assert len(row.split()) == 4


def test_rows_come_while_the_training_runs(start):
    process = start("--iterations", "1000000000")
    rows = [process.stdout.readline().split()[:1] for _ in range(5)]
    assert rows == [["iterations"], ["0"], ["1"], ["10"], ["100"]]
    assert process.poll() is None


def test_without_a_screen_the_picture_is_saved_and_said_so_in_ascii(run, tmp_path):
    process = run("--iterations", "5", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.isascii()
    assert process.stdout.splitlines()[-2:] == [
        "No window: matplotlib found no screen, or no window toolkit.",
        "The picture is saved as 'celsius_neuron.png'.",
    ]
    assert [file.name for file in tmp_path.iterdir()] == ["celsius_neuron.png"]
    assert (tmp_path / "celsius_neuron.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "name, beginning",
    [
        ("my pictüre 温度.pdf", b"%PDF"),
        ("picture.eps", b"%!PS"),
        ("picture.SVG", b"<?xml"),
    ],
)
def test_save_replaces_the_named_file_and_names_it_in_ascii(
    tmp_path, capsys, caplog, name, beginning
):
    picture = tmp_path / name
    picture.write_bytes(b"old")
    assert main(["--iterations", "1", "--save", str(picture)]) == 0
    output, errors = capsys.readouterr()
    assert (output.isascii(), errors, caplog.text) == (True, "", "")
    assert picture.read_bytes().startswith(beginning)
    assert list(tmp_path.iterdir()) == [picture]


def test_main_leaves_nothing_behind_in_a_notebook(tmp_path, monkeypatch):
    import matplotlib.pyplot as plt

    monkeypatch.delenv("MPLBACKEND")
    before = dict(os.environ)
    main(["--iterations", "1", "--save", str(tmp_path / "picture.png")])
    assert dict(os.environ) == before
    assert plt.get_fignums() == []


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
        (["--learning-rate", "-1e-3"], "--learning-rate: '-1e-3' is not a number above 0"),
        (["--learning-rate", "nan"], "--learning-rate: 'nan' is not a number above 0"),
        (["--learning-rate", "inf"], "--learning-rate: 'inf' is not a number above 0"),
        (["--learning-rate", "x"], "--learning-rate: 'x' is not a number above 0"),
        (["--seed", "x"], "--seed: invalid int value: 'x'"),
        (["warm"], "CELSIUS: 'warm' is not a temperature in degrees Celsius"),
        (["37", "nan"], "CELSIUS: 'nan' is not a temperature in degrees Celsius"),
        (["1e999"], "CELSIUS: '1e999' is not a temperature in degrees Celsius"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["--save", ""], "--save: '' names no picture file; it ends in .gif .png "),
        (["--save", "."], "--save: '.' names no picture file"),
        (["--save", "line"], "--save: 'line' names no picture file"),
        (["--save", "x.jpgg"], "--save: 'x.jpgg' names no picture file"),
        (["--save", "no/such.png"], "--save: 'no/such.png': there is no folder 'no'"),
        (["--save", "a.png", "--no-plot"], "not allowed with"),
    ],
)
def test_a_wrong_argument_is_named_and_put_right_before_the_training(capsys, arguments, words):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert words in errors.splitlines()[-1]


def test_a_wrong_argument_ends_the_process_with_status_2(run, tmp_path):
    assert_refused(run("--iterations", "ten"), 2, "'ten' is not a whole number from 1")
    assert not list(tmp_path.iterdir())


def test_a_rate_that_is_too_large_is_told_and_drawn_all_the_same(tmp_path, capsys):
    path = tmp_path / "picture.png"
    assert main(["--seed", "0", "--learning-rate", "0.0013", "--save", str(path), "37"]) == 1
    output, errors = capsys.readouterr()
    assert errors.startswith(
        "celsius_neuron: at iteration 11 the loss is 2.283e+04, up from 1707: "
    )
    assert errors.endswith("learning rate 0.0013 is too large; take one below 0.0011983\n")
    *rows, saved = output.splitlines()[1:]
    losses = [float(row.split()[-1]) for row in rows]
    assert len(losses) == 3 and losses == sorted(losses)
    assert saved == f"The picture is saved as {str(path)!a}."
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_rate_that_is_too_large_ends_the_process_with_status_1(run):
    assert_refused(run("--learning-rate", "1", "--no-plot"), 1, "too large; take one below 0.00119")


# Faults


@posix
def test_a_reader_that_closes_the_pipe_early_ends_it_in_silence(start):
    process = start("--no-plot")
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has such a device")
def test_standard_output_on_a_full_disk_is_told_in_one_sentence(run):
    process = run("--no-plot", before=["sh", "-c", 'exec "$@" > /dev/full', "sh"])
    assert process.stderr == "celsius_neuron: cannot print: No space left on device\n"
    assert process.returncode == 1


@posix
def test_a_disk_that_fills_is_told_in_one_sentence_also_by_a_pdf(run, tmp_path):
    (tmp_path / "old.pdf").write_bytes(b"old")
    no_large_file = ["sh", "-c", 'ulimit -f 4; exec "$@"', "sh"]
    process = run("--iterations", "1", "--save", "old.pdf", before=no_large_file)
    assert (process.returncode, "Traceback" in process.stderr) == (1, False)
    assert "\ncelsius_neuron: cannot save the picture as 'old.pdf': " in "\n" + process.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["old.pdf"]
    assert (tmp_path / "old.pdf").read_bytes() == b"old"


@posix
@pytest.mark.parametrize("name", ["old.gif", "old.png"])
def test_a_disk_that_fills_leaves_any_old_picture_as_it_was_and_nothing_else(tmp_path, name):
    import resource

    path = tmp_path / name
    path.write_bytes(b"old")
    _, hard = before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    try:
        with pytest.raises(SystemExit, match="cannot save the picture as .*: File too large; name"):
            main(["--iterations", "1", "--save", str(path)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"old"


@posix
def test_a_place_without_write_permission_is_named(tmp_path, capsys):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.geteuid() == 0:
        folder = "/sys"  # root may write to a locked folder, but not here
    path = os.path.join(folder, "line.png")
    with pytest.raises(SystemExit, match=f"cannot save the picture as {path!a}: "):
        main(["--iterations", "1", "--save", path])


@pytest.mark.parametrize("fault", ["raise ImportError('broken')", "1 / 0", "syntax error"])
def test_without_a_working_matplotlib_it_trains_and_says_how_to_install_it(run, tmp_path, fault):
    (tmp_path / "matplotlib.py").write_text(fault)
    process = run("--seed", "0", "--iterations", "10", MPLBACKEND="")
    assert process.stdout.endswith("\ntrue:   F = 1.8000 C + 32.0000\n")
    assert_refused(process, 1, "no picture", "; install it with: python -m pip install --upgrade")


@pytest.mark.parametrize("backend", ["unknown", "module://not_installed"])
def test_an_mplbackend_that_cannot_be_used_is_named(run, tmp_path, backend):
    process = run("--iterations", "1", MPLBACKEND=backend)
    assert_refused(process, 1, "no picture", "; unset MPLBACKEND, or ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "file, line, mistyped, error",
    [
        ("train.py", "left.set_title(", "lef.set_title(", "NameError"),
        ("neuron.py", "loss = sum(", 'float("x"); loss = sum(', "ValueError"),
    ],
)
def test_a_mistake_in_the_source_shows_its_line(run, tmp_path, file, line, mistyped, error):
    copy = tmp_path / "celsius_neuron"
    shutil.copytree(Path(celsius_neuron.__file__).parent, copy)
    source = (copy / file).read_text(encoding="utf-8")
    assert source.count(line) == 1
    (copy / file).write_text(source.replace(line, mistyped), encoding="utf-8")
    process = run("--iterations", "1", "--save", "picture.png")
    number = source[: source.index(line)].count("\n") + 1
    assert f'{file}", line {number}, in ' in process.stderr
    assert process.stderr.splitlines()[-1].startswith(error)
    assert not (tmp_path / "picture.png").exists()


@posix
def test_ctrl_c_stops_at_once_with_status_130(start):
    process = start("--iterations", "1000000000")
    while process.stdout.readline().split()[:1] != ["100"]:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (130, "celsius_neuron: stopped\n")


@posix
def test_ctrl_c_while_the_gif_is_written_leaves_nothing_behind(start, tmp_path):
    process = start("--save", "learning.gif")
    while not list(tmp_path.iterdir()):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (130, "celsius_neuron: stopped\n")
    assert not list(tmp_path.iterdir())
