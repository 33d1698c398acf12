"""Run the engine's worker until it is told to stop: `python worker.py`."""

from entrypoints.importing import importing

with importing():
    from entrypoints.cli.worker import work

if __name__ == "__main__":
    work()
