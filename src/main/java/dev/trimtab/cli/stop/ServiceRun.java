package dev.trimtab.cli.stop;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.cli.AnnotationChange;
import dev.trimtab.cli.AnnotationChange.Changed;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.ObjectRef;
import dev.trimtab.cli.Poll;
import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Counted;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.manifest.Manifest;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks for a change of several services, one after the other, and then may wait for all of them at once. */
final class ServiceRun {
    private final LiveCluster cluster;
    private final ServiceOptions options;
    private final PrintWriter out;
    private final PrintWriter err;
    private int code;

    ServiceRun(LiveCluster cluster, ServiceOptions options, PrintWriter out, PrintWriter err) {
        this.cluster = cluster;
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /** What a verb does to one service, and how it says so. */
    interface Task {
        Optional<ArrayNode> patch(Manifest service) throws BadInput, ApiProblem;

        /**
         * @param before the service before the change
         * @param dryRun whether it only would be done
         */
        String done(ServiceRef ref, Manifest before, boolean dryRun) throws ApiProblem;

        String notNeeded();

        /** Counts services for the last line, such as {@code stop requested}. */
        String counted(boolean dryRun);
    }

    /** A task whose end can be waited for. */
    interface LongTask extends Task {
        Awaited awaited(ServiceRef ref, Changed changed, Poll waiting);
    }

    /** A service that is on its way. */
    interface Awaited {
        /** @return the exit code, once it is known */
        Optional<Integer> look() throws BadInput, ApiProblem;

        /** Prints that the time is up. */
        void timeUp();
    }

    private record Asked(ServiceRef ref, Changed changed) {}

    /** @return the exit code: the worst of all services */
    int run(LongTask task, WaitOptions waiting) throws BadInput, ApiProblem, InterruptedException {
        List<Asked> asked = ask(task);
        if (waiting.isWaiting()) {
            await(task, asked, waiting.timeout());
        }
        return code;
    }

    int run(Task task) throws BadInput, ApiProblem {
        ask(task);
        return code;
    }

    private List<Asked> ask(Task task) throws BadInput, ApiProblem {
        List<ServiceRef> services = options.in(cluster);
        if (services.isEmpty()) {
            err.println("no service is selected in namespace " + cluster.namespace());
            return List.of();
        }
        List<Asked> asked = new ArrayList<>();
        for (ServiceRef ref : services) {
            ask(task, ref).ifPresent(it -> asked.add(new Asked(ref, it)));
        }
        if (services.size() > 1) {
            summary(task, services.size(), asked);
        }
        out.flush();
        return asked;
    }

    /** One service that fails does not stop the others. */
    private Optional<Changed> ask(Task task, ServiceRef ref) {
        try {
            Changed changed = new AnnotationChange(cluster, ObjectRef.of(ref), options.isDryRun()).apply(task::patch);
            out.println(ref + ": "
                    + (changed.changed() ? task.done(ref, changed.before(), options.isDryRun()) : task.notNeeded()));
            return Optional.of(changed);
        } catch (BadInput problem) {
            fail(problem.problems());
        } catch (ApiProblem problem) {
            fail(List.of(problem.getMessage()));
        }
        return Optional.empty();
    }

    private void fail(List<String> problems) {
        problems.forEach(err::println);
        code = TrimtabCommand.TROUBLE;
    }

    private void summary(Task task, int services, List<Asked> asked) {
        long changed = asked.stream().filter(it -> it.changed().changed()).count();
        long failed = (long) services - asked.size();
        long rest = asked.size() - changed;
        out.println("%s: %d %s%s%s"
                .formatted(
                        Counted.of(services, "service"),
                        changed,
                        task.counted(options.isDryRun()),
                        rest == 0 ? "" : ", %d %s".formatted(rest, task.notNeeded()),
                        failed == 0 ? "" : ", %d failed".formatted(failed)));
    }

    private void await(LongTask task, List<Asked> asked, Duration timeout) throws ApiProblem, InterruptedException {
        Poll waiting = new Poll(Progress.on(err), timeout);
        List<Awaited> pending = new ArrayList<>();
        asked.forEach(it -> pending.add(task.awaited(it.ref(), it.changed(), waiting)));
        Optional<Boolean> end = waiting.until(it -> {
            for (Awaited service : List.copyOf(pending)) {
                if (isOver(service)) {
                    pending.remove(service);
                }
            }
            return pending.isEmpty() ? Optional.of(true) : Optional.empty();
        });
        if (end.isEmpty()) {
            pending.forEach(Awaited::timeUp);
            code = Math.max(code, TrimtabCommand.NOT_DONE);
        }
    }

    /** @throws ApiProblem if the cluster may answer later */
    private boolean isOver(Awaited service) throws ApiProblem {
        try {
            Optional<Integer> end = service.look();
            code = Math.max(code, end.orElse(0));
            return end.isPresent();
        } catch (BadInput problem) {
            fail(problem.problems());
        } catch (ApiProblem problem) {
            if (problem.isPassing()) {
                throw problem;
            }
            fail(List.of(problem.getMessage()));
        }
        return true;
    }
}
