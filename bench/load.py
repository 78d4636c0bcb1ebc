"""Trimtab, an endpoint that allows everything, and Knative's own webhook, side by side."""
import contextlib
import harness
from harness import REQUESTS, Process, Trimtab, geometric, load, review, spread

KINDS = ("create", "replay", "unchanged", "inferenceservice")


def compare(rounds, seconds, peers):
    """
    The rate that each target reaches, in rounds of alternating order.
    peers: other webhooks by name, as (kinds of review, URL, PID)
    """
    results = {}
    with harness.Cluster() as cluster, Trimtab(REQUESTS / "policy-1.yaml") as trimtab:
        targets = {
            "trimtab": (KINDS, trimtab.url("mutate"), trimtab),
            "allow-all": (KINDS, trimtab.url("allow-all"), trimtab),
            "knative": (KINDS[:3], cluster.knative_webhook(), cluster.process("knative-webhook")),
            **{name: (kinds, url, Process(pid)) for name, (kinds, url, pid) in peers.items()}}
        # A JVM with two cores takes half a minute of full load until everything is compiled.
        for kind in KINDS if rounds > 1 else ():
            load(trimtab.url("mutate"), REQUESTS / f"{kind}-0.json", 16, 8)
        for kind in KINDS:
            body = REQUESTS / f"{kind}-0.json"
            able = {name: it for name, it in targets.items() if kind in it[0]}
            for _, url, _ in able.values():
                review(url, body.read_bytes())
                load(url, body, 16, 3 if rounds > 1 else 1)
            for clients in (1, 16):
                runs = {name: [] for name in able}
                for turn in range(rounds):
                    for name in sorted(able, reverse=turn % 2 == 1):
                        _, url, process = able[name]
                        before = process.cpu_seconds()
                        run = load(url, body, clients, seconds, warm_up=1)
                        # The warm-up counts for the CPU too, so it is an estimate: the same for each target.
                        run["cpu_micros"] = (process.cpu_seconds() - before) / (run["rate"] * (seconds + 1)) * 1e6
                        run["failed"] and harness.fail(f"{name} failed {run['failed']} reviews of kind {kind}")
                        runs[name].append(run)
                results[f"{kind} {clients}"] = runs
                show(kind, clients, runs)
        results["resident_mb"] = {name: it.resident_mb() for name, (_, _, it) in targets.items() if name != "allow-all"}
        results["seconds_to_ready"] = trimtab.seconds_to_ready
    print("resident set, MB: " + ", ".join(f"{name} {mb:.0f}" for name, mb in results["resident_mb"].items()))
    return results


def show(kind, clients, runs):
    print(f"{kind}, {clients} connection{'s' * (clients > 1)}")
    for name, them in runs.items():
        line = f"  {name:10} {geometric([it['rate'] for it in them]):7.0f}/s"
        for share in ("p50", "p99"):
            line += f"  {share} {geometric([it[share] for it in them]):6.2f} ms"
        line += f"  CPU {geometric([max(1, it['cpu_micros']) for it in them]):4.0f} us"
        if name != "trimtab":
            line += "  trimtab/this: rate " + spread(ratios(runs, name, "rate")) + ", p99 " + spread(ratios(runs, name, "p99"))
        print(line, flush=True)


def ratios(runs, other, what):
    return [mine[what] / its[what] for mine, its in zip(runs["trimtab"], runs[other])]


def open_loop(seconds, kind="create", shares=(0.25, 0.5, 0.75)):
    """Latency at fixed rates, below the rate that a closed loop reaches over the same connections."""
    results = {}
    with Trimtab(REQUESTS / "policy-1.yaml") as trimtab:
        body = REQUESTS / f"{kind}-0.json"
        # HTTP/2 too: its code is compiled on its own.
        for http1 in (True, False):
            load(trimtab.url("mutate"), body, 16, 15 if seconds > 2 else 1, http1=http1)
        # HTTP/2 with many streams, as API servers have it. Each of two API servers has one connection.
        full = load(trimtab.url("mutate"), body, 2, seconds, streams=16, http1=False)["rate"]
        for share in shares:
            run = load(trimtab.url("mutate"), body, 2, seconds, rate=int(full * share), streams=100, http1=False)
            results[share] = run
            print(f"at {run['rate']:.0f}/s of {full:.0f}/s: " + ", ".join(f"{it} {run[it]:.2f} ms" for it in ("p50", "p90", "p99", "p999", "max")))
    return results


def growth(rounds, seconds):
    """How the cost of a review grows with profiles and with the size of the object."""
    results = {"profiles": {}, "bytes": {}}
    body = REQUESTS / "create-0.json"
    with contextlib.ExitStack() as stack:
        servers = {n: stack.enter_context(Trimtab(REQUESTS / f"policy-{n}.yaml")) for n in (1, 10, 50)}
        for server in servers.values():
            load(server.url("mutate"), body, 16, 15 if rounds > 1 else 1)
        for turn in range(rounds):
            for n, server in sorted(servers.items(), reverse=turn % 2 == 1):
                results["profiles"].setdefault(n, []).append(load(server.url("mutate"), body, 16, seconds)["rate"])
            for size in sorted((0, 20_000, 100_000), reverse=turn % 2 == 1):
                big = REQUESTS / f"create-{size}.json"
                results["bytes"].setdefault(size, []).append(load(servers[1].url("mutate"), big, 16, seconds)["rate"])
    one = results["profiles"][1]
    for n in (10, 50):
        print(f"cost with {n} profiles / with 1: " + spread([a / b for a, b in zip(one, results["profiles"][n])]))
    for size, rates in results["bytes"].items():
        print(f"object of {size + 1900} bytes: {1e6 / geometric(rates):.0f} us a review")
    return results
