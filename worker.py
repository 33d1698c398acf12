"""Run the engine's worker until it is told to stop: `python worker.py`."""

from entrypoints.cli.worker import work

if __name__ == "__main__":
    work()
