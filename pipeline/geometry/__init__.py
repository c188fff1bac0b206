"""Shapes, areas and coordinate systems; nothing here knows of law, files or counties."""
