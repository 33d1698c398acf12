"""Files of the directory: a spreadsheet or comma-separated text, in one form."""
