"""What `import pipeline` gives: finished inspections opened for reading (打开的检查)."""
