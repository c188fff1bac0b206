"""The sweep (扫描线): exact areas of all layers over each change, without building a shape."""
