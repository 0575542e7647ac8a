"""Film: features, episodes, clips."""
