"""The pictures of docs/performance.md, from the results of the last run of each part. Needs matplotlib."""
import json
import harness
from harness import RESULTS, ROOT, geometric

IMAGES = ROOT / "docs" / "images"
COLORS = {"trimtab": "#0b7285", "allow-all": "#adb5bd", "knative": "#e8590c", "both": "#5f3dc4", "none": "#adb5bd"}
KINDS = {"create": "CREATE", "replay": "replay", "unchanged": "unchanged", "inferenceservice": "Inference-\nService"}


def draw():
    try:
        import matplotlib
    except ImportError:
        harness.fail("matplotlib is missing: pip install matplotlib")
    matplotlib.use("svg")
    # The same text for the same results: no date, no random ids.
    matplotlib.rcParams.update({"svg.hashsalt": "trimtab", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    import matplotlib.pyplot as plt
    IMAGES.mkdir(exist_ok=True)
    rates(plt)
    growth(plt)
    end_to_end(plt)


def result(name):
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else harness.fail(f"no {path.relative_to(ROOT)}: run the part first")


def save(plt, figure, name):
    figure.tight_layout()
    path = IMAGES / f"performance-{name}.svg"
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    print(f"drawn: {path.relative_to(ROOT)}")


def bars(axis, groups, series, value):
    """One group of bars for each of groups, one bar for each of series that has a value there."""
    width = 0.8 / len(series)
    for i, name in enumerate(series):
        at = [(g + i * width, value(group, name)) for g, group in enumerate(groups)]
        axis.bar([x for x, y in at if y is not None], [y for x, y in at if y is not None], width, label=name, color=COLORS[name])
    axis.set_xticks([g + 0.4 - width / 2 for g in range(len(groups))])


def rates(plt):
    them = result("load")
    figure, axes = plt.subplots(1, 2, figsize=(8, 3))
    for axis, clients in zip(axes, (1, 16)):
        def value(kind, name):
            runs = them[f"{kind} {clients}"].get(name)
            return geometric([it["rate"] for it in runs]) if runs else None
        bars(axis, list(KINDS), ["trimtab", "knative", "allow-all"], value)
        axis.set_xticklabels(KINDS.values())
        axis.set_title(f"reviews per second, {clients} connection{'s' * (clients > 1)}")
    axes[0].set_ylim(top=1.4 * axes[0].get_ylim()[1])
    axes[0].legend(frameon=False)
    save(plt, figure, "rates")


def growth(plt):
    them = result("growth")
    figure, axes = plt.subplots(1, 2, figsize=(8, 2.6))
    for axis, key, title in ((axes[0], "profiles", "profiles in the policy"), (axes[1], "bytes", "kB of the object")):
        points = sorted((int(n), 1e6 / geometric(rates)) for n, rates in them[key].items())
        axis.plot([n / (1000 if key == "bytes" else 1) for n, _ in points], [micros for _, micros in points], "o-", color=COLORS["trimtab"])
        axis.set_xlabel(title)
        axis.set_ylim(0, 1.2 * points[-1][1])
    axes[0].set_title("microseconds a CREATE, 16 connections")
    save(plt, figure, "growth")


def end_to_end(plt):
    them = result("end-to-end")
    figure, axes = plt.subplots(1, 2, figsize=(8, 3))
    for axis, share in zip(axes, ("p50", "p99")):
        bars(axis, list(them), ["none", "trimtab", "knative", "both"],
             lambda users, name: geometric([it["create"][share] for it in them[users][name]]))
        axis.set_xticklabels([f"{users} users" for users in them])
        axis.set_yscale("log")
        axis.set_title(f"ms of a create at the API server, {share}")
    axes[0].legend(frameon=False)
    save(plt, figure, "end-to-end")


def tables():
    """The tables of the page, in Markdown."""
    them = result("load")
    print("\n| review | connections | Trimtab | p99 | times Knative's rate | its p99 | share of allow-all's rate |\n|---|---|---|---|---|---|---|")
    for kind in KINDS:
        for clients in (1, 16):
            runs = them[f"{kind} {clients}"]
            mine = runs["trimtab"]
            row = [kind, str(clients), f"{geometric([it['rate'] for it in mine]):,.0f}/s", f"{geometric([it['p99'] for it in mine]):.1f} ms"]
            if "knative" in runs:
                row += [spread(runs, "knative"), f"{geometric([it['p99'] for it in runs['knative']]):.1f} ms"]
            else:
                row += ["", ""]
            print("| " + " | ".join(row + [spread(runs, "allow-all")]) + " |")
    print("\n| reviews per second | p50 | p90 | p99 | p99.9 |\n|---|---|---|---|---|")
    for run in result("open-loop").values():
        print(f"| {run['rate']:,.0f} | " + " | ".join(f"{run[it]:.2f} ms" for it in ("p50", "p90", "p99", "p999")) + " |")
    print("\n| users | p50 without | with Trimtab | with Knative's | with both | p99 without | with Trimtab | with Knative's | with both |\n"
          "|---|---|---|---|---|---|---|---|---|")
    for users, runs in result("end-to-end").items():
        row = [users]
        for share in ("p50", "p99"):
            for name in ("none", "trimtab", "knative", "both"):
                value = geometric([it["create"][share] for it in runs[name]])
                ratio = geometric([it["create"][share] / base["create"][share] for it, base in zip(runs[name], runs["none"])])
                row.append(f"{value:.0f} ms" if name == "none" else f"{ratio:.1f} x")
        print("| " + " | ".join(row) + " |")


def spread(runs, other):
    return harness.spread([mine["rate"] / its["rate"] for mine, its in zip(runs["trimtab"], runs[other])])
