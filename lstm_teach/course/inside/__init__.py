"""What runs beside a student's code, in the sandbox. It knows no answer and keeps no secret."""
