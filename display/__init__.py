"""The wall: called numbers, counters, the order and the figures of the day."""
