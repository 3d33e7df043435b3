//! The rules: one file each, named after the rule's id.

mod action_pattern_without_match;
mod action_without_resource;
mod duplicate_sid;
mod empty_list;
mod for_all_values_with_allow;
mod if_exists_trap;
mod invalid_action;
mod invalid_principal;
mod invalid_resource;
mod invalid_sid;
mod malformed_variable;
mod missing_principal;
mod missing_resource;
mod multivalued_key_without_set_operator;
mod negated_operator_on_absent_key;
mod not_action_with_allow;
mod not_principal_with_allow;
mod not_resource_with_allow;
mod old_version;
mod operator_does_not_fit_key;
mod rcp_with_allow;
mod redundant_entry;
mod redundant_statement;
mod set_operator_on_single_value;
mod size_limit;
mod too_large_to_examine;
mod unknown_action;
mod unknown_condition_key;
mod unknown_operator;
mod unknown_service;
mod unsupported_condition_key;
mod unsupported_resource;
mod value_does_not_fit_operator;
mod variable_before_resource;
mod variable_in_old_version;
mod wildcard_reaches_further;

use super::Rule;

/// Every rule: first what AWS refuses or what can never do what it says, then what allows more than meant, then the
/// rest.
pub fn all() -> &'static [&'static Rule] {
    &ALL
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

static ALL: [&Rule; 36] = [
    &invalid_action::INVALID_ACTION,
    &unknown_service::UNKNOWN_SERVICE,
    &unknown_action::UNKNOWN_ACTION,
    &action_pattern_without_match::ACTION_PATTERN_WITHOUT_MATCH,
    &invalid_resource::INVALID_RESOURCE,
    &missing_resource::MISSING_RESOURCE,
    &variable_before_resource::VARIABLE_BEFORE_RESOURCE,
    &malformed_variable::MALFORMED_VARIABLE,
    &variable_in_old_version::VARIABLE_IN_OLD_VERSION,
    &missing_principal::MISSING_PRINCIPAL,
    &invalid_principal::INVALID_PRINCIPAL,
    &unknown_operator::UNKNOWN_OPERATOR,
    &unknown_condition_key::UNKNOWN_CONDITION_KEY,
    &value_does_not_fit_operator::VALUE_DOES_NOT_FIT_OPERATOR,
    &duplicate_sid::DUPLICATE_SID,
    &invalid_sid::INVALID_SID,
    &empty_list::EMPTY_LIST,
    &size_limit::SIZE_LIMIT,
    &rcp_with_allow::RCP_WITH_ALLOW,
    &not_action_with_allow::NOT_ACTION_WITH_ALLOW,
    &not_resource_with_allow::NOT_RESOURCE_WITH_ALLOW,
    &not_principal_with_allow::NOT_PRINCIPAL_WITH_ALLOW,
    &wildcard_reaches_further::WILDCARD_REACHES_FURTHER,
    &for_all_values_with_allow::FOR_ALL_VALUES_WITH_ALLOW,
    &negated_operator_on_absent_key::NEGATED_OPERATOR_ON_ABSENT_KEY,
    &if_exists_trap::IF_EXISTS_TRAP,
    &unsupported_condition_key::UNSUPPORTED_CONDITION_KEY,
    &operator_does_not_fit_key::OPERATOR_DOES_NOT_FIT_KEY,
    &multivalued_key_without_set_operator::MULTIVALUED_KEY_WITHOUT_SET_OPERATOR,
    &set_operator_on_single_value::SET_OPERATOR_ON_SINGLE_VALUE,
    &unsupported_resource::UNSUPPORTED_RESOURCE,
    &action_without_resource::ACTION_WITHOUT_RESOURCE,
    &redundant_entry::REDUNDANT_ENTRY,
    &redundant_statement::REDUNDANT_STATEMENT,
    &old_version::OLD_VERSION,
    &too_large_to_examine::TOO_LARGE_TO_EXAMINE,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_is_registered_and_named_after_its_rule() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules");
        let entries = std::fs::read_dir(folder).unwrap();
        let files: BTreeSet<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        let registered: BTreeSet<String> =
            ALL.iter().map(|rule| format!("{}.rs", rule.id.replace('-', "_"))).collect();
        assert_eq!(files, registered);
        assert_eq!(registered.len(), ALL.len());
    }

    #[test]
    fn every_rule_documents_itself() {
        for rule in all() {
            let page = rule.page();
            for heading in ["## What it finds\n", "## Why it matters", "## How to fix", "Source: ["] {
                assert!(page.contains(heading), "{} lacks `{heading}`", rule.id);
            }
            assert_eq!(find(rule.id).map(|rule| rule.id), Some(rule.id));
        }
        assert!(find("nosuch").is_none());
    }

    #[test]
    fn what_was_left_out_is_said_last() {
        assert_eq!(ALL.last().map(|rule| rule.id), Some("too-large-to-examine"));
    }
}
