"""Chapter 2, the neuron: one input, one weight, one bias, one output.

forward() measures how wrong the neuron is, backward() finds out which way to change the neuron's
parameters, and update_parameters() changes them a little. Training is just these three, over and
over.

In the formulas below, N is the number of pairs, cᵢ is a Celsius value, fᵢ its true Fahrenheit
value, oᵢ the neuron's output, w the weight, b the bias, and L the loss. ∂L/∂w is the slope of L
along w. Lists hold one number per pair.
"""


def get_predicted_fahrenheit_values(
    celsius_values: list[float], weight: float, bias: float
) -> list[float]:
    """Return the neuron's output for each Celsius value, in °F.

    The article computes the outputs in lines 20-23, and again for lines 65 and 67.

        oᵢ = cᵢ·w + b

    >>> get_predicted_fahrenheit_values([42, 100], weight=2, bias=30)
    [114, 230]
    """
    return [celsius * weight + bias for celsius in celsius_values]


def forward(
    celsius_values: list[float], fahrenheit_values: list[float], weight: float, bias: float
) -> tuple[list[float], float]:
    """Return the outputs and the loss, the mean squared error in °F² (article: lines 20-31).

        L = 1/N · Σ (fᵢ - oᵢ)²

    Lists of different lengths raise ValueError.

    >>> forward([42], [107.6], weight=0.8, bias=0.5)
    ([34.1], 5402.25)
    """
    if len(celsius_values) != len(fahrenheit_values):
        raise ValueError("celsius_values and fahrenheit_values must have the same length")
    output = get_predicted_fahrenheit_values(celsius_values, weight, bias)
    errors = [fahrenheit - predicted for fahrenheit, predicted in zip(fahrenheit_values, output)]
    # If an error is huge, error * error becomes inf, but error ** 2 raises OverflowError.
    loss = sum([error * error for error in errors]) / len(errors)
    return output, loss


def backward(
    celsius_values: list[float], fahrenheit_values: list[float], output: list[float]
) -> tuple[float, float]:
    """Return the gradients of the weight and of the bias (article: lines 34-42).

    The loss depends on w and b only through the outputs, so the chain rule needs grad_output
    first: ∂L/∂oᵢ for each i (article: lines 34-36). Only the error of pair i contains oᵢ. The
    slope of x² is 2x, and here x is fᵢ - oᵢ. As oᵢ grows, fᵢ - oᵢ falls, which flips the sign:

        ∂L/∂oᵢ = ∂/∂oᵢ (fᵢ - oᵢ)²/N = (fᵢ - oᵢ)·2·(-1)/N = (oᵢ - fᵢ)·2/N

    oᵢ = cᵢ·w + b gives ∂oᵢ/∂w = cᵢ and ∂oᵢ/∂b = 1, and every pair adds its share (article:
    lines 38-40 and 42):

        ∂L/∂w = Σ ∂L/∂oᵢ · ∂oᵢ/∂w = Σ cᵢ · ∂L/∂oᵢ
        ∂L/∂b = Σ ∂L/∂oᵢ · ∂oᵢ/∂b = Σ ∂L/∂oᵢ

    The sums are not divided by N again, because each ∂L/∂oᵢ has already been divided by N.
    (The article gives another reason: the learning rate makes the steps small anyway.)

    Lists of different lengths raise ValueError.

    >>> backward([42], [107.6], output=[34.1])
    (-6174.0, -147.0)
    """
    if not len(celsius_values) == len(fahrenheit_values) == len(output):
        raise ValueError("the three lists must have the same length")
    number_of_pairs = len(output)
    grad_output = [
        (predicted - fahrenheit) * 2 / number_of_pairs
        for predicted, fahrenheit in zip(output, fahrenheit_values)
    ]
    grad_weight = sum([celsius * grad for celsius, grad in zip(celsius_values, grad_output)])
    grad_bias = sum(grad_output)
    return grad_weight, grad_bias


def update_parameters(
    weight: float, bias: float, grad_weight: float, grad_bias: float, learning_rate: float
) -> tuple[float, float]:
    """Return the weight and the bias after one step down their slopes (article: from line 47).

        w ← w - η·∂L/∂w        b ← b - η·∂L/∂b

    A positive gradient means that the loss grows with the parameter, so the parameter goes
    down; a negative gradient sends it up. The learning rate η, which is the same for both, keeps
    the steps small.

    At this point, the article's script changes variables that it declares global (line 47). This
    function returns the new values instead, so that a call shows what goes in and what comes out.

    >>> update_parameters(weight=3, bias=5, grad_weight=-40, grad_bias=20, learning_rate=0.1)
    (7.0, 3.0)
    """
    return weight - learning_rate * grad_weight, bias - learning_rate * grad_bias
