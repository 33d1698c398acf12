"""The technologies that Duban uses, one folder for each seam; none imports another."""
