"""Slack: events, commands and interactions in; messages, modals and App Home out."""
