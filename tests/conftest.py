from fractions import Fraction

import pytest

from celsius_neuron.data import celsius_to_fahrenheit, generate_data


@pytest.fixture(scope="session")
def exact_hundred_pairs():
    """The 100 pairs as fractions, which no rounding touches."""
    celsius_values = [Fraction(celsius) for celsius in generate_data()[0]]
    return celsius_values, [celsius_to_fahrenheit(celsius) for celsius in celsius_values]


@pytest.fixture(scope="session", autouse=True)
def matplotlib_draws_without_a_screen_and_keeps_its_font_list_in_a_temporary_folder(
    tmp_path_factory,
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLBACKEND", "agg")
        patch.setenv("MPLCONFIGDIR", str(tmp_path_factory.mktemp("matplotlib")))
        yield
