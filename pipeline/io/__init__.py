"""The only room with files in it."""
