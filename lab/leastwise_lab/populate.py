"""Plants a scenario through the AWS API and writes its truth file."""

import dataclasses
import json

from .plant import Access, format_instant, present
from .scenarios import example, large, organization, resources, small
from .files import write_atomically
from .truth import failures, unused_services

SCENARIOS = {
    "small": small.plant,
    "large": large.plant,
    "organization": organization.plant,
    "example": example.plant,
    "resources": resources.plant,
}


def populate(scenario, endpoint, truth_path, seed=1):
    """Plant, then derive the truth from what was planned; returns the truth.

    A scenario returns its accounts as (id, name, plan), the audit's configuration, and whatever
    else belongs into its truth.
    """
    now = present()
    planted, config, *more = SCENARIOS[scenario](Access(endpoint), now, seed)
    truth = describe(scenario, now, config, planted)
    for part in more:
        truth |= part
    write_atomically(truth_path, json.dumps(truth, indent=1) + "\n")
    return truth


def describe(scenario, now, config, planted):
    found = [(account, pair) for account, _, plan in planted for pair in failures(plan, config)]
    unused = [(account, pair) for account, _, plan in planted for pair in unused_services(plan)]
    return {
        "scenario": scenario,
        "now": format_instant(now),
        "config": dataclasses.asdict(config),
        "accounts": [{"id": account, "name": name} for account, name, _ in planted],
        "fail": rows(found),
        "fail_with_last_accessed": rows(unused),
    }


def rows(found):
    """Sorted rows of the truth file."""
    return [
        {"account": account, "check": check, "subject": subject}
        for account, (check, subject) in sorted(found)
    ]
