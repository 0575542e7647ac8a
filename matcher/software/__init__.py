"""Software: the members of archives and installers."""
