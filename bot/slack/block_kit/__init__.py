"""Drawing for Slack: messages, views and modals as Block Kit.

Here: blocks, rich text, App Home, modals, within Slack's limits. Not here: calls to Slack.
May ask: payload, handlers.
"""
