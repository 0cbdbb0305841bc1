"""One neuron learns to convert Celsius to Fahrenheit by gradient descent, using plain lists.

Read it in this order:

    1. data      the 100 pairs
    2. neuron    forward, backward and update: how a neuron learns
    3. train     10,000 iterations of these three, and a plot of the lines before and after
    4. rate      how large the learning rate may be, and what happens if it is larger
    5. picture   the loss, its two valleys and the next step
    6. window    the interactive window
    7. __main__  the command, python -m celsius_neuron
"""
