"""The use cases: one function for each thing people do, and the ports to what is outside."""
