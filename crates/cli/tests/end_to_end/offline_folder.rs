//! Folders of AWS CLI outputs: each subset of the files gives the right verdicts, or unknown.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Lab, audit, leastwise, rows, run};
use jiff::Timestamp;
use leastwise_app::source::from_path;
use leastwise_checks::{Config, Selection, assess};
use leastwise_model::{Status, Subject};

type Verdicts = BTreeMap<(&'static str, Subject), Status>;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn verdicts(folder: &Path, config: &Config, now: Timestamp) -> Option<Verdicts> {
    let snapshot = from_path(folder, now).ok()?;
    let assessment = assess(&snapshot, None, config, &Selection::default(), now);
    Some(
        assessment
            .findings
            .into_iter()
            .map(|finding| ((finding.check, finding.subject), finding.status))
            .collect(),
    )
}

fn is_right_or_unknown(part: &Verdicts, whole: &Verdicts, what: &str) {
    for (key, status) in part {
        let expected = whole.get(key);
        assert!(
            *status == Status::Unknown || Some(status) == expected,
            "{what}: {key:?} is {status}, with all files {expected:?}"
        );
    }
}

#[test]
fn the_whole_folder_is_judged_like_the_live_account() {
    let lab = Lab::with("small");
    let live = rows(&audit(&mut lab.audit()), &["fail"]);
    let offline = audit(leastwise().arg("audit").arg(lab.export()).arg("--config").arg(lab.configuration()));
    assert_eq!(rows(&offline, &["fail"]), live);
}

#[test]
fn each_subset() {
    let lab = Lab::with("small");
    let (folder, subset) = (lab.export(), lab.folder().join("subset"));
    let config = Config::from_toml(&fs::read_to_string(lab.configuration()).unwrap()).unwrap();
    let now: Timestamp = lab.truth()["now"].as_str().unwrap().parse().unwrap();
    let whole = verdicts(&folder, &config, now).unwrap();
    let all = files(&folder);
    assert!(all.len() >= 12, "{all:?}");
    let mut judged = 0;
    for chosen in subsets(all.len()) {
        let _ = fs::remove_dir_all(&subset);
        fs::create_dir(&subset).unwrap();
        let names: Vec<&PathBuf> =
            all.iter().enumerate().filter(|(i, _)| chosen >> i & 1 == 1).map(|(_, f)| f).collect();
        for file in &names {
            fs::hard_link(file, subset.join(file.file_name().unwrap())).unwrap();
        }
        if let Some(part) = verdicts(&subset, &config, now) {
            is_right_or_unknown(&part, &whole, &format!("{names:?}"));
            judged += 1;
        }
    }
    assert!(judged > 300, "{judged}");
}

/// Subsets of up to two of so many files, the same left out, and a few hundred in between, as bit masks.
fn subsets(count: usize) -> Vec<usize> {
    let every = (1usize << count) - 1;
    let is_chosen = |mask: &usize| {
        let size = mask.count_ones() as usize;
        size <= 2 || size + 2 >= count || (mask.wrapping_mul(0x9E37_79B9) >> 7).is_multiple_of(16)
    };
    (1..=every).filter(is_chosen).collect()
}

#[test]
fn nothing_is_lost_silently() {
    let lab = Lab::with("small");
    let folder = lab.export();
    fs::write(folder.join("notes.txt"), "call the vendor").unwrap();
    let details = folder.join("account-authorization-details.json");
    let text = fs::read_to_string(&details).unwrap();
    fs::write(&details, crate::support::first_half(&text)).unwrap();
    let report = audit(leastwise().arg("audit").arg(&folder));
    let unread = report["unread"].to_string();
    assert!(unread.contains("account-authorization-details.json"), "{unread}");
    assert!(rows(&report, &["pass"]).iter().all(|(_, check, _)| !check.starts_with("iam-policy")));
    assert!(report["notices"].to_string().contains("notes.txt"), "{}", report["notices"]);
    let text = run(leastwise().arg("audit").arg(&folder));
    assert!(text.stdout.contains("notes.txt"), "{}", text.stdout);
    let one = ["--check", "account-security-questions"];
    assert_eq!(run(leastwise().arg("audit").arg(&folder).args(one)).code, 3, "a file was not recognised");
}

#[test]
fn a_folder_of_nothing_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(leastwise().arg("audit").arg(folder.path()));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains(folder.path().to_str().unwrap()), "{}", ran.stderr);
}
