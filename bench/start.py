"""How long until a replica answers, and how long one command takes."""
import http.client, pathlib, subprocess, tempfile, time
import harness
from harness import REQUESTS, TRUST_ALL, Trimtab


def run(rounds):
    ready, first, hundredth, preview = [], [], [], []
    body = (REQUESTS / "create-0.json").read_bytes()
    manifest = harness.BUILT / "preview.yaml"
    manifest.write_text("""
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: hello}
spec: {template: {spec: {containers: [{image: example.com/hello}]}}}
""")
    with tempfile.TemporaryDirectory() as folder:
        # As in a pod: without one, Trimtab makes a certificate, which takes longer than everything else.
        certificate = harness.certificate(pathlib.Path(folder))
        options = harness.archived()
        print("options: " + " ".join(options))
        for _ in range(rounds):
            with Trimtab(REQUESTS / "policy-1.yaml", certificate=certificate, options=options) as trimtab:
                ready.append(trimtab.seconds_to_ready)
                connection = http.client.HTTPSConnection("localhost", trimtab.port, context=TRUST_ALL)
                connection.connect()
                times = [timed(lambda: review(connection, body)) for _ in range(100)]
                first.append(times[0])
                hundredth.append(sorted(times[80:])[10])
            preview.append(timed(lambda: subprocess.run(
                [harness.java(), *options, "-XX:TieredStopAtLevel=1", "-jar", harness.JAR, "preview", "-f", manifest],
                check=True, capture_output=True)))
    for name, values, unit, scale in (("ready after", ready, "s", 1), ("first review", first, "ms", 1000),
                                      ("hundredth review", hundredth, "ms", 1000), ("preview of one file", preview, "s", 1)):
        print(f"{name}: {sorted(values)[len(values) // 2] * scale:.2f} {unit} ({min(values) * scale:.2f} to {max(values) * scale:.2f})")
    return {"ready": ready, "first": first, "hundredth": hundredth, "preview": preview}


def timed(action):
    began = time.monotonic()
    action()
    return time.monotonic() - began


def review(connection, body):
    connection.request("POST", "/mutate", body)
    answer = connection.getresponse()
    answer.read()
    answer.status == 200 or harness.fail(f"the review got {answer.status}")
