"""Settings: the defaults that ship, typed sections, and how a user's file and variables are read over them."""
