"""What is said: numbers as words, announcements as clips, the packs that hold the clips."""
