"""What an office's list says, and what a list makes of a project: docketed, amended, carried over."""
