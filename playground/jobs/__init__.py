"""Trainings as jobs that outlive the tab, the session and the server that started them."""
