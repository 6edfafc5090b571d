"""StreamCore joins streaming platforms behind one API and runs modules behind a gate."""

__version__ = "0.1.0"
