//! Hash maps that are quick on short keys. Nothing that is shown depends on their order.

pub(crate) type Map<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;
