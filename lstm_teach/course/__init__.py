"""Courses: release exercises, grade submissions safely, export the marks."""
