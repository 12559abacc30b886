"""The equations of chapter 05."""
