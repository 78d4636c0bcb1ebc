package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/** A pure function of one PodAutoscaler and its surroundings. It never throws for what an author wrote. */
interface Check {
    AibrixCheck id();

    List<Problem> find(Examined examined);
}
