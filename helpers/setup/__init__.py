"""What prepares the course: virtual environments, and the address that is written into the notebooks."""
