use crate::digest::{Because, Scope};
use crate::figures::{count, number};
use crate::names::Names;
use crate::paper::{Paper, plain, strong};

/// What could not be read, by what would mend it.
pub(super) fn write(paper: &mut Paper, reasons: &[Because], scope: Scope<'_>) {
    list(paper, reasons, scope, |because, names| {
        because.whose(names).map(|whose| format!(" ({whose})")).unwrap_or_default()
    });
}

/// What could not be judged, by what would mend it.
pub(super) fn unknown(paper: &mut Paper, reasons: &[Because], scope: Scope<'_>) {
    list(paper, reasons, scope, |because, names| {
        let whose = because.whose(names).map(|whose| format!(", {whose}")).unwrap_or_default();
        format!(" ({}{whose})", count(because.total, "verdict"))
    });
}

fn list(
    paper: &mut Paper,
    reasons: &[Because],
    scope: Scope<'_>,
    size: impl Fn(&Because, &Names<'_>) -> String,
) {
    let everything = scope.view.limit.is_none();
    let names = scope.names();
    for because in reasons.iter().take(scope.view.at_most()) {
        paper.put(2, 4, &[strong(because.title()), plain(size(because, &names))]);
        paper.line(4, &because.what(everything));
        if let Some(detail) = because.detail(everything) {
            paper.line(4, &format!("why: {detail}"));
        }
    }
    let left_out = reasons.len().saturating_sub(scope.view.at_most());
    if left_out > 0 {
        paper.line(2, &format!("… and {} more kinds (see --all, or --format json)", number(left_out)));
    }
}
