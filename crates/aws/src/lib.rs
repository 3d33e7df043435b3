//! Collection: a read-only sweep of AWS into a snapshot
