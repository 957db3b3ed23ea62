"""A stand-in for Slack, strict about everything that Slack refuses."""

from tests.fakes.slackapi.acting import User
from tests.fakes.slackapi.deliveries import Delivery
from tests.fakes.slackapi.reading import Live
from tests.fakes.slackapi.record import Refusal, Sent
from tests.fakes.slackapi.server import SlackApi
from tests.fakes.slackapi.views import View
from tests.fakes.slackapi.workspaces import Channel, Message, Workspace

__all__ = [
    "Channel",
    "Delivery",
    "Live",
    "Message",
    "Refusal",
    "Sent",
    "SlackApi",
    "User",
    "View",
    "Workspace",
]
