"""Chapter 1, the data: 100 Celsius values and their true Fahrenheit values.

(ARTICLE.md, in this folder, says which article this and the later chapters refer to.)
"""


def celsius_to_fahrenheit(celsius: float) -> float:
    """Return the true Fahrenheit value of a Celsius value (used in the article's lines 11-14).

    This is a straight line with weight 9/5 and bias 32. The neuron has to find it.

    >>> celsius_to_fahrenheit(42)
    107.6
    """
    return celsius * 9 / 5 + 32


def generate_data() -> tuple[list[float], list[float]]:
    """Return the 100 pairs as two lists, in °C and in °F (article: lines 9-14).

    The Celsius values are whole degrees: range() starts at -50 and leaves out its upper bound, 50.

    >>> celsius_values, fahrenheit_values = generate_data()
    >>> len(celsius_values), celsius_values[0], celsius_values[-1]
    (100, -50.0, 49.0)
    >>> fahrenheit_values[0], fahrenheit_values[-1]
    (-58.0, 120.2)
    """
    celsius_values = [float(celsius) for celsius in range(-50, 50)]
    fahrenheit_values = [celsius_to_fahrenheit(celsius) for celsius in celsius_values]
    return celsius_values, fahrenheit_values
