"""Column kernels that know nothing of Meta; each names the library kernel that it beats, and by how much."""
