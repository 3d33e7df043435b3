//! Random cases through `leastwise policy simulate` and through a released simulator from npm, which is run and
//! never read. Every disagreement is reduced to its ground; those that AWS's documentation has settled are listed in
//! `docs/differential.md`, and any other one fails the run.

mod classes;
mod engines;
mod features;
mod generate;
mod random;
mod reduce;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;

use crate::process::{release_binary, root};
use classes::Class;
use engines::{Answers, Engines, PACKAGE, VERSION};
use reduce::Disagreement;

#[derive(Args)]
pub(crate) struct Options {
    /// How many cases.
    #[arg(long, default_value_t = 5_000)]
    cases: usize,
    /// What they are drawn from: the same number gives the same cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The `leastwise` to compare; without it, the release binary is built.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// How many examples of each kind of disagreement to show.
    #[arg(long, default_value_t = 1)]
    examples: usize,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let classes = classes::read()?;
    let leastwise = match &options.binary {
        Some(binary) => root().join(binary),
        None => release_binary()?,
    };
    let engines = Engines::prepare(leastwise)?;
    println!("==> {} cases from seed {}, beside {PACKAGE} {VERSION}", options.cases, options.seed);
    let cases = generate::cases(options.seed, options.cases);
    let answers = engines.ask(&cases)?;
    let compared = compare(cases, &answers)?;
    compared.print(&answers);
    let reduced = reduce::all(&engines, compared.disagreements)?;
    judge(reduced, &classes, options.examples)
}

/// What came of the comparison.
struct Compared {
    agreements: BTreeMap<String, usize>,
    disagreements: Vec<Disagreement>,
    /// Why the peer decides nothing, with the number of cases.
    undecided: BTreeMap<String, usize>,
}

fn compare(cases: Vec<serde_json::Value>, answers: &Answers) -> Result<Compared> {
    let mut compared =
        Compared { agreements: BTreeMap::new(), disagreements: Vec::new(), undecided: BTreeMap::new() };
    for ((case, ours), peers) in cases.into_iter().zip(&answers.ours).zip(&answers.peers) {
        match (ours, peers) {
            (Err(error), _) => anyhow::bail!("leastwise decides nothing: {error}: {case}"),
            (Ok(_), Err(why)) => {
                *compared.undecided.entry(why.chars().take(120).collect()).or_default() += 1;
            }
            (Ok(ours), Ok(peers)) if ours == peers => {
                *compared.agreements.entry(ours.clone()).or_default() += 1;
            }
            (Ok(ours), Ok(peers)) => {
                compared.disagreements.push(Disagreement { case, ours: ours.clone(), peers: peers.clone() });
            }
        }
    }
    Ok(compared)
}

impl Compared {
    fn print(&self, answers: &Answers) {
        let agreed: usize = self.agreements.values().sum();
        let undecided: usize = self.undecided.values().sum();
        println!(
            "{agreed} alike, {} not, {undecided} that the peer does not decide",
            self.disagreements.len()
        );
        for (decision, count) in &self.agreements {
            println!("  {count:6} {decision}");
        }
        for (why, count) in &self.undecided {
            println!("  {count:6} undecided: {why}");
        }
        let count = u32::try_from(answers.peers.len()).unwrap_or(u32::MAX);
        println!(
            "the peer takes {:.0} µs of CPU for a decision",
            answers.peer_microseconds / f64::from(count)
        );
    }
}

/// Sorts disagreements into the classes; what fits none fails.
fn judge(list: Vec<Disagreement>, classes: &[Class], examples: usize) -> Result<()> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unknown: BTreeMap<String, Vec<Disagreement>> = BTreeMap::new();
    for disagreement in list {
        match classes.iter().find(|class| class.fits(&disagreement)) {
            Some(class) => *known.entry(&class.name).or_default() += 1,
            None => unknown.entry(shape(&disagreement)).or_default().push(disagreement),
        }
    }
    for (name, count) in &known {
        println!("  {count:6} settled: {name}");
    }
    for (shape, list) in &unknown {
        println!("  {:6} NOT SETTLED: {shape}", list.len());
        for example in list.iter().take(examples) {
            println!("         {}", example.case);
        }
    }
    ensure!(
        unknown.is_empty(),
        "{} kinds of disagreement are not settled: look them up, and say so in docs/differential.md and xtask/differential/classes.json",
        unknown.len()
    );
    Ok(())
}

fn shape(disagreement: &Disagreement) -> String {
    let mut words = features::of(&disagreement.case);
    // What most shapes have in common.
    words.retain(|word| !["has:", "service:", "tag:other"].iter().any(|start| word.starts_with(start)));
    let words: Vec<String> = words.into_iter().collect();
    format!("we {}, peer {}: {}", disagreement.ours, disagreement.peers, words.join(" "))
}
