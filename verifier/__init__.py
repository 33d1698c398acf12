"""The verifier of Duban's ledger, in plain Python. It knows neither the writer nor the engine.

Copy this folder to any machine with Python 3.11 or later and run `python -m verifier BUNDLE`.
"""
