"""Sound: music, radio plays, readings."""
