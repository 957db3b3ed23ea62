"""What a line that begins with no command means, and who answers it.

Here: recognisers of lines and of received files. Not here: carrying out an act, see selling.
May ask: cards, contract, deals, nudges, objections, reading, reports, selling, kb, storage.
"""
