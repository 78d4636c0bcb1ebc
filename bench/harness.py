"""Starts what is measured, sends the load with h2load, and sums up. Standard library only."""
import json, math, os, pathlib, re, shutil, signal, socket, ssl, subprocess, sys, tempfile, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILT = ROOT / "target" / "bench"
RESULTS = BUILT / "results"
REQUESTS = BUILT / "requests"
JAR = BUILT / "quarkus-app" / "quarkus-run.jar"
TICK = os.sysconf("SC_CLK_TCK")
# The image's own options, and the memory that the Deployment allows: memory is measured as it is in a pod.
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OPTIONS = re.search(r'JDK_JAVA_OPTIONS="([^"]*)"', DOCKERFILE).group(1).replace("\\\n", " ").split() + ["-XX:MaxRAM=512m"]
TRUST_ALL = ssl._create_unverified_context()


def fail(text):
    sys.exit(f"bench: {text}")


def need(command, package):
    shutil.which(command) or fail(f"{command} is missing: on Debian and Ubuntu, apt-get install {package}")


def build():
    """The application with the allow-all endpoint, and the requests."""
    subprocess.run(["mvn", "-q", "-B", "-ntp", "-Pbench", "-Dmaven.test.skip=true", "package"], cwd=ROOT, check=True)
    subprocess.run([java(), "-cp", classpath(), "dev.trimtab.webhook.Samples", REQUESTS], check=True)
    RESULTS.mkdir(exist_ok=True)


def java():
    home = os.environ.get("JAVA_HOME")
    return str(pathlib.Path(home, "bin", "java")) if home else "java"


def classpath():
    app = BUILT / "quarkus-app"
    return os.pathsep.join([f"{BUILT}/classes", f"{app}/lib/main/*", f"{app}/lib/boot/*"])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def archived():
    """The options of the image, with an archive of classes that a training run has written (Dockerfile)."""
    modern = supports("-XX:AOTMode=auto")
    options = usable()
    archive = BUILT / ("trimtab.aot" if modern else "trimtab.jsa")
    archive.unlink(missing_ok=True)
    write = f"-XX:AOTCacheOutput={archive}" if modern else f"-XX:ArchiveClassesAtExit={archive}"
    env = dict(os.environ, TRIMTAB_CLUSTER="off", QUARKUS_HTTP_SSL_PORT=str(free_port()), QUARKUS_MANAGEMENT_PORT=str(free_port()))
    subprocess.run([java(), *options, write, "-Dtrimtab.training=true", "-Dquarkus.shutdown.delay=0s", "-jar", JAR, "serve"], check=True, capture_output=True, env=env)
    return [*options, f"-XX:AOTCache={archive}" if modern else f"-XX:SharedArchiveFile={archive}"]


def usable():
    """The options of the image that this Java knows."""
    known = []
    for it in OPTIONS:
        if supports(*known, it):
            known.append(it)
    return known


def supports(*options):
    return subprocess.run([java(), *options, "-version"], capture_output=True).returncode == 0


def certificate(folder):
    cert, key = folder / "cert", folder / "key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    return cert, key


class Process:
    """CPU and memory of a process, from /proc."""

    def __init__(self, pid):
        self.pid = pid

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


class Trimtab(Process):
    """The packaged application. Without kubeconfig it follows no cluster and takes its policy from a file."""

    def __init__(self, policy=None, kubeconfig=None, certificate=None, options=()):
        self.port, self.management = free_port(), free_port()
        self.folder = tempfile.TemporaryDirectory()
        self.log = pathlib.Path(self.folder.name, "log")
        env = dict(os.environ, QUARKUS_HTTP_SSL_PORT=str(self.port), QUARKUS_MANAGEMENT_PORT=str(self.management))
        env["TRIMTAB_CLUSTER"] = "auto" if kubeconfig else "off"
        env.update(re.findall(r"^ENV (MALLOC_\w+)=(\S+)", DOCKERFILE, re.M))
        if kubeconfig:
            env["KUBECONFIG"] = str(kubeconfig)
        if policy:
            env["TRIMTAB_POLICY_FILE"] = str(policy)
        if certificate:
            env["TRIMTAB_TLS_CERTIFICATE"], env["TRIMTAB_TLS_KEY"] = map(str, certificate)
        began = time.monotonic()
        self.process = subprocess.Popen(
            [java(), *(options or usable()), "-jar", str(JAR), "serve"], env=env, stdout=open(self.log, "w"), stderr=subprocess.STDOUT)
        super().__init__(self.process.pid)
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() - began > 120:
                fail("Trimtab does not start: " + self.log.read_text()[-2000:])
            time.sleep(0.01)
        self.seconds_to_ready = time.monotonic() - began

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://localhost:{self.management}/q/health/ready", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def url(self, path):
        return f"https://localhost:{self.port}/{path}"

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.folder.cleanup()


