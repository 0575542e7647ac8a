"""The nouns of the platform: standard library only, frozen values, no input or output."""
