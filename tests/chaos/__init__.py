"""Breaks the running product on purpose and looks at what is left of its promises."""
