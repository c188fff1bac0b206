"""The review sheet: a workbook that people fill in (复核表)."""
