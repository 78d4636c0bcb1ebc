"""Memory, start-up and time of a review with a large cluster behind it."""
import concurrent.futures, copy, http.client, json, ssl, threading, time, urllib.parse
import harness
from harness import REQUESTS, Cluster, Trimtab, geometric, load, spread

NAMESPACES = 50
STAND_IN = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "inferenceservices.serving.kserve.io"},
    "spec": {"group": "serving.kserve.io", "scope": "Namespaced",
             "names": {"kind": "InferenceService", "plural": "inferenceservices"},
             "versions": [{"name": "v1beta1", "served": True, "storage": True, "subresources": {"status": {}},
                           "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]}}


def run(services, seconds):
    with Cluster() as cluster:
        for process in ("knative-controller", "kube-controller-manager"):
            cluster.tell("stop", process)
        cluster.request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", STAND_IN)
        for i in range(NAMESPACES):
            cluster.request("POST", "/api/v1/namespaces", {
                "metadata": {"name": f"bench-{i}", "labels": {"webhooks.knative.dev/exclude": "true"}}})
        results = {"empty": of(cluster, seconds)}
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda i: fill(cluster, i), range(services)))
        print(f"{services} InferenceServices, {services} Services, {2 * services} Revisions and {2 * services} Deployments "
              f"written in {time.monotonic() - began:.0f} s", flush=True)
        results["full"] = of(cluster, seconds)
    for name, it in results.items():
        print(f"{name}: ready after {it['seconds_to_ready']:.1f} s, resident set {it['resident_mb']:.0f} MB, after load "
              f"{it['resident_mb_after_load']:.0f} MB, CREATE {it['create']['rate']:.0f}/s, p99 {it['create']['p99']:.2f} ms")
    return results


def of(cluster, seconds):
    with Trimtab(kubeconfig=cluster.kubeconfig) as trimtab:
        result = {"seconds_to_ready": trimtab.seconds_to_ready}
        time.sleep(5)
        result["resident_mb"] = trimtab.resident_mb()
        body = REQUESTS / "create-0.json"
        load(trimtab.url("mutate"), body, 16, seconds)
        result["create"] = load(trimtab.url("mutate"), body, 16, seconds)
        result["resident_mb_after_load"] = trimtab.resident_mb()
    return result


connection = threading.local()


def post(cluster, path, body):
    """One connection for each thread: a new one for each of 60,000 objects would be what is measured."""
    address = urllib.parse.urlparse(cluster.server)
    if not hasattr(connection, "it"):
        connection.it = http.client.HTTPSConnection(address.hostname, address.port, context=ssl._create_unverified_context())
    connection.it.request("POST", path, json.dumps(body), {
        "Content-Type": "application/json", "Authorization": f"Bearer {cluster.token}"})
    answer = connection.it.getresponse()
    text = answer.read()
    answer.status == 201 or harness.fail(f"POST {path}: {answer.status} {text[:500]}")


def fill(cluster, i):
    namespace, name = f"bench-{i % NAMESPACES}", f"model-{i}"
    service = copy.deepcopy(SERVICE)
    labels = {**service["metadata"]["labels"], "serving.kserve.io/inferenceservice": name}
    service["metadata"] = {"name": name + "-predictor", "namespace": namespace, "labels": labels}
    group = "/apis/serving.knative.dev/v1/namespaces/" + namespace
    post(cluster, f"/apis/serving.kserve.io/v1beta1/namespaces/{namespace}/inferenceservices", {
        **INFERENCE_SERVICE, "metadata": {**INFERENCE_SERVICE["metadata"], "name": name, "namespace": namespace}})
    post(cluster, group + "/services", service)
    template = service["spec"]["template"]
    for number in (1, 2):
        revision = f"{name}-predictor-0000{number}"
        metadata = {"name": revision, "namespace": namespace, "annotations": template["metadata"]["annotations"],
                    "labels": {**labels, "serving.knative.dev/service": name + "-predictor",
                               "serving.knative.dev/configuration": name + "-predictor",
                               "serving.knative.dev/routingState": "active" if number == 2 else "reserve"}}
        post(cluster, group + "/revisions", {
            "apiVersion": "serving.knative.dev/v1", "kind": "Revision", "metadata": metadata, "spec": template["spec"]})
        pod = {key: value for key, value in template["spec"].items() if key == "containers"}
        post(cluster, f"/apis/apps/v1/namespaces/{namespace}/deployments", {
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {**metadata, "name": revision + "-deployment", "annotations": {}},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": revision}},
                     "template": {"metadata": {"labels": {"app": revision}}, "spec": pod}}})


def sample(name):
    return json.loads((REQUESTS / name).read_text())["request"]["object"]


SERVICE = sample("unchanged-0.json")
INFERENCE_SERVICE = sample("inferenceservice-0.json")
