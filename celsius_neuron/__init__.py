"""One neuron learns Fahrenheit from Celsius, by gradient descent over plain lists.

Read it in this order:

    data      the 100 pairs
    neuron    forward, backward and update: how a neuron learns
    train     10,000 iterations of the three, the safe rates, the lines before, after and true
    picture   the two valleys, and the step that comes next
    window    the window in which one plays, changes and sees
    __main__  the command, python -m celsius_neuron
"""
