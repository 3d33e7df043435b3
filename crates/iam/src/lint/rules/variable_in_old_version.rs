use crate::Version;
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::spot::Spot;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// `${…}` in a document of version 2008-10-17, which is also the version of documents that name none.
    /// ## Why it matters
    /// That version has no policy variables: the text is compared as it stands, dollar and braces included. An `Allow`
    /// gives nothing, and a `Deny` denies nothing.
    /// ## How to fix
    /// Write `"Version": "2012-10-17"`.
    ///
    /// Source: [Version](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html).
    static VARIABLE_IN_OLD_VERSION = {
        id: "variable-in-old-version", title: "a variable stands in a document of the old version",
        severity: Severity::Warning, find: variable_in_old_version,
    }
}

fn variable_in_old_version(subject: &Subject<'_>, found: &mut Found<'_>) {
    if subject.document.version != Version::V2008 {
        return;
    }
    let message = |text: &str| format!("`{text}` is plain text in version 2008-10-17; write `2012-10-17`");
    for (_, text, spot) in subject.resources().filter(|(_, text, _)| text.contains("${")) {
        found.add(spot, message(text));
    }
    for (facts, condition, _) in subject.conditions() {
        for (i, value) in condition.values.iter().enumerate().filter(|(_, value)| value.contains("${")) {
            found.add(Spot::Value(facts.index, condition, i), message(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::found;

    #[test]
    fn versions() {
        let document = |version: &str| {
            format!(
                r#"{{"Version":"{version}","Statement":{{"Effect":"Deny","Action":"*","Resource":"arn:${{aws:username}}",
                "Condition":{{"StringEquals":{{"a:b":["x","${{a:b}}"]}}}}}}}}"#
            )
        };
        let id = "variable-in-old-version";
        assert_eq!(found(id, PolicyKind::Managed, &document("2012-10-17")).len(), 0);
        let messages = found(id, PolicyKind::Managed, &document("2008-10-17"));
        assert!(
            messages[0].starts_with("Statement[0].Resource: `arn:${aws:username}` is plain text"),
            "{messages:?}"
        );
        assert!(messages[1].starts_with("Statement[0].Condition.StringEquals.a:b[1]: "), "{messages:?}");
    }
}
