"""What people see of a project: views, lights, the timeline, burden, bulletins."""
