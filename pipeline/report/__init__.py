"""What people look at: one module a product."""
