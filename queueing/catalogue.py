"""What can be chosen everywhere: classes of priority, groups, outcomes, reasons."""

from __future__ import annotations

ORDINARY = "ordinary"
PRIORITY = "priority"
URGENT = "urgent"


LANGUAGES = ("vi", "en")

# Who has priority by their own word at the kiosk, each with its pictogram there.
GROUPS = ("elder", "disabled", "pregnant", "with_child", "merit")

# What a visit came to, as the clerk marks it on finishing.
OUTCOMES = ("filed", "guided", "returned_result", "needs_supplement", "submitted_online")

# Why a clerk calls a number out of turn.
CALL_REASONS = ("missed_call", "wrong_service", "unwell", "same_matter", "other")

PAUSE_REASONS = ("lunch", "meeting", "online_dossiers", "software_fault", "portal_overloaded", "network_lost", "other")
