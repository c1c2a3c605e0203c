"""How right the forecast is: on simulated centres it has not seen, and on another place's queues."""
