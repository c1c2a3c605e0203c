"""The use cases: one function per thing people do, and the ports to what is outside."""
