"""Archives read as streams of members, within bounds. All are taken for hostile; nothing is written to disk."""
