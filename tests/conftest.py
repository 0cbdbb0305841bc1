import os
from fractions import Fraction
from pathlib import Path

import pytest

# No window opens, and each process finds the package, even if it has not been installed.
os.environ["MPLBACKEND"] = "agg"
os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)


def pytest_collection_modifyitems(items):
    """Run the gradients first: where one is wrong, their sentence comes before all that follows."""
    items.sort(key=lambda item: item.path.name != "test_gradients.py")


@pytest.fixture(scope="session")
def exact_pairs():
    celsius_values = [Fraction(celsius) for celsius in range(-50, 50)]  # no rounding touches them
    return celsius_values, [celsius * Fraction(9, 5) + 32 for celsius in celsius_values]
