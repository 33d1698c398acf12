"""The papers that supervision puts out, how they are drafted, and the mail that carries them."""
