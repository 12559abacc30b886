"""The equations of chapter 01."""
