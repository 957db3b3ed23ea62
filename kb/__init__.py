"""What is true about selling, whoever asks: the funnel's rules, and the objection cards.

Here: pure rules and data files. Not here: people, platforms, memory.
May ask: nobody; every other room asks it.
"""
