"""The scenarios: each plants one or more accounts and says how the audit must be configured."""
