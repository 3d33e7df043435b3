//! Pages for browsers: each is one file that loads nothing, works without scripts, and prints.

mod hunt;
mod timeline;

pub use hunt::hunt;

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Colours, spacing and type of all pages.
const STYLE: &str = include_str!("style.css");

/// A whole page around its body.
fn page(title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    page.into_string()
}
