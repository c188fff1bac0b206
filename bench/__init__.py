"""The partition measured side by side with other engines (性能对比): ``make bench``."""
