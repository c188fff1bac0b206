"""What QGIS reads: the style of each layer and the project, rendered to text (QGIS 样式与工程)."""
