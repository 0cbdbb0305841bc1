import os
from fractions import Fraction
from pathlib import Path

import pytest

# No window opens, and each process finds the package, even if it has not been installed.
os.environ["MPLBACKEND"] = "agg"
os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)
# What a process prints is compared, so it prints no colors and takes no options of today.
for name in "FORCE_COLOR", "PYTHON_COLORS", "PYTEST_ADDOPTS":
    os.environ.pop(name, None)

ORDER = ["test_gradients.py", "test_training.py", "train.py", "neuron.py", "data.py"]


def pytest_collection_modifyitems(items):
    """Run the gradients first, and what only means that the README is out of date last."""
    ranks = {name: rank for rank, name in enumerate(ORDER)} | {"test_readme.py": len(ORDER) + 1}
    items.sort(key=lambda item: ranks.get(item.path.name, len(ORDER)))


@pytest.fixture(scope="session")
def exact_pairs():
    celsius_values = [Fraction(celsius) for celsius in range(-50, 50)]  # no rounding touches them
    return celsius_values, [celsius * Fraction(9, 5) + 32 for celsius in celsius_values]


@pytest.fixture
def wrong_gradient(monkeypatch):
    """Let the weight's gradient sum output times grad_output, the mistake of the README."""
    from celsius_neuron import neuron

    right = neuron.backward
    monkeypatch.setattr(
        neuron, "backward", lambda celsius, true, output: right(output, true, output)
    )
