"""The interface for programs under `/api`, a file for each subject."""
