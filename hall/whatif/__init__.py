"""What-if: a day under another plan, played many times, with the spread that chance leaves."""
