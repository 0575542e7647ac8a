"""What a page hides, and which registered titles stand near it. Pure functions: nothing here touches a network."""
