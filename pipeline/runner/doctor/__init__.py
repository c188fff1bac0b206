"""The input doctor (输入体检): what receiving found, what deserves a look, and where it lies."""
