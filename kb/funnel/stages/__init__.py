"""Funnels and their stages: templates, reading them, shaping them, pipelines, playbooks.

Here: what a funnel is and may become. Not here: what a deal may do in it, see move.
May ask: its own files only.
"""
