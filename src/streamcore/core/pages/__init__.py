"""What a browser loads by itself: the dashboard, modules' pages and the wrapper around them."""
