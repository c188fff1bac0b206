"""The tables that pass between stages; checks, headers and the data dictionary read them here."""