def review(url, body):
    """The answer to one review, from a webhook that must be right before it is timed."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, context=TRUST_ALL, timeout=10) as answer:
        response = json.load(answer)["response"]
    response["allowed"] or fail(f"{url} refuses the sample: {response}")
    return response


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def load(url, body, connections, seconds, rate=0, streams=1, warm_up=1, headers=(), count=0, http1=True):
    """
    One run of h2load. With a rate it is an open loop: requests leave on time, whatever the answers do.
    The result has reviews per second, and percentiles of all latencies in milliseconds.
    """
    with tempfile.NamedTemporaryFile() as log, tempfile.NamedTemporaryFile("w") as script:
        command = ["h2load", "-c", connections, "-t", 1, "-m", streams, "-d", body, "--log-file", log.name]
        if rate:
            # One line for each request of a connection: its time in milliseconds. (--rps sends bursts each 10 ms.)
            script.writelines(f"{i * 1000 * connections / rate:.3f}\t{url}\n" for i in range(int(rate * seconds / connections)))
            script.flush()
        if not any(it.startswith("content-type") for it in headers):
            command += ["-H", "content-type: application/json"]
        command += ["--h1"] if http1 else []
        command += ["-n", count] if count else [] if rate else ["-D", seconds, "--warm-up-time", warm_up]
        command += ["--timing-script-file", script.name] if rate else []
        for header in headers:
            command += ["-H", header]
        command += [] if rate else [url]
        run = subprocess.run([str(it) for it in command], capture_output=True, text=True)
        if run.returncode:
            fail(f"h2load: {run.stdout}{run.stderr}")
        lines = [it.split() for it in open(log.name)]
    total = int(re.search(r"requests: (\d+) total", run.stdout).group(1))
    good = sum(1 for it in lines if it[1].startswith("2"))
    micros = sorted(int(it[2]) for it in lines)
    if not micros:
        fail(f"no answer from {url}: {run.stdout}")
    per_second = float(re.search(r"finished in \S+, ([\d.]+) req/s", run.stdout).group(1))
    return {
        "rate": per_second, "count": len(lines), "failed": len(lines) - good + max(0, total - len(lines)) * bool(count),
        **{name: percentile(micros, share) / 1000 for name, share in
           (("p50", .5), ("p90", .9), ("p99", .99), ("p999", .999))},
        "max": micros[-1] / 1000}


def geometric(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def spread(values, digits=2):
    return f"{geometric(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def save(name, result):
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(result, indent=1))
    print(f"written: {path.relative_to(ROOT)}")


class Cluster:
    """A test cluster with Knative, of its own, stopped at the end."""

    def __init__(self):
        # A name of its own: what stops a cluster when its process ends must not stop the next one.
        name = f"bench-{os.getpid()}"
        self.tool = [str(ROOT / "test-cluster" / "test-cluster"), "--name", name]
        subprocess.run([*self.tool, "up", "knative", "--while", str(os.getpid())], check=True, stdout=subprocess.DEVNULL)
        env = subprocess.run([*self.tool, "env"], check=True, capture_output=True, text=True).stdout
        self.kubeconfig = pathlib.Path(re.search(r"KUBECONFIG=['\"]?([^'\"\n;]+)", env).group(1))
        text = self.kubeconfig.read_text()
        self.server = re.search(r'server: "?([^",}\s]+)', text).group(1)
        self.token = re.search(r'token: "?([^",}\s]+)', text).group(1)

    def kubectl(self, *args):
        run = subprocess.run([*self.tool, "kubectl", *args], capture_output=True, text=True)
        run.returncode and fail(f"kubectl {' '.join(args)}: {run.stderr}")
        return run.stdout

    def process(self, name):
        listed = subprocess.run([*self.tool, "status"], capture_output=True, text=True).stdout
        pid = re.search(rf"^{name} .*\((\d+)\)", listed, re.M) or fail(f"no process {name}: {listed}")
        return Process(int(pid.group(1)))

    def tell(self, verb, process):
        subprocess.run([*self.tool, verb, process], check=True, stdout=subprocess.DEVNULL)

    def knative_webhook(self):
        port = self.kubectl("get", "mutatingwebhookconfiguration", "webhook.serving.knative.dev", "-o",
                            "jsonpath={.webhooks[0].clientConfig.service.port}")
        return f"https://localhost:{port}/defaulting"

    def request(self, method, path, body=None):
        request = urllib.request.Request(
            self.server + path, json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}, method=method)
        with urllib.request.urlopen(request, context=TRUST_ALL, timeout=60) as answer:
            return json.load(answer)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        subprocess.run([*self.tool, "down"], check=True, stdout=subprocess.DEVNULL)
