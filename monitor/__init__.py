"""The command line, and the only place where the parts are joined."""
