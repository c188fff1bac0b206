"""A case that may leave the intranet (脱密副本): ground moved and turned, names replaced.

1. ``gathering``  the case as it was handed in: each layer with its mapped fields, and the ledgers
2. ``cutting``    one change and its surroundings, where only these are wanted
3. ``disguise``   every code and name under an alias in the same order, free text left out
4. ``copy_file``  the config of the copy, and the page that says what it hides and what it does not
5. ``writing``    the files, and in the workspace the key and the list of what was replaced
"""
