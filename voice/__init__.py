"""Spoken announcements: numbers as words, sentences as sequences of clips, the packs that hold the clips."""
