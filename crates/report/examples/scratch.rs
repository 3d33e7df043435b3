#![allow(clippy::all, clippy::pedantic, clippy::unwrap_used, missing_docs)]
use leastwise_trail::{
    Analysis, Event, Hunt,
    json::Record,
    sigma::{Rules, Source},
};
use std::io::{BufRead, Write};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let mut files = vec![];
    fn walk(p: &std::path::Path, out: &mut Vec<(String, String)>) {
        for e in std::fs::read_dir(p).unwrap() {
            let p = e.unwrap().path();
            if p.is_dir() {
                walk(&p, out)
            } else if p.extension().is_some_and(|e| e == "yml") {
                out.push((p.display().to_string(), std::fs::read_to_string(&p).unwrap()))
            }
        }
    }
    for r in args[2].split(',') {
        walk(std::path::Path::new(r), &mut files);
    }
    let rules = Rules::load(files.iter().map(|(n, t)| Source { name: n, text: t }), &Default::default());
    for p in rules.problems() {
        eprintln!("{p}");
    }
    let hunt = Hunt::new(&rules);
    let mut whole = hunt.whole();
    let mut part = hunt.part();
    let mut n = 0;
    for line in std::io::BufReader::new(std::fs::File::open(&args[1]).unwrap()).lines() {
        let line = line.unwrap();
        let rec = Record::parse(line.as_bytes()).unwrap();
        hunt.event(&mut part, &Event::new(rec.root()).unwrap());
        n += 1;
    }
    hunt.join(&mut whole, part);
    let o = hunt.finish(whole);
    let head = leastwise_report::trail::Head {
        facts: vec![format!("1 file, {n} events"), format!("{} rules", rules.len())],
        losses: vec!["2 files could not be read: `a.json.gz` ends too early".into()],
    };
    std::fs::write("/tmp/page.html", leastwise_report::html::hunt(&head, &o.hits)).unwrap();
    print!("{}", leastwise_report::trail::hunt::text(&head, &o.hits, &leastwise_report::Style::plain(80)));
    let mut flagged: std::collections::HashSet<&str> = Default::default();
    for h in &o.hits {
        if h.info.level >= leastwise_trail::sigma::Level::Medium {
            for e in &h.event_ids {
                flagged.insert(e);
            }
        }
    }
    let mut f = std::fs::File::create("/tmp/hits.jsonl").unwrap();
    for h in &o.hits {
        writeln!(f, "{}", serde_json::to_string(h).unwrap()).unwrap();
    }
    eprintln!("flagged {} of {n}", flagged.len());
}
