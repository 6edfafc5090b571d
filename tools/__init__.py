"""What the checkout needs to look after itself: tasks and generators."""
