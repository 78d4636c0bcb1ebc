"""What a user waits for at the API server: with no webhook, with Trimtab, with Knative's, and with both."""
import json, pathlib, tempfile
import harness
from harness import Cluster, Trimtab, load, spread

# Knative's webhooks leave namespaces with this label out, so all four are served by one cluster at the same time.
WITHOUT_KNATIVE = {"webhooks.knative.dev/exclude": "true"}
WITH_TRIMTAB = {"bench": "trimtab"}
NAMESPACES = {
    "none": WITHOUT_KNATIVE, "trimtab": {**WITHOUT_KNATIVE, **WITH_TRIMTAB}, "knative": {}, "both": WITH_TRIMTAB}
SERVICES = "/apis/serving.knative.dev/v1/namespaces/{}/services"


def run(users, rounds, writes):
    results = {}
    with tempfile.TemporaryDirectory() as folder, Cluster() as cluster:
        folder = pathlib.Path(folder)
        # Only the API server, its store and the webhooks work: nothing makes Revisions of what is written.
        for process in ("knative-controller", "kube-controller-manager"):
            cluster.tell("stop", process)
        with Trimtab(harness.REQUESTS / "policy-1.yaml", certificate=harness.certificate(folder)) as trimtab:
            install(cluster, trimtab, (folder / "cert").read_bytes())
            service = json.loads((harness.REQUESTS / "create-0.json").read_text())["request"]["object"]
            del service["metadata"]["ownerReferences"]
            for namespace, labels in NAMESPACES.items():
                cluster.request("POST", "/api/v1/namespaces", {"metadata": {"name": "bench-" + namespace, "labels": labels}})
            load(trimtab.url("mutate"), harness.REQUESTS / "create-0.json", 16, 20 if rounds > 1 else 1)
            for name in NAMESPACES:
                measure(cluster, folder, name, service, 10, writes // 2)
            for clients in users:
                runs = {name: [] for name in NAMESPACES}
                for turn in range(rounds):
                    for name in sorted(NAMESPACES, reverse=turn % 2 == 1):
                        runs[name].append(measure(cluster, folder, name, service, clients, writes))
                results[clients] = runs
                show(clients, runs)
    return results


def measure(cluster, folder, name, service, users, writes):
    """Creates Services, then updates one of them as a controller does that has nothing to change."""
    namespace = "bench-" + name
    path = SERVICES.format(namespace)
    metadata = {key: value for key, value in service["metadata"].items() if key not in ("name", "namespace")}
    create = folder / "create"
    create.write_text(json.dumps({**service, "metadata": {**metadata, "generateName": "s-"}}))
    headers = (f"authorization: Bearer {cluster.token}",)
    created = load(cluster.server + path, create, users, 0, headers=headers, count=writes, http1=False)
    one = cluster.request("GET", path + "?limit=1")["items"][0]
    patch = folder / "patch"
    patch.write_text(json.dumps({"metadata": {"labels": {"written": "again"}}}))
    updated = load(cluster.server + path + "/" + one["metadata"]["name"], patch, users, 0, count=writes, http1=False, headers=(
        f"authorization: Bearer {cluster.token}", ":method: PATCH", "content-type: application/merge-patch+json"))
    for verb, it in (("create", created), ("update", updated)):
        it["failed"] and harness.fail(f"{it['failed']} of {writes} writes failed: {verb}, {users} users, {name}")
    filled = "trimtab.dev/filled" in one["metadata"].get("annotations", {})
    filled == (name in ("trimtab", "both")) or harness.fail(f"namespace {name}: filled is {filled}")
    cluster.request("DELETE", path)
    return {"create": created, "update": updated}


def show(users, runs):
    for verb in ("create", "update"):
        print(f"{verb}, {users} users")
        for name, them in runs.items():
            line = f"  {name:8}"
            for share in ("p50", "p99"):
                values = [it[verb][share] for it in them]
                ratio = [it[verb][share] / base[verb][share] for it, base in zip(them, runs["none"])]
                line += f"  {share} {harness.geometric(values):7.2f} ms, {spread(ratio)} x none"
            print(line, flush=True)


def install(cluster, trimtab, certificate):
    """The webhook of deploy/, for Services in the namespaces of this benchmark, at a port of this machine."""
    import base64
    cluster.request("POST", "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", {
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": "bench"},
        "webhooks": [{
            "name": "mutate.trimtab.dev", "admissionReviewVersions": ["v1"], "sideEffects": "None",
            # A failed review must not look like a fast one.
            "failurePolicy": "Fail", "timeoutSeconds": 10, "reinvocationPolicy": "IfNeeded",
            "namespaceSelector": {"matchLabels": WITH_TRIMTAB},
            "clientConfig": {"url": trimtab.url("mutate"), "caBundle": base64.b64encode(certificate).decode()},
            "rules": [{"apiGroups": ["serving.knative.dev"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"],
                       "resources": ["services"], "scope": "Namespaced"}]}]})
