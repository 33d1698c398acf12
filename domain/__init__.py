"""The supervision core: pure rules over events, without a clock, without IO, without an engine."""
