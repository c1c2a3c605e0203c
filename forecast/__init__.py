"""How long it will take: the queue simulated ahead by its real rule, learnt service times, and bounds that are kept."""
