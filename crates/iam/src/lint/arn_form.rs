use crate::Partition;

/// Why a text of a `Resource` element is no ARN, if it is none. `*` alone is fine, and so is an ARN that ends in `*`
/// before its sixth part.
///
/// Source: [IAM JSON policy elements: Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
pub(crate) fn why_no_arn(text: &str) -> Option<String> {
    if !text.is_empty() && text.bytes().all(|b| b == b'*') {
        return None;
    }
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let [prefix, partition, rest @ ..] = fields.as_slice() else {
        return Some("an ARN or `*` is expected".to_owned());
    };
    if *prefix != "arn" && !is_open(prefix) {
        return Some("an ARN begins with `arn:`".to_owned());
    }
    if !is_open(partition) && partition.parse::<Partition>().is_err() {
        return Some(format!("`{partition}` is no partition, such as `aws`"));
    }
    match rest {
        [_, _, account, _] => why_no_account(account),
        _ if text.ends_with('*') => None,
        _ => Some("six parts separated by `:` are expected".to_owned()),
    }
}

/// True if wildcards or variables leave the text open.
fn is_open(text: &str) -> bool {
    text.contains(['*', '?']) || text.contains("${")
}

/// Why the fifth part of an ARN names no account.
pub(crate) fn why_no_account(account: &str) -> Option<String> {
    let number = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    let word =
        matches!(account, "" | "aws" | "aws-managed" | "cloudfront" | "third-party" | "aws-marketplace");
    (!number && !word && !is_open(account))
        .then(|| format!("`{account}` is no account id: twelve digits are expected"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns() {
        for fine in [
            "*",
            "arn:aws:s3:::logs/*",
            "arn:*:s3:::logs",
            "arn:aws:iam::123456789012:role/x",
            "arn:aws:iam::aws:policy/x",
            "arn:aws:ec2:*",
            "arn:aws:s3:::a:b",
            "arn:${aws:Partition}:s3:::x",
        ] {
            assert_eq!(why_no_arn(fine), None, "{fine}");
        }
        for (wrong, why) in [
            ("", "an ARN or `*` is expected"),
            ("logs", "an ARN or `*` is expected"),
            ("s3:logs:a:b:c:d", "an ARN begins with `arn:`"),
            ("arn:azure:s3:::logs", "`azure` is no partition, such as `aws`"),
            ("arn:aws:s3", "six parts separated by `:` are expected"),
            ("arn:aws:iam::12345:role/x", "`12345` is no account id: twelve digits are expected"),
        ] {
            assert_eq!(why_no_arn(wrong).as_deref(), Some(why), "{wrong}");
        }
    }
}
