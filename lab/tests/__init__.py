"""Tests of the lab: `python -m unittest` in the lab's folder."""
