"""Sound and film files that strangers made, decoded in a process of their own."""
