"""Review (复核): working copies for people to rule in, and what they ruled read back."""
