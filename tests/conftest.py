import os
from pathlib import Path

# No window opens, and each process finds the package, even if it has not been installed.
os.environ["MPLBACKEND"] = "agg"
os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)
# The user's own matplotlib settings are ignored, here and in each process that a test starts.
os.environ["MATPLOTLIBRC"] = os.devnull
# Printed output is compared, so nothing outside may add colors or options, or unbuffer it.
for name in "FORCE_COLOR", "PYTHON_COLORS", "PYTEST_ADDOPTS", "PYTHONUNBUFFERED":
    os.environ.pop(name, None)

ORDER = ["test_gradients.py", "test_training.py", "train.py", "neuron.py", "rate.py", "data.py"]


def pytest_collection_modifyitems(items):
    """Run the gradient tests first and the README tests last: those only find outdated pages."""
    ranks = {name: rank for rank, name in enumerate(ORDER)} | {"test_readme.py": len(ORDER) + 1}
    items.sort(key=lambda item: ranks.get(item.path.name, len(ORDER)))
