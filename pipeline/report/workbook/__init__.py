"""The inspection workbook, sheet by sheet (检查工作簿)."""
