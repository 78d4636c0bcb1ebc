package dev.trimtab.cli;

import dev.trimtab.cli.doctor.DoctorCommand;
import dev.trimtab.cli.help.CompletionCommand;
import dev.trimtab.cli.help.ManCommand;
import dev.trimtab.cli.help.VersionCommand;
import dev.trimtab.cli.live.LeaveCommand;
import dev.trimtab.cli.live.RefreshCommand;
import dev.trimtab.cli.live.ScanCommand;
import dev.trimtab.cli.manifests.CheckCommand;
import dev.trimtab.cli.manifests.FixCommand;
import dev.trimtab.cli.manifests.LintCommand;
import dev.trimtab.cli.manifests.PreviewCommand;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Durations;
import dev.trimtab.cli.print.Interruption;
import dev.trimtab.cli.print.Version;
import dev.trimtab.cli.schedule.ScheduleCommand;
import dev.trimtab.cli.stop.KeepCommand;
import dev.trimtab.cli.stop.StartCommand;
import dev.trimtab.cli.stop.StatusCommand;
import dev.trimtab.cli.stop.StopCommand;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.Stoppable;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code trimtab VERB}: the webhook, the controller and the command line are verbs of one jar. */
@Command(
        name = "trimtab",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        description = "Makes model serving on KServe and Knative run the way its authors meant.",
        footer = {
            "",
            "Exit codes: 0 done; 1 something found, or not done in time; 2 invalid input,",
            "with one line per problem on standard error."
        })
public final class TrimtabCommand implements Runnable {
    /** Exit code if a check found something, or if something was not done in time. */
    public static final int NOT_DONE = 1;

    public static final int FOUND = 1;

    /** Exit code for invalid input, or if the output could not be written. */
    public static final int TROUBLE = 2;

    /** picocli's message for a value that its enum does not have. */
    private static final Pattern CHOICE =
            Pattern.compile("(.*: )expected one of \\[(.*)] \\(case-insensitive\\) but was '(.*)'");

    private static final Pattern FILE = Pattern.compile(".*\\.(ya?ml|json)");

    /** Verbs that print something about every verb. */
    private static final Set<String> OF_ALL_VERBS = Set.of("completion", "man");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs one verb and returns the exit code. Throws nothing, whatever the input. */
    public static int run(String[] args, InputStream in, PrintWriter out, PrintWriter err) {
        return run(args, in, out, err, new Interruption(err), () -> TROUBLE);
    }

    /**
     * @param interruption undoes unfinished work
     * @param server serves until the process is told to end, and returns the exit code
     */
    public static int run(
            String[] args,
            InputStream in,
            PrintWriter out,
            PrintWriter err,
            Interruption interruption,
            IntSupplier server) {
        String verb = args.length > 0 ? args[0] : "";
        CommandLine line = line(verb, verbs(in, interruption, server));
        line.setOut(out)
                .setErr(err)
                .registerConverter(Duration.class, Durations::parse)
                .registerConverter(Stoppable.class, TrimtabCommand::kind)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUnmatchedOptionsAllowedAsOptionParameters(false)
                .setParameterExceptionHandler((misuse, all) -> misused(misuse))
                .setExecutionExceptionHandler((problem, command, parsed) -> failed(problem, command.getErr()));
        try {
            return line.execute(args);
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** picocli reads a verb's class by reflection, which takes longer than a preview: only the named verb, if one is. */
    static CommandLine line(String verb, Map<String, Supplier<Object>> verbs) {
        CommandLine line = new CommandLine(new TrimtabCommand());
        if (verbs.containsKey(verb) && !OF_ALL_VERBS.contains(verb)) {
            line.addSubcommand(verbs.get(verb).get());
        } else {
            verbs.values().forEach(it -> line.addSubcommand(it.get()));
            line.addSubcommand(new CommandLine.HelpCommand());
        }
        return line;
    }

    /** In the order of the help. */
    static Map<String, Supplier<Object>> verbs(InputStream in, Interruption interruption, IntSupplier server) {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("serve", () -> new ServeCommand(server));
        verbs.put("preview", () -> new PreviewCommand(in));
        verbs.put("check", () -> new CheckCommand(in));
        verbs.put("fix", () -> new FixCommand(in, interruption));
        verbs.put("lint", () -> new LintCommand(in));
        verbs.put("scan", ScanCommand::new);
        verbs.put("refresh", RefreshCommand::new);
        verbs.put("leave", LeaveCommand::new);
        verbs.put("stop", StopCommand::new);
        verbs.put("start", StartCommand::new);
        verbs.put("keep", KeepCommand::new);
        verbs.put("status", StatusCommand::new);
        verbs.put("schedule", () -> ScheduleCommand.line(in, Clock.systemUTC()));
        verbs.put("doctor", DoctorCommand::new);
        verbs.put("completion", CompletionCommand::new);
        verbs.put("man", ManCommand::new);
        verbs.put("version", VersionCommand::new);
        return verbs;
    }

    /** Without a verb nothing starts, so trying out the jar with a kubeconfig does not act on a cluster. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static Stoppable kind(String text) {
        return Arrays.stream(Stoppable.values())
                .filter(kind -> kind.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "'%s' is not one of inferenceservice, inferencegraph, llminferenceservice".formatted(text)));
    }

    /** Prints one line. picocli would print the whole help, which hides the problem. */
    private static int misused(ParameterException misuse) {
        CommandLine command = misuse.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("%s: %s (see %s --help)".formatted(name, reason(misuse), name));
        return TROUBLE;
    }

    private static String reason(ParameterException misuse) {
        boolean stray = misuse instanceof UnmatchedArgumentException it
                && !it.getUnmatched().isEmpty()
                && !it.isUnknownOption();
        if (stray) {
            UnmatchedArgumentException unmatched = (UnmatchedArgumentException) misuse;
            String argument = unmatched.getUnmatched().get(0);
            List<String> near = unmatched.getSuggestions();
            String hint = near.isEmpty() ? "" : ", did you mean " + near.get(0) + "?";
            if (misuse.getCommandLine().getCommandSpec().findOption("-f") != null
                    && FILE.matcher(argument).matches()) {
                hint = ": write -f " + argument;
            }
            return "unexpected argument '" + argument + "'" + hint;
        }
        // If an option stands in the place of a file, picocli adds a second sentence.
        String message = misuse.getMessage().replaceAll("; Expected parameter for .*|\\R.*", "");
        Matcher choice = CHOICE.matcher(message);
        return choice.matches()
                ? "%s'%s' is not one of %s"
                        .formatted(
                                choice.group(1),
                                choice.group(3),
                                choice.group(2).toLowerCase(Locale.ROOT))
                : message;
    }

    private static int failed(Exception problem, PrintWriter err) {
        if (problem instanceof BadInput input) {
            input.problems().forEach(err::println);
        } else if (problem instanceof ApiProblem cluster) {
            err.println(cluster.getMessage());
        } else {
            err.println("trimtab: a bug in Trimtab, please report it with the input: " + problem);
        }
        return TROUBLE;
    }
}
