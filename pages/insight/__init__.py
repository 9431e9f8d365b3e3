"""Numbers that open: each with its definition, its SQL and the conversations behind it."""
