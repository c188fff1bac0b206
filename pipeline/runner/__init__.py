"""The line of stages: receiving raw files, staleness, publishing, manifest, explain."""
