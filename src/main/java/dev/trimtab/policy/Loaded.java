package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/** What came of reading a policy: the policy, or everything that is wrong with it. Never both, never neither. */
public sealed interface Loaded {
    /** The policy, if the text had no problem. */
    Optional<Policy> policy();

    /** What is wrong, in the order of the text; empty if there is a policy. */
    List<PolicyProblem> problems();

    /** A policy that can be put in force. */
    record Valid(Policy value) implements Loaded {
        public Valid {
            requireNonNull(value, "value");
        }

        @Override
        public Optional<Policy> policy() {
            return Optional.of(value);
        }

        @Override
        public List<PolicyProblem> problems() {
            return List.of();
        }
    }

    /** A text that is no policy. */
    record Invalid(List<PolicyProblem> problems) implements Loaded {
        /** @throws IllegalArgumentException if there is no problem: then there must be a policy */
        public Invalid {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("an invalid policy has at least one problem");
            }
        }

        @Override
        public Optional<Policy> policy() {
            return Optional.empty();
        }
    }
}
