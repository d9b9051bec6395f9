"""Column kernels that know nothing of Meta; one that replaces a library's says which, and by how much it is faster."""
