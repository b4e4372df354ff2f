"""Real orders replayed: public CSV files become signed events for a running server, then all is counted."""
