"""One neuron learns to convert Celsius to Fahrenheit by gradient descent, using plain lists.

Read it in this order:

    data      the 100 pairs
    neuron    forward, backward and update: how a neuron learns
    train     10,000 iterations of these three, and a plot of the lines before and after
    rate      how large the learning rate may be, and what happens if it is larger
    picture   the loss, its two valleys, and the next step
    window    the interactive window
    __main__  the command, python -m celsius_neuron
"""
