"""Command line: `serve`, `populate`, `export` and `up`."""

import argparse
import os
import tempfile


def main():
    options = parser().parse_args()
    options.run(options)


def parser():
    top = argparse.ArgumentParser(prog="python -m leastwise_lab", description=__doc__)
    commands = top.add_subparsers(required=True)
    serve = commands.add_parser("serve", help="serve an empty fake AWS on loopback")
    serve.add_argument("--port", type=int, default=0)
    serve.add_argument("--port-file")
    serve.add_argument("--exit-with-stdin", action="store_true")
    serve.set_defaults(run=run_serve)
    populate = commands.add_parser("populate", help="plant a scenario and write its truth")
    populate.add_argument("scenario", choices=SCENARIOS)
    populate.add_argument("--endpoint", required=True)
    populate.add_argument("--truth", required=True)
    populate.add_argument("--seed", type=int, default=1)
    populate.set_defaults(run=run_populate)
    export = commands.add_parser("export", help="write what the AWS CLI would print, one file per command")
    export.add_argument("folder")
    export.add_argument("--endpoint", required=True)
    export.set_defaults(run=run_export)
    up = commands.add_parser("up", help="serve and populate; stays in the foreground")
    up.add_argument("scenario", choices=SCENARIOS, nargs="?", default="small")
    up.add_argument("--port", type=int, default=0)
    up.add_argument("--truth")
    up.add_argument("--seed", type=int, default=1)
    up.add_argument("--exit-with-stdin", action="store_true")
    up.set_defaults(run=run_up)
    return top


SCENARIOS = ("small", "large", "organization", "example", "resources")


def run_serve(options):
    from .server import serve

    serve(options.port, options.port_file, options.exit_with_stdin)


def run_populate(options):
    from .populate import populate

    populate(options.scenario, options.endpoint, options.truth, options.seed)


def run_export(options):
    from .export import export

    export(options.endpoint, options.folder)


def run_up(options):
    """For a newcomer: everything in one command, and the lines to paste."""
    from .server import serve

    truth = options.truth or os.path.join(tempfile.mkdtemp(prefix="leastwise-lab-"), "truth.json")

    def plant(endpoint):
        from .populate import populate

        try:
            populate(options.scenario, endpoint, truth, options.seed)
        except Exception as problem:
            print(f"populate failed: {problem!r}", flush=True)
            os._exit(1)
        print(f"export AWS_ENDPOINT_URL={endpoint} AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY=lab AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1")
        print(f"# the planted defects: {truth}", flush=True)

    serve(options.port, exit_with_stdin=options.exit_with_stdin, ready=plant)


if __name__ == "__main__":
    main()
