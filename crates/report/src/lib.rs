//! Reports: findings as text, JSON, CSV and Markdown
