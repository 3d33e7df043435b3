use leastwise_aws::*;
use std::time::Duration;
#[tokio::main]
async fn main() {
    let mut a = Access::default();
    let mut r = CollectRequest::default();
    let mut folder = None;
    let mut it = std::env::args().skip(1);
    let mut org = OrganizationRequest::default();
    let mut use_org = false;
    let mut verbose = false;
    while let Some(x) = it.next() {
        let mut v = || it.next().unwrap();
        match x.as_str() {
            "--endpoint" => a.endpoint_url = Some(v()),
            "--profile" => a.profile = Some(v()),
            "--region" => a.region = Some(v()),
            "--timeout" => a.timeouts = Timeouts::of_attempt(Duration::from_secs(v().parse().unwrap())),
            "--recheck" => r.recheck.push(v()),
            "--last-accessed" => r.last_accessed = true,
            "--org" => use_org = true,
            "--role" => org.role = v(),
            "--external-id" => org.external_id = Some(v()),
            "--ou" => org.units.push(v()),
            "--account" => org.accounts.push(v()),
            "--exclude" => org.excludes.push(v()),
            "--folder" => folder = Some(v()),
            "-v" => verbose = true,
            o => panic!("{o}"),
        }
    }
    if use_org {
        r.organization = Some(org);
    }
    let now = jiff::Timestamp::now();
    let c = if let Some(f) = folder {
        match read_folder(std::path::Path::new(&f), now) {
            Ok(c) => c,
            Err(e) => {
                eprintln!("ERROR {e}");
                std::process::exit(2)
            }
        }
    } else {
        let t = std::time::Instant::now();
        let c = match connect(&a).await {
            Ok(c) => c,
            Err(e) => {
                eprintln!("CONNECT ERROR {e} ({:?})", t.elapsed());
                std::process::exit(2)
            }
        };
        let watch = move |p: Progress<'_>| {
            if verbose {
                eprintln!("{p:?}")
            }
        };
        match collect(&c, &r, now, &watch).await {
            Ok(c) => {
                eprintln!("took {:?}", t.elapsed());
                c
            }
            Err(e) => {
                eprintln!("ERROR {e} ({:?})", t.elapsed());
                std::process::exit(2)
            }
        }
    };
    for n in &c.notices {
        eprintln!("notice: {n}");
    }
    for u in c.snapshot.unread() {
        eprintln!("unread {:?} {}: {}", u.account, u.part, u.why);
    }
    let json = c.snapshot.to_json().unwrap();
    leastwise_model::Snapshot::from_json(&json).expect("reads back");
    println!("{json}");
}
