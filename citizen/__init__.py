"""The citizen's own page: my ticket on my phone, and the public figures."""
