"""Funnels and their stages: templates, pipelines, playbooks, changes to a team's own.

Here: what a funnel is and may become. Not here: what a deal may do in it, see move.
May ask: its own files only.
"""
