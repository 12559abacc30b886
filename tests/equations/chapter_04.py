"""The equations of chapter 04."""
