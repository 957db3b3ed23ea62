"""Reading parts of what Slack sends, without asking anybody.

Here: kinds of payload, files, shortcuts, markup, reply targets. Not here: what is done about it.
May ask: handlers.
"""
