"""The other engines (对手), each in the best form that we know of, one module each."""
