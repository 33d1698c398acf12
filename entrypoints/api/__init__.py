"""The HTTP API: every act and every reading for programs, on the same port as the desk."""
