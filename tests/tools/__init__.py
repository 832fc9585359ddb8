"""Benchmarks, fuzzing, the gallery, the version matrix: tools that tests and people start."""
