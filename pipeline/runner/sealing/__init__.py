"""Proof that a result is as it was made (核对与封存): sums, verifying, sealed runs.

The chain: ``out/SHA256SUMS`` holds the hash of every published file, the manifest and the state
of the run among them, and in its last line one over itself; the manifest holds the hashes of the
inputs. So whatever byte changes, some link does not fit, and it names the file.
"""
