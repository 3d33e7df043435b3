//! Checks: pure functions from a snapshot to verdicts, and the frameworks that cite them
