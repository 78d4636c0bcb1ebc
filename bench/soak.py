"""Hours at half load, while the policy changes each second: no review fails, and memory does not grow."""
import statistics, threading, time
import harness
from harness import REQUESTS, Cluster, Trimtab, load

POLICY = "/api/v1/namespaces/trimtab/configmaps"


def run(minutes):
    body = REQUESTS / "create-0.json"
    samples, edits, stop = [], [], threading.Event()
    with Cluster() as cluster:
        cluster.request("POST", "/api/v1/namespaces", {"metadata": {"name": "trimtab"}})
        cluster.request("POST", POLICY, policy(0))
        with Trimtab(kubeconfig=cluster.kubeconfig) as trimtab:
            load(trimtab.url("mutate"), body, 16, 10 if minutes > 2 else 3)
            full = load(trimtab.url("mutate"), body, 16, 10 if minutes > 2 else 3)["rate"]

            def edit():
                while not stop.wait(1):
                    cluster.request("PUT", POLICY + "/trimtab-policy", policy(len(edits)))
                    edits.append(time.monotonic())

            def watch():
                while not stop.wait(2):
                    samples.append(trimtab.resident_mb())

            threads = [threading.Thread(target=it, daemon=True) for it in (edit, watch)]
            for it in threads:
                it.start()
            # In runs of a minute: h2load has the times of all requests of a run in memory, and what is late moves the rest.
            end, runs = time.monotonic() + minutes * 60, []
            while time.monotonic() < end:
                runs.append(load(trimtab.url("mutate"), body, 4, min(60, minutes * 60), rate=int(full / 2), streams=100, http1=False))
            stop.set()
            for it in threads:
                it.join()
            answer = harness.review(trimtab.url("mutate"), body.read_bytes())
            log = trimtab.log.read_text()
    quarter = len(samples) // 4
    # The heap breathes: its highest points are compared, not two moments.
    before, after = max(samples[quarter:2 * quarter]), max(samples[-quarter:])
    count, failed = (sum(it[name] for it in runs) for name in ("count", "failed"))
    print(f"{count} reviews at {full / 2:.0f}/s, {failed} failed, {len(edits)} edits of the policy; median minute: "
          f"p50 {middle(runs, 'p50'):.2f} ms, p99 {middle(runs, 'p99'):.2f} ms; resident set {before:.0f} MB, later {after:.0f} MB")
    failed and harness.fail(f"{failed} reviews failed")
    "patch" in answer or harness.fail("the last review filled nothing")
    len(edits) >= minutes * 30 or harness.fail(f"the policy changed only {len(edits)} times")
    # In its first minutes a JVM still grows to its size.
    after <= before * (1.1 if minutes >= 10 else 1.5) + 5 or harness.fail(f"memory grew from {before:.0f} to {after:.0f} MB")
    "ERROR" not in log or harness.fail("Trimtab's log has errors: " + log[log.index("ERROR") - 200:][:1000])
    return {"minutes": runs, "resident_mb": samples, "edits": len(edits)}


def middle(runs, name):
    return statistics.median(it[name] for it in runs)


def policy(turn):
    text = (REQUESTS / "policy-10.yaml").read_text().replace("startupSeconds: 120", f"startupSeconds: {60 + turn % 600}")
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "trimtab-policy"}, "data": {"policy.yaml": text}}
