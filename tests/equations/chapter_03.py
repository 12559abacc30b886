"""The equations of chapter 03."""
