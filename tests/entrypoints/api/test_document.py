"""The whole document against the real application: what it says is what is so, whatever is sent."""

from __future__ import annotations


