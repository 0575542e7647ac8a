"""What a page is, when it may be something else than content: a wall, a login, a placeholder, a notice of removal."""
